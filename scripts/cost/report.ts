import { type Attribution, attributionOf, type Group, groupsBy, usualTags } from "./groups.ts";
import type { Difference } from "./difference.ts";
import type { StackCost } from "./model.ts";
import type { Amount } from "./money.ts";
import { settled } from "./report-rounding.ts";

/** The one currency of prices.csv, by its ISO 4217 code. */
export const currency = "USD";

/** A cheaper choice that the state itself shows. */
export interface ReportedHint {
  readonly stack: string;
  readonly urn: string;
  readonly what: string;
  /** US dollars a month. */
  readonly saving: Amount;
  /** What to change, and where. */
  readonly setting: string;
  /** What the cheaper choice loses, as a sentence. */
  readonly loses: string;
}

/** A stack against what it may cost. */
export interface ReportedBudget {
  readonly stack: string;
  readonly limit: Amount;
  readonly period: "month" | "day";
  /** For one period. */
  readonly expected: Amount;
  readonly high: Amount;
  /** Whether the expected cost is over the limit: the report fails. */
  readonly broken: boolean;
}

/** When the prices were read at their sources: ISO dates. */
export interface PriceDates {
  readonly oldest: string;
  readonly newest: string;
}

/** Everything that a format shows. */
export interface CostReport extends Attribution {
  readonly currency: typeof currency;
  /** ISO date of the month's first day. */
  readonly month: string;
  readonly stacks: readonly StackCost[];
  /** By which tags attribution counts. */
  readonly attributedBy: readonly string[];
  /** One list per grouping. */
  readonly groupings: readonly (readonly Group[])[];
  readonly prices?: PriceDates;
  readonly hints: readonly ReportedHint[];
  readonly budgets: readonly ReportedBudget[];
  readonly difference?: Difference;
}

export interface ReportParts {
  readonly stacks: readonly StackCost[];
  /** Default: each of the usual tags by itself. */
  readonly groupBy?: readonly string[] | undefined;
  readonly now: Date;
  readonly prices?: PriceDates | undefined;
  readonly hints?: readonly ReportedHint[] | undefined;
  readonly budgets?: readonly ReportedBudget[] | undefined;
  readonly difference?: Difference | undefined;
}

export function reportOf({ groupBy, now, hints = [], budgets = [], ...parts }: ReportParts): CostReport {
  const stacks = parts.stacks.map(settled);
  // A component is no tag that a bill could bear.
  const attributedBy = groupBy ?? usualTags.filter((tag) => tag !== "Component");
  return {
    currency,
    month: `${now.toISOString().slice(0, "2026-01".length)}-01`,
    stacks,
    attributedBy,
    ...attributionOf(attributedBy, stacks),
    groupings: (groupBy === undefined ? usualTags.map((tag) => [tag]) : [groupBy]).map((by) => groupsBy(by, stacks)),
    ...(parts.prices !== undefined && { prices: parts.prices }),
    hints,
    budgets,
    ...(parts.difference !== undefined && { difference: parts.difference }),
  };
}
