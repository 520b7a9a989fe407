import { parseArgs } from "node:util";
import type { MongoClient } from "mongodb";
import { closeMongoClient, createMongoClient } from "./dependencies/mongo-client.ts";
import { EnvironmentError, migrationVariables, readEnvironment } from "./environment.ts";
import { dropCollections } from "./migrations/drop.ts";
import { migrate, migrationStatus } from "./migrations/run.ts";

type Facts = Readonly<Record<string, unknown>>;

const print = (level: "info" | "warn" | "fatal", message: string, facts: Facts = {}): void => {
  console.log(JSON.stringify({ level, time: new Date().toISOString(), message, ...facts }));
};

/** A step may take long; the lock's heartbeat finds a dead connection. */
const clientOptions = {
  appName: "migrate",
  maxPoolSize: 3,
  serverSelectionTimeoutMS: 30_000,
  connectTimeoutMS: 10_000,
};

/**
 * Brings the database up to date, or says with --status what is applied: one JSON line per migration. False where
 * something is still pending.
 */
async function run(client: MongoClient, database: string, onlyStatus: boolean): Promise<boolean> {
  const db = client.db(database);
  if (onlyStatus) {
    for (const { fileName, appliedAt } of await migrationStatus(db))
      print("info", appliedAt === undefined ? "pending" : "applied", { migration: fileName, appliedAt });
    return true;
  }
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      print("warn", `${signal}: the migration that runs is finished, and no other is begun`);
      stop.abort(new Error(`stopped by ${signal}`));
    });
  const { applied, pending } = await migrate({
    db,
    stop: stop.signal,
    onWait: ({ owner, since }) => print("info", "another migration runs; waiting for it", { owner, since }),
    onStep: (step) => print("info", "migrated", { ...step }),
  });
  if (pending.length > 0) print("warn", "migrations are pending: run this again", { applied, pending });
  else print("info", applied.length === 0 ? "nothing to migrate" : "up to date", { applied });
  return pending.length === 0;
}

let client: MongoClient | undefined;
try {
  const { values } = parseArgs({
    options: {
      status: { type: "boolean", default: false },
      // Before a preview is destroyed: its database is no resource of its stack.
      drop: { type: "boolean", default: false },
    },
  });
  const environment = readEnvironment(process.env, migrationVariables);
  client = createMongoClient(environment.MONGODB_URI, clientOptions);
  if (values.drop) {
    const collections = await dropCollections(client.db(environment.MONGODB_DATABASE), environment.ENVIRONMENT);
    print("info", "dropped", { database: environment.MONGODB_DATABASE, collections });
  } else process.exitCode = (await run(client, environment.MONGODB_DATABASE, values.status)) ? 0 : 1;
} catch (error) {
  const message = error instanceof EnvironmentError ? error.message : `cannot migrate: ${String(error)}`;
  for (const line of message.split("\n")) print("fatal", line);
  process.exitCode = 1;
} finally {
  if (client !== undefined) await closeMongoClient(client);
  // What the driver may have left open does not keep the command from ending.
  setTimeout(() => process.exit(), 500).unref();
}
