import type { Thresholds } from "./profiles.ts";

export interface Verdict {
  readonly holds: boolean;
  /** One per promise that is not kept. */
  readonly reasons: readonly string[];
}

export interface Measured {
  readonly planned: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Undefined where no request succeeded. */
  readonly medianMilliseconds: number | undefined;
}

/** In whole numbers: a threshold has at most three decimals, and 99.5 % of 200 is 199 exactly. */
export const reaches = (succeeded: number, total: number, percent: number): boolean =>
  succeeded * 100_000 >= Math.round(percent * 1000) * total;

/** Rounded down to two decimals, so that it never looks better than it is; 0 of nothing. */
export const percentOf = (succeeded: number, total: number): number =>
  total === 0 ? 0 : Math.floor((succeeded * 10_000) / total) / 100;

export function judge(
  { planned, succeeded, failed, medianMilliseconds }: Measured,
  { successPercent, medianMilliseconds: most }: Thresholds,
): Verdict {
  const made = succeeded + failed;
  const reasons = [
    ...(made < planned ? [`stopped after ${made} of ${planned} requests`] : []),
    ...(made > 0 && !reaches(succeeded, made, successPercent)
      ? [`${succeeded} of ${made} requests succeeded, which is below ${successPercent} %`]
      : []),
    ...(medianMilliseconds !== undefined && medianMilliseconds >= most
      ? [`the median of ${medianMilliseconds.toFixed(1)} ms is not below ${most} ms`]
      : []),
  ];
  return { holds: reasons.length === 0, reasons };
}
