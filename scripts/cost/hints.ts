import type { StackCost } from "./model.ts";
import { type Amount, zero } from "./money.ts";
import type { Prices } from "./prices.ts";
import { mapRange, type Range, sumRanges } from "./range.ts";
import type { ReportedHint } from "./report.ts";
import type { World } from "./resources/entry.ts";
import { rules } from "./hints-rules.ts";

/** What a rule looks at. */
export interface Looked {
  readonly cost: StackCost;
  readonly world: World;
  readonly prices: Prices;
}

/** A cheaper choice, before its saving is known to be one. */
export interface Found {
  readonly urn: string;
  /** What the state shows. */
  readonly what: string;
  /** US dollars a month; below zero it would cost more. */
  readonly saving: Range;
  /** What to change, and where. */
  readonly setting: string;
  /** What the cheaper choice loses, as a sentence. */
  readonly loses: string;
}

export interface Rule {
  readonly id: string;
  readonly find: (looked: Looked) => readonly Found[];
}

export interface Hint extends ReportedHint, Pick<Found, "loses"> {
  readonly rule: string;
  readonly range: Range;
}

/** Right-sizing hints, the largest expected saving first. What would save nothing is no hint. */
export function hintsOf(looked: Looked, table: readonly Rule[] = rules): readonly Hint[] {
  return table
    .flatMap(({ id, find }) =>
      find(looked).map(({ urn, what, saving, setting, loses }) => ({
        rule: id,
        stack: looked.cost.stack,
        urn,
        what,
        saving: saving.expected,
        range: saving,
        setting,
        loses,
      })),
    )
    .filter(({ saving }) => saving.greaterThan(zero))
    .sort((a, b) => b.saving.comparedTo(a.saving));
}

/** What lines cost together. */
export const costOf = (lines: readonly { readonly monthly: Range }[]): Range =>
  sumRanges(lines.map(({ monthly }) => monthly));

/** What is left where a part of a cost stays: 1 for nothing saved. */
export const savedOf = (cost: Range, stays: Amount): Range =>
  mapRange(cost, (value) => value.minus(value.times(stays)));
