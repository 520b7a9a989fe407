import type { StackCost } from "./model.ts";
import { type Amount, amount, sum } from "./money.ts";
import { mapRange, type Range, sumRanges } from "./range.ts";

/** Decimals that a line keeps: a share of a free allowance has no end otherwise. */
export const lineDecimals = 10;

/** Lines to ten decimals and totals as their sums, so that every format adds up to the same amounts, exactly. */
export function settled(cost: StackCost): StackCost {
  const lines = cost.lines.map((line) => ({ ...line, monthly: mapRange(line.monthly, toDecimals) }));
  return { ...cost, lines, monthly: sumRanges(lines.map(({ monthly }) => monthly)) };
}

const toDecimals = (value: Amount): Amount => value.toDecimalPlaces(lineDecimals);

const cent = amount("0.01");

/**
 * Parts in whole cents that add up to their total in whole cents: those with the largest remainders are rounded up, the
 * rest down (Hamilton's method), so that no part is a cent away from what it is. `total` is what they are shown under.
 */
export function inCents(parts: readonly Amount[], total: Amount = sum(parts)): readonly Amount[] {
  const floors = parts.map((part) => part.toDecimalPlaces(2, 3));
  const missing = total.toDecimalPlaces(2).minus(sum(floors)).dividedBy(cent).toNumber();
  const byRemainder = parts
    .map((part, index) => ({ index, remainder: part.minus(floors[index] ?? part) }))
    .toSorted((a, b) => b.remainder.comparedTo(a.remainder) || a.index - b.index);
  const up = new Set(byRemainder.slice(0, Math.max(0, missing)).map(({ index }) => index));
  return floors.map((floor, index) => (up.has(index) ? floor.plus(cent) : floor));
}

/** What is expected adds up; a low or high end that is the same is shown the same, and any other to its own cent. */
export function rangesInCents(parts: readonly Range[]): readonly Range[] {
  const expected = inCents(parts.map((part) => part.expected));
  return parts.map((part, index) => {
    const shown = expected[index] ?? part.expected;
    const end = (value: Amount): Amount => (value.equals(part.expected) ? shown : value.toDecimalPlaces(2));
    return { low: end(part.low), expected: shown, high: end(part.high) };
  });
}

/** A share of a whole; nothing of nothing is 0. */
export const shareOf = (part: Amount, whole: Amount): Amount => (whole.isZero() ? amount(0) : part.dividedBy(whole));
