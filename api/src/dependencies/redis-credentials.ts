import type { RedisClientOptions } from "redis";
import type { Logger } from "../telemetry/log.ts";

/** The kind of provider from which the client takes new credentials on an open connection. */
export type StreamingCredentialsProvider = Extract<
  RedisClientOptions["credentialsProvider"],
  { readonly type: "streaming-credentials-provider" }
>;

type Subscription = Awaited<ReturnType<StreamingCredentialsProvider["subscribe"]>>;

export interface RedisCredentialsOptions {
  readonly userId: string;
  /** A token that was signed now. */
  readonly token: () => Promise<string>;
  readonly log: Pick<Logger, "warn">;
  readonly renewal?: RedisRenewal;
}

/** In milliseconds. */
export interface RedisRenewal {
  /** Between two renewals on a connection. */
  readonly everyMs: number;
  /** After a renewal that failed. */
  readonly retryMs: number;
}

/** ElastiCache cuts a connection 12 hours after it last signed in: half of that leaves hours for retries. */
const defaultRenewal: RedisRenewal = { everyMs: 6 * 3_600_000, retryMs: 60_000 };

/**
 * A token of its own for each connection, signed as it opens, and a new one before the server would cut it: the client
 * sends it on the open connection. For one client, which has one connection at a time.
 */
export function createRedisCredentials(options: RedisCredentialsOptions): StreamingCredentialsProvider {
  const { userId, token, log, renewal: { everyMs, retryMs } = defaultRenewal } = options;
  const sign = async (): Promise<Subscription[0]> => ({ username: userId, password: await token() });
  let timer: NodeJS.Timeout | undefined;
  let renew: (() => Promise<void>) | undefined;
  const renewIn = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void renew?.(), milliseconds);
    timer.unref();
  };
  const stop = (): void => {
    clearTimeout(timer);
    renew = undefined;
  };
  const failed = (error: Error): void => {
    log.warn({ dependency: "redis", err: error }, "the sign-in to redis was not renewed; it is tried again");
    if (renew !== undefined) renewIn(retryMs);
  };
  return {
    type: "streaming-credentials-provider",
    async subscribe(listener): Promise<Subscription> {
      const first = await sign();
      // The client subscribes anew on every connection, and forgets to end what it had.
      const own = async (): Promise<void> => {
        try {
          const next = await sign();
          if (renew !== own) return;
          renewIn(everyMs * (0.9 + 0.1 * Math.random()));
          listener.onNext(next);
        } catch (error) {
          if (renew === own) failed(error as Error);
        }
      };
      renew = own;
      renewIn(everyMs);
      return [
        first,
        {
          dispose() {
            if (renew === own) stop();
          },
        },
      ];
    },
    onReAuthenticationError: failed,
  };
}
