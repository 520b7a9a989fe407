import { beforeDeadline } from "./deadline.ts";
import { type DependencyName, DependencyUnavailable } from "./dependency.ts";
import type { GuardOptions } from "./guard.ts";

export interface ProbeTimes {
  /** Between two questions, in milliseconds. */
  readonly intervalMs: number;
  /** After which a question counts as unanswered, in milliseconds. */
  readonly deadlineMs: number;
}

export const defaultProbe: ProbeTimes = { intervalMs: 5_000, deadlineMs: 1_000 };

export interface ProbeOptions extends ProbeTimes {
  readonly name: DependencyName;
  readonly ask: (signal: AbortSignal) => Promise<unknown>;
  readonly reasonOf: GuardOptions["reasonOf"];
  readonly onAnswer: () => void;
  readonly onFailure: (reason: unknown) => void;
  /** From 0 to 1. */
  readonly random?: () => number;
}

export interface Probe {
  /** Of the last answer, in milliseconds. */
  readonly latencyMs: number | null;
  /** Asks at once. Never rejects. */
  ask(): Promise<void>;
  close(): void;
}

/** One unanswered question may be our own event loop's fault; a refused connection is nobody else's. */
const unansweredInARow = 2;

/** Asks every few seconds, not at the same moment as the other tasks. */
export function createProbe(options: ProbeOptions): Probe {
  const { random = Math.random } = options;
  let latencyMs: number | null = null;
  let unanswered = 0;
  let closed = false;

  const ask = async (): Promise<void> => {
    const started = performance.now();
    try {
      await beforeDeadline(
        { name: options.name, milliseconds: options.deadlineMs, reasonOf: options.reasonOf },
        options.ask,
      );
      latencyMs = Math.round((performance.now() - started) * 10) / 10;
      unanswered = 0;
      if (!closed) options.onAnswer();
    } catch (error) {
      unanswered++;
      const isCertain = !(error instanceof DependencyUnavailable && error.reason === "deadline");
      if (!closed && (isCertain || latencyMs === null || unanswered >= unansweredInARow)) options.onFailure(error);
    }
  };

  let timer: NodeJS.Timeout | undefined;
  const later = (): void => {
    if (closed) return;
    timer = setTimeout(() => void ask().then(later), options.intervalMs * (0.8 + 0.4 * random()));
    timer.unref();
  };
  later();
  return {
    get latencyMs() {
      return latencyMs;
    },
    ask,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
