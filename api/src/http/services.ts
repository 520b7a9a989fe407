import type { Authenticate, Caller } from "../auth/caller.ts";
import type { Lifecycle } from "../lifecycle.ts";
import type { RuntimeConfig } from "../runtime-config.ts";
import type { Log } from "../telemetry/log.ts";
import type { RequestSpan } from "../telemetry/tracing.ts";
import type { RouteClass, RouteContract } from "./route.ts";

/** What a limit says of one request. */
export interface LimitVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the window is over. */
  readonly resetSeconds: number;
}

export interface RateLimiter {
  /** Counts a request in the limits shared by all tasks, or in this task's own while Redis does not answer. Never rejects. */
  (limit: RouteClass["limit"], key: string): Promise<LimitVerdict>;
  /** Whether this task knows, without asking, that the next request is refused. */
  refuses(limit: RouteClass["limit"], key: string): boolean;
}

/** The requests whose answers have not ended. */
export interface RequestCount {
  readonly inFlight: number;
  begin(): void;
  end(): void;
}

/** Seconds after which a refused client may come again; undefined while the process keeps up. */
export type LoadShedding = () => number | undefined;

/** Spans and RED metrics of requests. */
export interface RequestTelemetry {
  /** Undefined where the route is not traced. `headers` may hold a `traceparent`. */
  begin(
    contract: RouteContract,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): RequestSpan | undefined;
  end(span: RequestSpan | undefined, contract: RouteContract | undefined, status: number, durationMs: number): void;
  /** What nobody expected: for Sentry. */
  unexpected(
    error: unknown,
    facts: { readonly requestId: string; readonly route: string; readonly userHash?: string | undefined },
  ): void;
}

/** The configuration that is reloaded while the API runs. */
export interface RuntimeConfigSource {
  readonly current: RuntimeConfig;
  /** Calls back after each change; returns what stops that. */
  onChange(listener: (config: RuntimeConfig) => void): () => void;
}

/** What the router needs of the rest of the API. */
export interface RouterServices {
  readonly log: Pick<Log, "logger" | "request">;
  readonly lifecycle: Lifecycle;
  readonly config: RuntimeConfigSource;
  readonly authenticate: Authenticate;
  readonly limiter: RateLimiter;
  readonly requests: RequestCount;
  readonly shed: LoadShedding;
  readonly telemetry: RequestTelemetry;
  /** An unreadable name for a user, the same in every line. */
  readonly hashUser: (userId: Caller["userId"]) => string;
  /** The origins that browsers may call from; `https://*.example.com` stands for one label. */
  readonly corsOrigins: readonly string[];
  /** How many proxies stand in front, or their CIDRs. */
  readonly trustProxy: number | readonly string[];
}
