import { type Choices, choicesOf } from "../../infra/settings/environments.ts";
import type { StackCost } from "./model.ts";
import { type Amount, amount } from "./money.ts";
import type { ReportedBudget } from "./report.ts";
import type { EnvironmentName } from "./usage.ts";

/** The mean month of 730 hours has so many days. */
const daysPerMonth = amount(730).dividedBy(24);

/** What an environment may cost, all providers together. */
export interface Limit {
  readonly limit: Amount;
  readonly period: ReportedBudget["period"];
}

type CostsOf = (environment: EnvironmentName) => Pick<Choices, "costs">;

/** A preview is there for days, not for months: its part of the month's limit is shown for a day. */
export function limitOf(environment: EnvironmentName, choices: CostsOf = choicesOf): Limit {
  const month = amount(choices(environment).costs.monthlyLimitUsd);
  return environment === "preview"
    ? { limit: month.dividedBy(daysPerMonth), period: "day" }
    : { limit: month, period: "month" };
}

/** Over budget at what is expected is broken; at the high end it is told, and may never come. */
export function budgetOf(
  { stack, monthly }: Pick<StackCost, "stack" | "monthly">,
  { limit, period }: Limit,
): ReportedBudget {
  const per = (month: Amount): Amount => (period === "month" ? month : month.dividedBy(daysPerMonth));
  const expected = per(monthly.expected);
  return { stack, limit, period, expected, high: per(monthly.high), broken: expected.greaterThan(limit) };
}

/** The budgets of stacks whose environment the settings know. */
export const budgetsOf = (stacks: readonly StackCost[]): readonly ReportedBudget[] =>
  stacks.map((stack) => budgetOf(stack, limitOf(stack.environment as EnvironmentName)));
