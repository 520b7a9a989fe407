import type { Logger } from "../telemetry/log.ts";

/** Whether the shared limits are asked, which fail for a while now and then. */
export interface SharedLimits {
  /** Whether this request may ask them: while they fail, one at a time does. */
  mayAsk(): boolean;
  answered(): void;
  failed(error: unknown): void;
}

/** After a failure nobody asks for `retryMs`, so that requests do not wait for the deadline one after the other. */
export function createSharedLimits(retryMs: number, log: Pick<Logger, "info" | "warn">): SharedLimits {
  let failing = false;
  let probing = false;
  let askAgainAt = 0;
  return {
    mayAsk() {
      if (!failing) return true;
      const now = performance.now();
      if (now < askAgainAt) return false;
      askAgainAt = now + retryMs;
      probing = true;
      return true;
    },
    answered() {
      // An answer to what was asked before the failure ends no outage.
      if (!failing || !probing) return;
      failing = false;
      log.info({}, "the rate limits are shared again");
    },
    failed(error) {
      askAgainAt = performance.now() + retryMs;
      probing = false;
      if (failing) return;
      failing = true;
      log.warn({ err: error }, "the rate limits cannot be shared: each task counts for itself");
    },
  };
}
