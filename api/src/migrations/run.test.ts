import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Db, MongoClient } from "mongodb";
import { type RunningDatabase, startMongo } from "../../local/databases.ts";
import {
  lockCollection,
  type LockDocument,
  type LockTimes,
  MigrationLocked,
  MigrationLockLost,
  takeLock,
} from "./lock.ts";
import { type AppliedStep, migrate, type MigrateOptions, migrationStatus } from "./run.ts";

const api = join(import.meta.dirname, "../..");
const times: LockTimes = { beatMs: 50, expiryMs: 400, pollMs: 20, waitMs: 20_000 };
const never = new AbortController().signal;

/** Each notes its name in the collection `ran`; `body` may do more. */
const step = (name: string, body = ""): string => `
  import { migration } from "${pathToFileURL(join(import.meta.dirname, "migration.ts")).href}";
  import type { Db } from "mongodb";
  export default migration({
    description: "note ${name}",
    irreversible: "a note is a note",
    up: async (db: Db, signal: AbortSignal): Promise<void> => {
      await db.collection<{ name: string }>("ran").insertOne({ name: "${name}" });
      ${body}
    },
  });
`;

describe("migrations", () => {
  let server: RunningDatabase;
  let client: MongoClient;
  let db: Db;
  let directory: string;
  let number = 0;
  before(async () => {
    server = await startMongo();
    client = await new MongoClient(server.url).connect();
  });
  after(async () => {
    await client.close();
    await server.stop();
  });
  beforeEach(async () => {
    number++;
    db = client.db(`migrations_test_${number}`);
    directory = await mkdtemp(join(tmpdir(), "groundwork-steps-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const write = (files: Readonly<Record<string, string>>) =>
    Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(directory, name), text)));
  const ran = async (): Promise<unknown[]> =>
    (await db.collection<{ name: string }>("ran").find().toArray()).map(({ name }) => name);
  const run = (options: Partial<MigrateOptions> = {}) =>
    migrate({ db, directory, lock: times, stop: never, onStep: () => undefined, ...options });
  const isFree = async (): Promise<boolean> => {
    const locks = await db.collection<LockDocument>(lockCollection).find().toArray();
    return locks.every(({ released }) => released);
  };

  it("runs what is pending in the order of the names, and the second time nothing", async () => {
    await write({ "2-second.ts": step("second"), "1-first.ts": step("first") });
    const steps: AppliedStep[] = [];
    assert.deepEqual(await run({ onStep: (one) => steps.push(one) }), {
      applied: ["1-first.ts", "2-second.ts"],
      pending: [],
    });
    assert.deepEqual(
      steps.map(({ migration, description }) => [migration, description]),
      [
        ["1-first.ts", "note first"],
        ["2-second.ts", "note second"],
      ],
    );
    assert.deepEqual(await run(), { applied: [], pending: [] });
    assert.deepEqual(await ran(), ["first", "second"]);
    assert.ok(
      (await migrationStatus(db, directory)).every(({ appliedAt }) => !Number.isNaN(Date.parse(appliedAt ?? ""))),
    );
    assert.ok(await isFree());
  });

  it("runs each once where two begin at the same time", async () => {
    await write({ "1-only.ts": step("only", "await new Promise((resolve) => setTimeout(resolve, 100));") });
    const results = await Promise.all([run(), run()]);
    assert.deepEqual(
      results.flatMap(({ applied }) => applied),
      ["1-only.ts"],
    );
    assert.deepEqual(await ran(), ["only"]);
  });

  it("names the file that failed, frees the lock, and goes on from there the next time", async () => {
    await write({
      "1-first.ts": step("first"),
      "2-second.ts": step("second", 'throw new Error("out of luck");'),
      "3-third.ts": step("third"),
    });
    await assert.rejects(run(), /2-second\.ts: out of luck/);
    assert.ok(await isFree());
    assert.deepEqual(
      (await migrationStatus(db, directory)).map(({ appliedAt }) => appliedAt !== undefined),
      [true, false, false],
    );
  });

  it("finishes the step that runs when it is stopped, and begins no other", async () => {
    await write({
      "1-first.ts": step("first", "await new Promise((resolve) => setTimeout(resolve, 50));"),
      "2-second.ts": step("second"),
    });
    const stop = new AbortController();
    const running = run({ stop: stop.signal, onStep: () => stop.abort(new Error("stopped")) });
    assert.deepEqual(await running, { applied: ["1-first.ts"], pending: ["2-second.ts"] });
    assert.deepEqual(await ran(), ["first"]);
    assert.ok(await isFree());
    assert.deepEqual(await run(), { applied: ["2-second.ts"], pending: [] });
  });

  it("says who holds the lock once it has waited long enough", async () => {
    const lock = await takeLock(db, { ...times, expiryMs: 1_000 }, never);
    await write({ "1-first.ts": step("first") });
    await assert.rejects(run({ lock: { ...times, expiryMs: 1_000, waitMs: 1_500 } }), (error: unknown) => {
      assert.ok(error instanceof MigrationLocked);
      assert.match(error.message, /another migration runs: .*Run this again/);
      return true;
    });
    assert.equal(lock.lost.aborted, false, "an owner that lives keeps it for longer than it would expire in");
    await lock.release();
    assert.deepEqual((await run()).applied, ["1-first.ts"]);
  });

  it("takes over the lock of a process that was killed", async () => {
    const lock = JSON.stringify(pathToFileURL(join(import.meta.dirname, "lock.ts")).href);
    const script = `
      const { MongoClient } = await import("mongodb");
      const { takeLock } = await import(${lock});
      const client = await new MongoClient(${JSON.stringify(server.url)}).connect();
      await takeLock(client.db(${JSON.stringify(db.databaseName)}), ${JSON.stringify(times)}, new AbortController().signal);
      console.log("locked");
    `;
    const holder = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: api,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    const ended = once(holder, "exit");
    holder.kill("SIGKILL");
    await ended;
    assert.equal(await isFree(), false);
    await write({ "1-first.ts": step("first") });
    const results = await Promise.all([run(), run()]);
    assert.deepEqual(
      results.flatMap(({ applied }) => applied),
      ["1-first.ts"],
      "one of two takes it over",
    );
    assert.ok(await isFree());
  });

  it("stops where its lock was taken while it was silent, and does not write down what it ran", async () => {
    await write({
      "1-first.ts": step(
        "first",
        'const another = { _id: 2, owner: "another", beat: 0, since: new Date(), released: false };' +
          'await db.collection<typeof another>("migrations_lock").insertOne(another);' +
          "await new Promise((resolve) => signal.addEventListener('abort', resolve));",
      ),
    });
    await assert.rejects(run(), MigrationLockLost);
    assert.deepEqual(
      (await migrationStatus(db, directory)).map(({ appliedAt }) => appliedAt),
      [undefined],
    );
    assert.equal(await isFree(), false, "the lock is the other's");
  });
});
