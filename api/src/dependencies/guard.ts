import { isBrokenCircuitError } from "cockatiel";
import type { Logger } from "../telemetry/log.ts";
import { type BreakerOptions, createBreaker } from "./breaker.ts";
import { Abandoned, beforeDeadline } from "./deadline.ts";
import {
  type CallContext,
  type CallOptions,
  type CallOutcome,
  type DependencyName,
  type DependencyState,
  DependencyUnavailable,
  type OnCall,
  type UnavailableReason,
} from "./dependency.ts";
import { createOutage } from "./outage.ts";
import type { Spans } from "./spans.ts";

export interface GuardOptions {
  readonly name: DependencyName;
  /** Milliseconds, for a call that names none. */
  readonly deadlineMs: number;
  /** The most calls at a time. */
  readonly capacity: number;
  readonly breaker: BreakerOptions;
  /** What an error of the driver says of the dependency; undefined where it says nothing. */
  readonly reasonOf: (error: unknown) => UnavailableReason | undefined;
  /**
   * Whether calls can be abandoned before their deadline. Where not, none pays for a signal: a request that asks for
   * nothing else has none at all.
   */
  readonly abortable: boolean;
  readonly spans: Spans;
  readonly log: Pick<Logger, "info" | "warn">;
  readonly onCall: OnCall | undefined;
}

export interface Guard {
  call<Result>(
    context: CallContext,
    options: CallOptions,
    work: (signal: AbortSignal, maxTimeMs: number) => Promise<Result>,
  ): Promise<Result>;
  readonly state: DependencyState;
  readonly inFlight: number;
  /** What a probe found, which asks past the breaker. */
  answered(): void;
  failed(reason: unknown): void;
}

/** What MongoDB is given of a deadline: its answer that the time is over must still arrive. */
const serverShare = 0.9;

/**
 * Bulkhead, breaker, deadline, span, and duration, in this order. A call that was abandoned keeps its place in the
 * bulkhead until the driver has let go of it. All of it takes about two microseconds without a span.
 */
export function createGuard(options: GuardOptions): Guard {
  const { name, capacity, reasonOf, abortable, spans, onCall } = options;
  const outage = createOutage(name, options.log);
  const breaker = createBreaker(
    name,
    options.breaker,
    (reason) => outage.down(reason),
    () => outage.up(),
  );
  let inFlight = 0;
  const onEnd = (): void => {
    inFlight--;
  };

  const attempt = <Result>(
    caller: AbortSignal | undefined,
    milliseconds: number,
    work: (signal: AbortSignal, maxTimeMs: number) => Promise<Result>,
  ): Promise<Result> => {
    if (caller?.aborted === true) throw new Abandoned(caller.reason);
    if (inFlight >= capacity) throw new DependencyUnavailable(name, "bulkhead-full");
    // The library would let the others wait for the probe's result.
    if (breaker.state === "probing") throw new DependencyUnavailable(name, "breaker-open");
    return breaker.execute(() => {
      inFlight++;
      return beforeDeadline({ name, milliseconds, reasonOf, abortable, caller, onEnd }, (signal) =>
        work(signal, Math.max(1, Math.floor(milliseconds * serverShare))),
      );
    });
  };

  return {
    async call(context, call, work) {
      const started = performance.now();
      const span = spans.begin(context.span, call);
      let outcome: CallOutcome = "ok";
      try {
        return await attempt(abortable ? context.signal : undefined, call.deadlineMs ?? options.deadlineMs, work);
      } catch (error) {
        outcome = outcomeOf(error);
        if (error instanceof Abandoned) throw error.cause;
        throw isBrokenCircuitError(error) ? new DependencyUnavailable(name, "breaker-open") : error;
      } finally {
        if (span !== undefined) spans.end(span, outcome);
        onCall?.(name, call.operation, outcome, performance.now() - started);
      }
    },
    get state() {
      return outage.state;
    },
    get inFlight() {
      return inFlight;
    },
    answered() {
      breaker.answered();
      if (breaker.state === "closed") outage.up();
    },
    failed(reason) {
      outage.down(reason);
    },
  };
}

function outcomeOf(error: unknown): CallOutcome {
  if (error instanceof DependencyUnavailable) return error.reason;
  if (error instanceof Abandoned) return "aborted";
  return isBrokenCircuitError(error) ? "breaker-open" : "error";
}
