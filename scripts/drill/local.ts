import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Db, MongoClient } from "mongodb";
import { type RunningDatabase, startMongo } from "../../api/local/databases.ts";
import { isListening } from "../../api/local/listening.ts";
import { seed } from "../../api/local/seed.ts";
import type { MapDocument } from "../../api/src/maps/document.ts";
import { UserError } from "../sandbox/user-error.ts";
import { mapsOf, writtenBy } from "./canaries.ts";
import { dump } from "./dump.ts";
import { differencesFrom, fingerprintIn, restore } from "./dump-restore.ts";
import { type RestoreReport, toMilliseconds } from "./report.ts";
import { stepsOf } from "./steps.ts";

export interface LocalDrillOptions {
  /** Whose objectives it is measured against. */
  readonly environment: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** What a test does to the dump in this folder before it is restored. */
  readonly afterDump?: (folder: string) => Promise<void>;
}

const DATABASE = "drill";
const MAPS = "maps";
const CANARIES = 500;
const WRITTEN_ON = 100;
const LOST = 40;
const REACHABLE_MILLISECONDS = 10_000;

const write = async (db: Db, word: string, count: number): Promise<void> => {
  await db.collection<MapDocument>(MAPS).insertMany([...mapsOf(word, count, new Date())]);
};

async function withDatabase<T>(database: RunningDatabase, use: (db: Db) => Promise<T>): Promise<T> {
  const client = new MongoClient(database.url, { appName: "drill", serverSelectionTimeoutMS: REACHABLE_MILLISECONDS });
  try {
    return await use(client.db(DATABASE));
  } finally {
    await client.close();
  }
}

/**
 * The drill on this machine: a database is filled, dumped, written to, and lost; the dump is restored into a new one
 * and compared. It leaves nothing behind, however it ends. Rejects with a UserError where the dump is damaged, with a
 * DatabaseUnavailableError where nothing here serves MongoDB, and with the signal's reason.
 */
export async function localRestoreDrill(options: LocalDrillOptions): Promise<RestoreReport> {
  const { environment, say, signal, afterDump } = options;
  const steps = stepsOf(say, signal);
  const startedAt = new Date().toISOString();
  await using cleanup = new AsyncDisposableStack();
  const workplace = await mkdtemp(join(tmpdir(), "groundwork-drill-"));
  cleanup.defer(() => rm(workplace, { recursive: true, force: true }));
  const started = async (): Promise<RunningDatabase> => {
    const database = await startMongo();
    cleanup.defer(() => database.stop());
    return database;
  };
  const folder = join(workplace, "dump");

  const first = await steps.run("start a database", started, ({ kind }) => kind);
  const { expected, manifest } = await withDatabase(first, async (db) => {
    const canaries = await steps.run(
      "seed, with canaries",
      async () => {
        await seed(first.url, DATABASE);
        await db.collection(MAPS).createIndex({ updatedAt: 1 }, { name: "by-change" }, {});
        await write(db, "canary", CANARIES);
        return fingerprintIn(db, MAPS, writtenBy("canary"));
      },
      ({ count, sha256 }) => `${count} canaries, SHA-256 ${sha256.slice(0, 12)}`,
    );
    await steps.run("write on", () => write(db, "kept", WRITTEN_ON));
    const dumped = await steps.run(
      "dump",
      () => dump(db, folder, signal),
      ({ collections }) => `${collections.reduce((sum, { documents }) => sum + documents.count, 0)} documents`,
    );
    await afterDump?.(folder);
    await steps.run(
      "write on",
      () => write(db, "lost", LOST),
      () => `${LOST} documents that no dump has`,
    );
    return { expected: canaries, manifest: dumped };
  });

  const recoveryPointSeconds = (Date.now() - Date.parse(manifest.takenAt)) / 1000;
  await steps.run(
    "lose the database",
    async () => {
      await first.stop();
      if (await isListening(first.port)) throw new UserError(`the database on port ${first.port} did not end`);
    },
    () => "its process, and its files",
  );

  const decided = performance.now();
  const second = await steps.run("start an empty one", started);
  // Awaited here: what is deferred above happens when this function ends.
  return await withDatabase(second, async (db) => {
    await steps.run(
      "check the dump, restore it",
      () => restore(folder, db, signal),
      ({ collections }) => collections.map(({ name, documents }) => `${name} ${documents.count}`).join(", "),
    );
    const verified = await steps.run("compare", async () => ({
      found: await fingerprintIn(db, MAPS, writtenBy("canary")),
      differences: await differencesFrom(manifest, db),
      left: await db.collection<MapDocument>(MAPS).countDocuments(writtenBy("lost")),
    }));
    return {
      drill: "restore",
      where: "local",
      environment,
      startedAt,
      source: `the dump of ${manifest.takenAt}, served by ${second.kind}`,
      canaries: { expected, found: verified.found },
      differences: verified.differences,
      lost: LOST - verified.left,
      recoveryPointSeconds,
      recoveryTimeSeconds: toMilliseconds((performance.now() - decided) / 1000),
      steps: steps.times,
    };
  });
}
