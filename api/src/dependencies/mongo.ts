import type { Db } from "mongodb";
import type { AwsCredentials } from "./aws-credentials.ts";
import type { Dependency } from "./dependency.ts";
import { type DependencyOptions, guarded } from "./guarded.ts";
import { closeMongoClient, createMongoClient } from "./mongo-client.ts";
import { connectUntilFirst } from "./mongo-connect.ts";
import { watchHeartbeats } from "./mongo-heartbeats.ts";
import { watchPool } from "./mongo-pool.ts";
import { mongoReason } from "./mongo-reason.ts";
import type { Place } from "./spans.ts";

export interface MongoOptions extends DependencyOptions {
  readonly uri: string;
  readonly database: string;
  /** Names the service in the database's own logs. */
  readonly appName?: string;
  /** Connections to each server. Default: 5 to 20, for up to ten tasks on the smallest cluster. */
  readonly pool?: { readonly min: number; readonly max: number };
  /** Where the URI says authMechanism=MONGODB-AWS. Default: the AWS SDK's chain. */
  readonly credentials?: AwsCredentials;
}

const defaultPool = { min: 5, max: 20 };
/** Milliseconds; the deadline of a call is the shorter one most of the time. */
const times = {
  waitQueueTimeoutMS: 500,
  serverSelectionTimeoutMS: 3_000,
  connectTimeoutMS: 3_000,
  heartbeatFrequencyMS: 5_000,
  // The last resort, for work that was given a signal and did not pass it on.
  socketTimeoutMS: 30_000,
};
const deadlineMs = 2_000;
/** Calls for each connection: one that runs, and those that wait for its end no longer than waitQueueTimeoutMS. */
const callsPerConnection = 5;

/**
 * Connects in the background, and again after every outage. The driver ignores `timeoutMS`, so whoever calls hands the
 * signal and `maxTimeMS` on: `call(context, { operation: "find" }, (db, signal, maxTimeMS) => ...)`.
 */
export function createMongo(options: MongoOptions): Dependency<Db> {
  const { min, max } = options.pool ?? defaultPool;
  const connect = () => {
    const client = createMongoClient(
      options.uri,
      { ...times, appName: options.appName ?? "api", minPoolSize: min, maxPoolSize: max },
      options.credentials,
    );
    const pool = watchPool(client);
    const endWatch = watchHeartbeats(client, times, () => {
      options.log.warn({ dependency: "mongodb" }, "the driver has lost sight of MongoDB: another client takes over");
      const lost = current;
      current = connect();
      void lost.close();
    });
    const first = connectUntilFirst(client);
    return {
      client,
      pool,
      first,
      database: client.db(options.database),
      close: () => {
        endWatch();
        first.close();
        return closeMongoClient(client);
      },
    };
  };
  let current = connect();
  const { hosts, srvHost } = current.client.options;
  return guarded(
    {
      name: "mongodb",
      client: () => current.database,
      place: placeOf(hosts[0]?.host ?? srvHost, hosts[0]?.port, options),
      deadlineMs,
      capacity: max * callsPerConnection,
      abortable: true,
      reasonOf: mongoReason,
      ping: (signal) => current.database.command({ ping: 1 }, { signal }),
      open: async () => {
        await current.first.stands;
        await current.pool.reached(min);
      },
      connections: () => ({ connections: current.pool.connections, waiting: current.pool.waiting }),
      close: () => current.close(),
    },
    options,
  );
}

function placeOf(host: string | undefined, port: number | undefined, { database }: MongoOptions): Place {
  return { address: host ?? "unknown", ...(port !== undefined && { port }), namespace: database };
}
