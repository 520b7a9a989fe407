import { type Amount, amount, zero } from "./money.ts";

/** What a unit costs above a quantity, up to where the next tier begins. A free allowance is a tier of 0. */
export interface Tier {
  readonly above: Amount;
  readonly usd: Amount;
}

/** What so much costs, each part at its own tier's price. `tiers` ascend and begin at 0. Throws a RangeError for less than nothing. */
export function tiered(quantity: Amount, tiers: readonly Tier[]): Amount {
  if (quantity.isNegative()) throw new RangeError(`a quantity cannot be ${quantity.toFixed()}`);
  return tiers.reduce((total, { above, usd }, index) => {
    const end = tiers[index + 1]?.above ?? quantity;
    const part = minimum(quantity, end).minus(above);
    return part.isPositive() ? total.plus(part.times(usd)) : total;
  }, zero);
}

const minimum = (a: Amount, b: Amount): Amount => (a.lessThan(b) ? a : b);

/** The price that a bill shows for one more unit of little use: the first that is not free. */
export const firstPaid = (tiers: readonly Tier[]): Amount => tiers.find(({ usd }) => !usd.isZero())?.usd ?? amount(0);

/** The same tiers without what is free: for a stack in an account whose allowance another stack uses. */
export function withoutAllowance(tiers: readonly Tier[]): readonly Tier[] {
  const [first, second, ...rest] = tiers;
  return first?.usd.isZero() === true && second !== undefined ? [{ ...second, above: first.above }, ...rest] : tiers;
}
