import type { RequestContext } from "../http/context.ts";

export type DependencyName = "mongodb" | "redis";

/** `down`: the last calls failed or the breaker is open. */
export type DependencyState = "up" | "down";

export interface DependencyReport {
  readonly state: DependencyState;
  /** Of the last probe that was answered, in milliseconds; null where there was none. */
  readonly latencyMs: number | null;
}

/** Who calls; a background task has a signal alone. */
export type CallContext = Pick<RequestContext, "signal" | "span">;

export interface CallOptions {
  /** In the words of the database: `find`, `updateOne`, `get`. For spans and metrics. */
  readonly operation: string;
  /** The collection, where there is one. */
  readonly target?: string;
  /** Milliseconds; the request's own signal counts as well. Default: the dependency's. */
  readonly deadlineMs?: number;
}

/** What the work of a call is given. */
export type Work<Client, Result> = (
  client: Client,
  /** Aborted at the deadline, or when the caller gives up. The call ends then, whatever the work does. */
  signal: AbortSignal,
  /** Milliseconds: slightly below the deadline, for `maxTimeMS`, so that the server stops as well. */
  maxTimeMs: number,
) => Promise<Result>;

/** How much of a dependency is in use at this moment. */
export interface DependencyUsage {
  /** Calls whose work has not ended, those that were abandoned at their deadline too. */
  readonly inFlight: number;
  /** The most calls that may be in flight; more are refused. */
  readonly capacity: number;
  readonly connections: number;
  /** Calls that wait for a connection of the pool. */
  readonly waiting: number;
}

/** How a call ended: answered, unavailable and why, given up by its caller, or refused by the database itself. */
export type CallOutcome = "ok" | UnavailableReason | "aborted" | "error";

/** Hears of each call's end; must not throw. */
export type OnCall = (name: DependencyName, operation: string, outcome: CallOutcome, milliseconds: number) => void;

/**
 * One thing that the API needs and that can fail: every call of it goes through `call`, which gives it a deadline, a
 * place in the bulkhead, the breaker's permission, a span, and a duration in the metrics.
 */
export interface Dependency<Client> {
  readonly name: DependencyName;
  /**
   * Rejects with a DependencyUnavailable where the breaker is open, the bulkhead full, the deadline over, or the
   * connection broken; with the work's own error where that says nothing of the dependency (a duplicate key); with
   * the reason of the caller's signal where the caller gave up.
   */
  call<Result>(context: CallContext, options: CallOptions, work: Work<Client, Result>): Promise<Result>;
  /** What the last probe in the background found: asks nobody. */
  report(): DependencyReport;
  usage(): DependencyUsage;
  /** Resolves once as many connections stand as the pool keeps at least, or the deadline is over. Never rejects. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** Why a call was not made or not answered. */
export type UnavailableReason = "breaker-open" | "bulkhead-full" | "deadline" | "connection" | "not-configured";

export class DependencyUnavailable extends Error {
  readonly dependency: DependencyName;
  readonly reason: UnavailableReason;

  constructor(dependency: DependencyName, reason: UnavailableReason, cause?: unknown) {
    super(`${dependency} is unavailable: ${reason}`, { cause });
    this.name = "DependencyUnavailable";
    this.dependency = dependency;
    this.reason = reason;
  }
}
