import { LRUCache } from "lru-cache";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { CallContext, Dependency } from "../dependencies/dependency.ts";
import type { RuntimeConfig } from "../runtime-config.ts";
import type { Logger } from "../telemetry/log.ts";
import { type CountingClient, createCounter } from "./rate-limit-count.ts";
import { createSharedLimits } from "./rate-limit-outage.ts";
import type { CountedLimit, RouteClass } from "./route.ts";
import type { LimitVerdict, RateLimiter, RuntimeConfigSource } from "./services.ts";

export interface RateLimiterOptions {
  readonly redis: Dependency<CountingClient>;
  /** Ends with a colon. */
  readonly keyPrefix: string;
  readonly config: RuntimeConfigSource;
  readonly log: Pick<Logger, "info" | "warn">;
  readonly onRefused?: (limit: CountedLimit) => void;
  /** What a request waits for Redis, in milliseconds. Default: 40, so that the local limits have decided within 50. */
  readonly deadlineMs?: number;
  /** How long Redis is left alone after it failed, in milliseconds. Default: a second. */
  readonly retryMs?: number;
}

export type RunningRateLimiter = RateLimiter & { close(): void };

/** Requests a minute. */
const limits: Readonly<Record<CountedLimit, (config: RuntimeConfig) => number>> = {
  read: (config) => config.requestsPerMinute,
  write: (config) => config.writesPerMinute,
  upload: (config) => config.uploadsPerMinute,
  failedSignIn: (config) => config.failedSignInsPerMinute,
};

const countedLimits = ["read", "write", "upload", "failedSignIn"] as const satisfies readonly CountedLimit[];

const windowSeconds = 60;
/** Callers and limits, of 200 bytes each at most; of others each request is counted before it is refused. */
const mostUsedUp = 10_000;
const unlimited: LimitVerdict = { allowed: true, limit: 0, remaining: 0, resetSeconds: 0 };

/** Counts for no request in particular: a count goes on when its client has gone. */
const background: CallContext = { signal: new AbortController().signal, span: undefined };

/**
 * Counts in Redis for all tasks, in one round trip, which node-redis sends together with whatever else is asked at the
 * time; a caller who is over the limit costs none. Where Redis does not answer, each task counts for itself.
 */
export function createRateLimiter(options: RateLimiterOptions): RunningRateLimiter {
  const { redis, config, keyPrefix, deadlineMs = 40, retryMs = 1_000 } = options;
  const sharedLimits = createSharedLimits(retryMs, options.log);
  const count = createCounter(windowSeconds * 1000);
  const counterFor = (limit: CountedLimit) => {
    const points = limits[limit](config.current);
    return { points, local: new RateLimiterMemory({ points, duration: windowSeconds }) };
  };
  const counters = {
    read: counterFor("read"),
    write: counterFor("write"),
    upload: counterFor("upload"),
    failedSignIn: counterFor("failedSignIn"),
  };

  /** Whose next request is refused. */
  const usedUp = new LRUCache<string, true>({ max: mostUsedUp });

  const stop = config.onChange((changed) => {
    usedUp.clear();
    for (const limit of countedLimits) {
      const points = limits[limit](changed);
      const counter = counters[limit];
      if (points === counter.points) continue;
      counter.local.points = points;
      counters[limit] = { ...counter, points };
    }
  });

  const verdictOf = (limit: CountedLimit, { allowed, remaining, leftMs }: Counted): LimitVerdict => {
    if (!allowed) options.onRefused?.(limit);
    return {
      allowed,
      limit: counters[limit].points,
      remaining: allowed ? remaining : 0,
      resetSeconds: Math.max(1, Math.ceil(leftMs / 1000)),
    };
  };

  /** Counts stay in Redis under the same key when the limit becomes another. */
  const countShared = async (limit: CountedLimit, key: string): Promise<Counted> => {
    const inRedis = `${keyPrefix}limit:${limit}:${key}`;
    const counting = redis.call(background, { operation: "incr" }, (client) => count(client, inRedis));
    const [counted, leftMs] = await withinMs(deadlineMs, counting);
    const { points } = counters[limit];
    if (counted >= points && leftMs > 0) usedUp.set(`${limit}:${key}`, true, { ttl: leftMs });
    return { allowed: counted <= points, remaining: points - counted, leftMs };
  };

  const limiter = async (limit: RouteClass["limit"], key: string): Promise<LimitVerdict> => {
    if (limit === "none") return unlimited;
    const leftMs = usedUp.size === 0 ? 0 : usedUp.getRemainingTTL(`${limit}:${key}`);
    if (leftMs > 0) return verdictOf(limit, { allowed: false, remaining: 0, leftMs });
    if (sharedLimits.mayAsk())
      try {
        const counted = await countShared(limit, key);
        sharedLimits.answered();
        return verdictOf(limit, counted);
      } catch (error) {
        sharedLimits.failed(error);
      }
    return verdictOf(limit, await countLocal(counters[limit].local, key));
  };
  const refuses = (limit: RouteClass["limit"], key: string): boolean =>
    usedUp.size > 0 && usedUp.has(`${limit}:${key}`);
  return Object.assign(limiter, { refuses, close: stop });
}

/**
 * The dependency's own deadline is longer and decides whether Redis is down; this one only whether a request waits. An
 * answer that arrived while the event loop was busy is read before the time counts as over.
 */
const withinMs = <Result>(milliseconds: number, work: Promise<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      setImmediate(() => reject(new Error(`Redis has not answered within ${milliseconds} ms`)));
    }, milliseconds);
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error("Redis failed", { cause: error }));
      },
    );
  });

interface Counted {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Of the window, in milliseconds. */
  readonly leftMs: number;
}

/** The library rejects with the count where it refuses. */
const countLocal = (local: RateLimiterMemory, key: string): Promise<Counted> =>
  local.consume(key).then(
    ({ remainingPoints, msBeforeNext }) => ({ allowed: true, remaining: remainingPoints, leftMs: msBeforeNext }),
    (reason: unknown) => {
      if (reason instanceof RateLimiterRes) return { allowed: false, remaining: 0, leftMs: reason.msBeforeNext };
      throw reason;
    },
  );
