import { build } from "hdr-histogram-js";

/** Of the requests that succeeded, in milliseconds. */
export interface Latency {
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Mean difference between one request and the next, in the order of asking. */
  readonly jitter: number;
}

export interface Bucket {
  /** Including it, in milliseconds. */
  readonly from: number;
  /** Without it; the last bucket has no end. */
  readonly to: number | null;
  readonly count: number;
}

/** Milliseconds have so many parts in the histogram: it counts whole numbers. */
const PARTS = 1000;
/** Microseconds below 262 ms are exact, and above it a percentile is at most 0.001 % too high. */
const SIGNIFICANT_DIGITS = 5;
/** Longer than the longest timeout. */
const MOST_MILLISECONDS = 1_000_000;

/** Undefined where there is nothing to measure. A percentile is the least value that so many per cent do not exceed. */
export function latencyOf(milliseconds: readonly number[]): Latency | undefined {
  if (milliseconds.length === 0) return undefined;
  const times = milliseconds.map(rounded);
  const histogram = build({
    highestTrackableValue: MOST_MILLISECONDS * PARTS,
    numberOfSignificantValueDigits: SIGNIFICANT_DIGITS,
  });
  for (const time of times) histogram.recordValue(Math.round(time * PARTS));
  const max = Math.max(...times);
  // It answers with the highest value that it cannot tell from the one recorded.
  const percentile = (share: number): number => Math.min(max, histogram.getValueAtPercentile(share) / PARTS);
  return {
    min: Math.min(...times),
    mean: meanOf(times),
    p50: percentile(50),
    p95: percentile(95),
    p99: percentile(99),
    max,
    jitter: meanOf(times.slice(1).map((time, index) => Math.abs(time - (times[index] ?? time)))),
  };
}

const rounded = (milliseconds: number): number => Math.round(milliseconds * PARTS) / PARTS;

const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : rounded(values.reduce((sum, value) => sum + value, 0) / values.length);

const MOST_BUCKETS = 12;

/** Buckets of one round width up to the 99th percentile, and one for what lies above. */
export function bucketsOf(milliseconds: readonly number[], { min, p99 }: Latency): Bucket[] {
  const width = roundUp((p99 - min) / (MOST_BUCKETS - 2));
  const first = Math.floor(min / width);
  const last = Math.floor(p99 / width) + 1;
  const counts = Array.from({ length: last - first + 1 }, () => 0);
  for (const value of milliseconds) {
    const index = Math.max(first, Math.min(Math.floor(value / width), last)) - first;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const tidy = (value: number): number => Number(value.toFixed(3));
  const buckets = counts.map((count, index) => ({
    from: tidy((first + index) * width),
    to: first + index === last ? null : tidy((first + index + 1) * width),
    count,
  }));
  return buckets.filter(({ to, count }) => to !== null || count > 0);
}

/** The least of 1, 2, 5, 10, 20, 50 and so on that is not below it; at least a tenth of a millisecond. */
function roundUp(value: number): number {
  const scale = 10 ** Math.floor(Math.log10(Math.max(value, 0.1)));
  return ([1, 2, 5].find((factor) => factor * scale >= value) ?? 10) * scale;
}
