import {
  CircuitState,
  CountBreaker,
  ExponentialBackoff,
  circuitBreaker,
  halfJitterGenerator,
  handleWhen,
} from "cockatiel";
import { Abandoned } from "./deadline.ts";
import { type DependencyName, DependencyUnavailable, type UnavailableReason } from "./dependency.ts";

export interface BreakerOptions {
  /** How many of the last calls are looked at. */
  readonly size: number;
  /** It never opens on fewer calls than these. */
  readonly minimumCalls: number;
  /** Milliseconds until the first call is let through to probe; doubled, with jitter, while probes fail. */
  readonly firstProbeMs: number;
  /** The longest that it refuses every call. */
  readonly lastProbeMs: number;
}

export const defaultBreaker: BreakerOptions = { size: 20, minimumCalls: 5, firstProbeMs: 500, lastProbeMs: 10_000 };

export interface Breaker {
  readonly state: "closed" | "open" | "probing";
  /** Rejects with cockatiel's BrokenCircuitError while it is open. */
  execute<Result>(work: () => Promise<Result>): Promise<Result>;
  /** The dependency answered somebody who did not ask the breaker. */
  answered(): void;
}

/** The reasons that are the dependency's own; a full bulkhead is ours. */
const faults: ReadonlySet<UnavailableReason> = new Set(["deadline", "connection"]);

/** Opens when more than half of the last calls failed by a fault of the dependency. */
export function createBreaker(
  name: DependencyName,
  options: BreakerOptions,
  onOpen: (reason: unknown) => void,
  onClose: () => void,
): Breaker {
  const isFault = (error: unknown): boolean =>
    error instanceof DependencyUnavailable && error.dependency === name && faults.has(error.reason);
  let openedAt = 0;
  const create = () => {
    const policy = circuitBreaker(
      // A probe that its caller gave up has shown nothing: it must not close the breaker.
      handleWhen((error) => isFault(error) || (error instanceof Abandoned && policy.state === CircuitState.HalfOpen)),
      {
        breaker: new CountBreaker({ threshold: 0.5, size: options.size, minimumNumberOfCalls: options.minimumCalls }),
        halfOpenAfter: new ExponentialBackoff({
          initialDelay: options.firstProbeMs,
          maxDelay: options.lastProbeMs,
          // Between half of it and all of it, so that the tasks do not probe at once.
          generator: halfJitterGenerator,
        }),
      },
    );
    policy.onBreak((reason) => {
      openedAt = performance.now();
      onOpen("error" in reason ? reason.error : undefined);
    });
    policy.onReset(onClose);
    return policy;
  };
  let policy = create();
  return {
    get state() {
      if (policy.state === CircuitState.Closed) return "closed";
      return policy.state === CircuitState.HalfOpen ? "probing" : "open";
    },
    execute: (work) => policy.execute(work),
    answered() {
      // The library measures by the wall clock, so a clock that was set back would keep it open for as long; and
      // without calls nothing would ever close it.
      if (policy.state === CircuitState.Closed || performance.now() - openedAt < options.lastProbeMs) return;
      policy = create();
      onClose();
    },
  };
}
