import type { Logger } from "../telemetry/log.ts";
import { type LoadThresholds, meanWait, retryAfterSeconds, shedsAt } from "./load-shedding-decision.ts";
import type { LoadShedding } from "./services.ts";

export interface LoadSheddingOptions {
  /** Requests that are not answered yet. */
  readonly inFlight: () => number;
  readonly log: Pick<Logger, "info" | "warn">;
  readonly thresholds?: LoadThresholds;
  /** How often the load is looked at, in milliseconds. */
  readonly sampleMs?: number;
}

export type RunningLoadShedding = LoadShedding & { close(): void };

/**
 * 100 ms are half of what a request may take in all; they are waited where each turn of the loop takes 240 ms. At 1,000
 * in flight a database that answers in 250 ms is asked 4,000 times a second, more than one task serves.
 */
const defaultThresholds: LoadThresholds = {
  begin: { delayMs: 100, inFlight: 1_000 },
  end: { delayMs: 50, inFlight: 700 },
};

/** Node's own histogram of delays skips the turn after each reset, and so sees nothing where turns are long. */
const tickMs = 20;

/** Looks at the event loop and at the queue twice a second; a request pays for one comparison. */
export function createLoadShedding(options: LoadSheddingOptions): RunningLoadShedding {
  const { inFlight, log, thresholds = defaultThresholds, sampleMs = 500 } = options;
  let sheds = false;
  let turns: number[] = [];
  let sampledAt = performance.now();
  let tickedAt = sampledAt;

  const decide = (delayMs: number): void => {
    const load = { delayMs, inFlight: inFlight() };
    const next = shedsAt(sheds, load, thresholds);
    if (next === sheds) return;
    sheds = next;
    if (sheds) log.warn(load, "requests are shed: the process has more to do than it can");
    else log.info(load, "requests are taken again");
  };

  const timer = setInterval(() => {
    const now = performance.now();
    turns.push(now - tickedAt);
    tickedAt = now;
    if (now - sampledAt < sampleMs) return;
    sampledAt = now;
    decide(Math.round(meanWait(turns, tickMs)));
    turns = [];
  }, tickMs).unref();

  const shed: LoadShedding = () => {
    // A queue grows faster than the sampling sees.
    if (!sheds && inFlight() >= thresholds.begin.inFlight) decide(0);
    return sheds ? retryAfterSeconds(Math.random()) : undefined;
  };
  return Object.assign(shed, { close: () => clearInterval(timer) });
}
