import { build } from "hdr-histogram-js";

export interface Loaded {
  /** That were answered. */
  readonly requests: number;
  readonly perSecond: number;
  /** No answer: refused, reset, or later than 10 s. */
  readonly errors: number;
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** In milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Answered {
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  readonly milliseconds: number;
}

export interface Latencies {
  readonly record: (answered: Answered) => void;
  /** `errors`: requests without an answer that were not recorded. */
  readonly loaded: (seconds: number, errors?: number) => Loaded;
}

/** Kept in whole microseconds. */
const perMillisecond = 1_000;
const longestMicroseconds = 60_000_000;

/** Collects answers as they come. */
export function latencies(): Latencies {
  const histogram = build({ highestTrackableValue: longestMicroseconds, numberOfSignificantValueDigits: 3 });
  const statuses = new Map<number, number>();
  let unanswered = 0;
  const percentile = (rank: number): number => histogram.getValueAtPercentile(rank) / perMillisecond;
  return {
    record({ status, milliseconds }) {
      if (status === undefined) {
        unanswered += 1;
        return;
      }
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      histogram.recordValue(Math.max(1, Math.round(milliseconds * perMillisecond)));
    },
    loaded: (seconds, errors = 0) => ({
      requests: histogram.totalCount,
      perSecond: histogram.totalCount / seconds,
      errors: unanswered + errors,
      statuses,
      p50: percentile(50),
      p95: percentile(95),
      p99: percentile(99),
    }),
  };
}

/** Requests that were not answered with one of these. */
export function failedOf({ errors, statuses }: Loaded, expected: readonly number[]): number {
  const unexpected = [...statuses].filter(([status]) => !expected.includes(status));
  return unexpected.reduce((sum, [, count]) => sum + count, errors);
}
