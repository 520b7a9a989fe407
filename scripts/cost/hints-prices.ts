import type { CostLine } from "./model.ts";
import type { Amount } from "./money.ts";
import type { Prices } from "./prices.ts";
import { mapRange, type Range } from "./range.ts";
import { firstPaid } from "./tiers.ts";

/** Of each line that `otherOf` knows a cheaper price for, what that saves. `undefined`: none, or not in prices.csv. */
export function atOtherPrice(
  lines: readonly CostLine[],
  prices: Prices,
  otherOf: (price: string) => string | undefined,
): readonly { readonly line: CostLine; readonly saving: Range }[] {
  return lines.flatMap((line) => {
    const other = otherOf(line.price);
    if (other === undefined || other === line.price || !prices.has(other)) return [];
    const usd = perUnit(prices, other);
    return [{ line, saving: mapRange(line.quantity, (units, level) => line.monthly[level].minus(units.times(usd))) }];
  });
}

/** What one unit costs, beyond what is free. */
export const perUnit = (prices: Prices, id: string): Amount => firstPaid(prices(id).tiers);
