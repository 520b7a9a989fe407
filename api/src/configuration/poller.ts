import type { Logger } from "../telemetry/log.ts";

export interface PollerOptions<Value> {
  /** For the log, as the subject of a sentence. */
  readonly name: string;
  /** Rejects where it cannot be read; the signal is aborted at the deadline and at the close. */
  readonly read: (signal: AbortSignal) => Promise<Value>;
  /** Takes over what was read in time. What it throws counts as a failure to read. */
  readonly accept: (value: Value) => void | Promise<void>;
  /** Between reads, in milliseconds; up to a tenth is added, so that tasks do not ask all at once. */
  readonly intervalMs: () => number;
  /** The same after a failure. */
  readonly retryMs: number;
  readonly deadlineMs: number;
  readonly log: Pick<Logger, "info" | "warn">;
}

export interface Poller {
  /** Reads now, or joins the read that is under way. Resolves when that has ended, well or not; never rejects. */
  readonly refresh: () => Promise<void>;
  /** A read is under way. */
  readonly reading: boolean;
  /** The last read failed. */
  readonly failing: boolean;
  /** When the last read ended, of `performance.now()`. */
  readonly readAt: number;
  close(): void;
}

/** Reads at once and again at intervals, one read at a time. An outage is logged when it begins and when it ends. */
export function createPoller<Value>(options: PollerOptions<Value>): Poller {
  const { name, log } = options;
  const closing = new AbortController();
  let reading: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failing = false;
  let readAt = -Infinity;

  const readOnce = async (): Promise<void> => {
    try {
      await options.accept(await beforeDeadline(options.read, options.deadlineMs, closing.signal));
      if (failing) log.info({}, `${name} can be read again`);
      failing = false;
    } catch (error) {
      if (!failing && !closing.signal.aborted) log.warn({ err: error }, `${name} cannot be read`);
      failing = true;
    }
    readAt = performance.now();
  };

  const schedule = (): void => {
    if (closing.signal.aborted) return;
    const milliseconds = failing ? options.retryMs : options.intervalMs();
    timer = setTimeout(() => void refresh(), milliseconds * (1 + Math.random() / 10)).unref();
  };

  const refresh = (): Promise<void> => {
    if (closing.signal.aborted) return Promise.resolve();
    if (reading !== undefined) return reading;
    clearTimeout(timer);
    reading = readOnce().then(() => {
      reading = undefined;
      schedule();
    });
    return reading;
  };

  void refresh();
  return {
    refresh,
    get reading() {
      return reading !== undefined;
    },
    get failing() {
      return failing;
    },
    get readAt() {
      return readAt;
    },
    close() {
      clearTimeout(timer);
      closing.abort(new DOMException("the reader was closed", "AbortError"));
    },
  };
}

/** Settles at the deadline at the latest, whatever the reader does with its signal. */
function beforeDeadline<Value>(
  read: (signal: AbortSignal) => Promise<Value>,
  deadlineMs: number,
  closing: AbortSignal,
): Promise<Value> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(deadlineMs)]);
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    read(signal).then(resolve, reject);
  });
}
