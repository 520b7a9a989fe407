import type { Logger } from "../telemetry/log.ts";
import type { DependencyName, DependencyState } from "./dependency.ts";

export interface Outage {
  readonly state: DependencyState;
  /** `reason` goes to the log alone. */
  down(reason: unknown): void;
  up(): void;
}

/** Says when a dependency went down and when it came back, once each. It is down until it has answered once. */
export function createOutage(name: DependencyName, log: Pick<Logger, "info" | "warn">): Outage {
  let state: DependencyState = "down";
  let since: number | undefined;
  return {
    get state() {
      return state;
    },
    down(reason) {
      state = "down";
      if (since !== undefined) return;
      since = performance.now();
      log.warn({ dependency: name, err: reason }, `${name} does not answer`);
    },
    up() {
      state = "up";
      if (since === undefined) return;
      const outageSeconds = Math.round((performance.now() - since) / 100) / 10;
      since = undefined;
      log.info({ dependency: name, outageSeconds }, `${name} answers again`);
    },
  };
}
