import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { createClient } from "redis";
import { issueToken } from "../src/auth/token.ts";
import { type MapDocument, nextDocument } from "../src/maps/document.ts";
import { type RunningDatabase, startMongo, startRedis } from "../local/databases.ts";
import { localKeySet } from "../local/keys.ts";
import { type Agent, startAgent } from "./agent.ts";
import type { Cores } from "./cores.ts";
import { type ServerProcess, type ServerProcessOptions, startServerProcess } from "./server-process.ts";

/** What every server under test stands on. */
export interface Surroundings {
  readonly cores: Cores | undefined;
  readonly agent: Agent;
  readonly mongo: RunningDatabase;
  readonly redis: RunningDatabase;
  /** The API as production runs it, with all that it has: tokens, limits in Redis, telemetry, log. */
  startApi(options?: ApiOptions): Promise<ServerProcess>;
  /** One of the bare servers. */
  startBare(name: "express" | "fastify", heartbeat: string): Promise<ServerProcess>;
  /** An Authorization header. */
  readonly bearer: (userId: string) => Promise<string>;
  /** Maps of these users, straight into MongoDB. */
  seedMaps(userIds: readonly string[]): Promise<void>;
  emptyRedis(): Promise<void>;
  close(): Promise<void>;
}

export type ApiOptions = Partial<Pick<ServerProcessOptions, "port" | "program" | "env">>;

/** The default of the API, where the tokens come from. */
const tokenNames = { JWT_ISSUER: "groundwork", JWT_AUDIENCE: "groundwork-api" } as const;
const tokenSeconds = 4 * 3_600;
const database = "bench";
const apiProgram = join(import.meta.dirname, "../src/main.ts");

/** As high as they go: what is measured is the work of counting, not refusals. */
const runtimeConfig = { requestsPerMinute: 100_000, writesPerMinute: 100_000 };

/** Of about a kilobyte, as users have them. */
export const practiceData = Object.fromEntries(
  ["minor-scales", "major-scales", "sight-reading", "arpeggios", "open-chords", "rhythm"].map((name, index) => [
    name,
    { level: index, minutes: 20 * index, lastPractised: "2026-01-12", notes: ["slow the left hand", "no pedal"] },
  ]),
);

/** What is returned has to be closed; what fails while it starts closes what had started. */
export async function startSurroundings(cores: Cores | undefined): Promise<Surroundings> {
  const directory = await mkdtemp(join(tmpdir(), "groundwork-bench-"));
  const closers: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const agent = await startAgent();
    closers.push(() => agent.close());
    const mongo = await startMongo();
    closers.push(() => mongo.stop());
    const redis = await startRedis();
    closers.push(() => redis.stop());
    const keysFile = join(directory, "keys.json");
    const keys = await localKeySet(keysFile);
    const configFile = join(directory, "runtime-config.json");
    await writeFile(configFile, JSON.stringify(runtimeConfig));
    const env = {
      ENVIRONMENT: "local",
      MONGODB_URI: mongo.url,
      MONGODB_DATABASE: database,
      REDIS_URL: redis.url,
      REDIS_KEY_PREFIX: "bench:",
      JWT_KEYS_FILE: keysFile,
      RUNTIME_CONFIG_FILE: configFile,
      OTEL_EXPORTER_OTLP_ENDPOINT: agent.url,
    };
    return {
      cores,
      agent,
      mongo,
      redis,
      startApi: (options = {}) =>
        startServerProcess({
          program: apiProgram,
          readyPath: "/health/ready",
          cores,
          ...options,
          env: { ...env, ...options.env },
        }),
      startBare: (name, heartbeat) =>
        startServerProcess({
          program: join(import.meta.dirname, `servers/${name}.ts`),
          readyPath: "/heartbeat",
          cores,
          env: { REDIS_URL: redis.url, HEARTBEAT_BODY: heartbeat },
        }),
      bearer: async (userId) =>
        `Bearer ${await issueToken(keys, tokenNames, { userId, lifetimeSeconds: tokenSeconds })}`,
      async seedMaps(userIds) {
        const client = new MongoClient(mongo.url);
        try {
          const maps = client.db(database).collection<MapDocument>("maps");
          const at = new Date();
          await maps.deleteMany({});
          await maps.insertMany(
            userIds.map((userId) =>
              nextDocument(undefined, { userId, patch: practiceData, key: undefined, at, floor: 0 }),
            ),
          );
        } finally {
          await client.close();
        }
      },
      async emptyRedis() {
        const client = await createClient({ url: redis.url }).connect();
        await client.flushAll();
        client.destroy();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
