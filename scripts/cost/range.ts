import { type Amount, amount, zero } from "./money.ts";

/** What is not known for certain: the least, what is expected, and the most that is likely. */
export interface Range {
  readonly low: Amount;
  readonly expected: Amount;
  readonly high: Amount;
}

export const levels = ["low", "expected", "high"] as const;
export type Level = (typeof levels)[number];

export const exactly = (value: Amount | string | number): Range => {
  const same = amountOf(value);
  return { low: same, expected: same, high: same };
};

export const between = (
  low: Amount | string | number,
  expected: Amount | string | number,
  high: Amount | string | number,
): Range => ({ low: amountOf(low), expected: amountOf(expected), high: amountOf(high) });

const amountOf = (value: Amount | string | number): Amount => (typeof value === "object" ? value : amount(value));

/** Level by level. */
export const mapRange = (range: Range, change: (value: Amount, level: Level) => Amount): Range => ({
  low: change(range.low, "low"),
  expected: change(range.expected, "expected"),
  high: change(range.high, "high"),
});

export const times = (range: Range, factor: Range | Amount | string | number): Range => {
  const by = isRange(factor) ? factor : exactly(factor);
  return mapRange(range, (value, level) => value.times(by[level]));
};

export const sumRanges = (ranges: readonly Range[]): Range =>
  ranges.reduce<Range>((total, range) => mapRange(total, (value, level) => value.plus(range[level])), exactly(zero));

const isRange = (value: Range | Amount | string | number): value is Range =>
  typeof value === "object" && "expected" in value;
