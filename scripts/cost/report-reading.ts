import { UserError } from "../sandbox/user-error.ts";
import { type LineJson, type RangeJson, reportSchema } from "./formats/schema.ts";
import type { CostLine, StackCost } from "./model.ts";
import { amount } from "./money.ts";
import { currency } from "./report.ts";
import type { Range } from "./range.ts";

/** The stacks of a report that was written as JSON. Throws a UserError that names the first fault. */
export function stacksOfReport(json: unknown, file: string): readonly StackCost[] {
  const given = typeof json === "object" && json !== null && "currency" in json ? json.currency : undefined;
  if (typeof given === "string" && given !== currency)
    throw new UserError(`${file} is in ${given}, and prices here are in ${currency}: give a report in ${currency}`, 2);
  const result = reportSchema.pick({ currency: true, stacks: true }).safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = issue?.path.join(".") ?? "";
    throw new UserError(
      `${file} is no cost report (${where === "" ? "" : `${where}: `}${issue?.message ?? "unreadable"}): ` +
        "write one with `npm run --silent cost -- --format json`",
      2,
    );
  }
  return result.data.stacks.map(({ lines, monthly, ...stack }) => ({
    ...stack,
    monthly: rangeOf(monthly),
    lines: lines.map(lineOf),
  }));
}

const rangeOf = ({ low, expected, high }: RangeJson): Range => ({
  low: amount(low),
  expected: amount(expected),
  high: amount(high),
});

function lineOf({ quantityRange, monthlyRange, assumption, property, ...line }: LineJson): CostLine {
  return {
    ...line,
    quantity: rangeOf(quantityRange),
    monthly: rangeOf(monthlyRange),
    ...(assumption !== null && { assumption }),
    ...(property !== null && { property }),
  };
}
