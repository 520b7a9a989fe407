import { UserError } from "../sandbox/user-error.ts";
import type { Difference, StackChange } from "./difference.ts";
import { type Amount, amount } from "./money.ts";

/** From which growth a check fails: a part of what was, or US dollars a month. */
export type Threshold = { readonly part: Amount } | { readonly usd: Amount };

/** Reads `10%`, `25`, `25USD`, or `25 USD`. Throws a UserError for anything else. */
export function thresholdOf(given: string): Threshold {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*(%|[A-Za-z]{3})?$/.exec(given.trim()) ?? [];
  if (number === undefined)
    throw new UserError(`--fail-over ${JSON.stringify(given)}: give a share such as 10%, or US dollars such as 25`, 2);
  if (unit === "%") return { part: amount(number).dividedBy(100) };
  if (unit !== "" && unit.toUpperCase() !== "USD")
    throw new UserError(`--fail-over ${JSON.stringify(given)}: prices are in USD, so the threshold is, too`, 2);
  return { usd: amount(number) };
}

/** The stacks that cost more than before by more than the threshold. What was not there before grows beyond any share. */
export const brokenBy = ({ stacks }: Difference, threshold: Threshold): readonly StackChange[] =>
  stacks.filter(({ delta, part }) => {
    if (!delta.isPositive() || delta.isZero()) return false;
    return "usd" in threshold ? delta.greaterThan(threshold.usd) : part?.greaterThan(threshold.part) !== false;
  });
