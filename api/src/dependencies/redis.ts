import { once } from "node:events";
import { createClient, type RedisClientOptions } from "redis";
import { type AwsCredentials, createAwsCredentials } from "./aws-credentials.ts";
import type { Dependency } from "./dependency.ts";
import { type ElastiCacheIdentity, elastiCacheToken } from "./elasticache-token.ts";
import { type DependencyOptions, guarded } from "./guarded.ts";
import { createRedisCredentials, type RedisRenewal, type StreamingCredentialsProvider } from "./redis-credentials.ts";
import { reconnectDelayMs } from "./redis-reconnect.ts";
import { isDemoted, redisReason } from "./redis-reason.ts";

export interface RedisOptions extends DependencyOptions {
  readonly url: string;
  /** Signs in by IAM; without it as nobody. */
  readonly identity?: ElastiCacheIdentity;
  /** Default: the AWS SDK's chain. */
  readonly credentials?: AwsCredentials;
  /** Default: every 6 hours, half of what ElastiCache leaves a connection. */
  readonly renewal?: RedisRenewal;
  /** How long a connection may be silent before it is given up, in milliseconds. */
  readonly silentMs?: number;
}

export type RedisClient = ReturnType<typeof createRedisClient>;

const deadlineMs = 250;
/** One connection carries them all, one after the other. */
const capacity = 1_000;
const connectMs = 2_000;
const defaultSilentMs = 3_000;

function createRedisClient(options: RedisOptions, credentialsProvider: StreamingCredentialsProvider | undefined) {
  const { silentMs = defaultSilentMs } = options;
  return createClient({
    url: options.url,
    RESP: 3,
    name: "api",
    // What cannot be sent now is of no use later: a call waits for its deadline at most.
    disableOfflineQueue: true,
    // The guard's deadline stands round every call; the library's own would make a signal for each.
    commandOptions: { timeout: 0 },
    // Of Redis Enterprise.
    maintNotifications: "disabled",
    pingInterval: silentMs / 3,
    socket: {
      connectTimeout: connectMs,
      socketTimeout: silentMs,
      reconnectStrategy: (attempt) => reconnectDelayMs(attempt),
    },
    ...(credentialsProvider !== undefined && { credentialsProvider }),
  } satisfies RedisClientOptions);
}

/** Connects in the background, and again after every outage; RESP3. */
export function createRedis(options: RedisOptions): Dependency<RedisClient> {
  const client = createRedisClient(options, credentialsProviderOf(options));
  // The guard logs an outage once; the client says it at each attempt.
  client.on("error", () => undefined);
  const connect = (): void => {
    client.connect().catch(() => undefined);
  };
  connect();
  const { hostname, port, pathname } = new URL(options.url);
  return guarded(
    {
      name: "redis",
      client: () => client,
      place: { address: hostname, port: Number(port || 6379), namespace: pathname.slice(1) || "0" },
      deadlineMs,
      capacity,
      // A command is on its way at once, and the deadline is shorter than any request's.
      abortable: false,
      reasonOf(error) {
        if (isDemoted(error) && client.isReady) {
          client.destroy();
          connect();
        }
        return redisReason(error);
      },
      ping: () => client.ping(),
      open: async () => {
        if (!client.isReady) await once(client, "ready");
      },
      connections: () => ({ connections: client.isReady ? 1 : 0, waiting: 0 }),
      close: async () => {
        if (client.isReady) await Promise.race([client.close(), afterMs(closeMs)]);
        client.destroy();
      },
    },
    options,
  );
}

const closeMs = 1_000;

const afterMs = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

function credentialsProviderOf(options: RedisOptions): StreamingCredentialsProvider | undefined {
  const { identity, credentials = createAwsCredentials(), log, renewal } = options;
  if (identity === undefined) return undefined;
  return createRedisCredentials({
    userId: identity.userId,
    token: async () => elastiCacheToken(identity, await credentials(), new Date()),
    log,
    ...(renewal !== undefined && { renewal }),
  });
}
