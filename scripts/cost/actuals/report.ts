import type { GroupKind } from "../groups.ts";
import type { Amount } from "../money.ts";
import type { Range } from "../range.ts";
import type { Anomaly } from "./anomalies.ts";
import type { CostColumn } from "./billed.ts";
import type { Day } from "./calendar.ts";

/** Forecast against bill for the complete days, and for the month as it will end; US dollars. */
export interface Comparison {
  /** Charges on complete days, with their part of what is charged once a month. */
  readonly toDate: Amount;
  /** As at these days' pace. Undefined before the first complete day. */
  readonly runRate: Amount | undefined;
  /** Undefined where no forecast is given. */
  readonly forecast:
    | {
        readonly toDate: Amount;
        readonly monthly: Range;
        /** Run rate less expected; undefined without a run rate. */
        readonly difference: Amount | undefined;
        /** Of the expected; undefined where nothing is. */
        readonly part: Amount | undefined;
      }
    | undefined;
}

export interface ActualGroup extends Comparison {
  /** The tags' values; empty where it is not attributed. */
  readonly values: readonly string[];
  readonly kind: GroupKind;
  /** All of the month so far: daily, incomplete, and fixed. */
  readonly billed: Amount;
  readonly daily: Amount;
  readonly incomplete: Amount;
  readonly fixed: Amount;
  readonly awaited: Amount;
}

export interface ActualProvider {
  readonly provider: string;
  readonly completeDays: number;
  readonly lastDay: Day | undefined;
  readonly billed: Amount;
}

/** What is billed and is no use of anything. */
export interface Apart {
  readonly credits: Amount;
  readonly refunds: Amount;
  readonly taxes: Amount;
  /** Charges whose category is not known. */
  readonly other: Amount;
}

export interface ActualsReport {
  readonly currency: "USD";
  readonly month: Day;
  readonly days: number;
  readonly today: Day;
  readonly closed: boolean;
  readonly cost: CostColumn;
  readonly by: readonly string[];
  readonly files: number;
  readonly rows: number;
  readonly providers: readonly ActualProvider[];
  /** Of the month so far, groups and what stands apart, in both ways of counting. */
  readonly total: { readonly billed: Amount; readonly effective: Amount };
  readonly whole: Comparison;
  readonly groups: readonly ActualGroup[];
  readonly apart: Apart;
  /** Of the month, after `today`: in no other number. */
  readonly later: Amount;
  /** Of the charges that could bear tags, between 0 and 1. */
  readonly attributedShare: Amount;
  /** What the forecast counts of providers that the bill has nothing of: in no other number. */
  readonly notBilled: readonly { readonly provider: string; readonly monthly: Amount }[];
  readonly anomalies: readonly Anomaly[];
}
