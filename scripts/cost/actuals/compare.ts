import type { StackCost } from "../model.ts";
import { type Amount, amount, sum, zero } from "../money.ts";
import { type Range, mapRange, sumRanges } from "../range.ts";
import { shareOf } from "../report-rounding.ts";
import type { Awaited, Charges, CostColumn, GroupKey } from "./billed.ts";
import type { ActualGroup, Comparison } from "./report.ts";
import { type Elapsed, elapsedPart, runRate, type Spend, sumOf, toDate } from "./run-rate.ts";

/** One line of the forecast, in the group that its tags put it in. */
export interface Expected extends GroupKey {
  readonly provider: string;
  readonly monthly: Range;
}

/** The forecast's lines by the same tags. A line that can bear none is apart from one that merely has none. */
export const expectedOf = (stacks: readonly StackCost[], by: readonly string[]): readonly Expected[] =>
  stacks.flatMap(({ lines }) =>
    lines.map(({ tags, taggable, provider, monthly }): Expected => {
      const values = by.map((tag) => tags[tag] ?? "");
      if (values.every((value) => value !== "")) return { provider, monthly, kind: "attributed", values };
      return { provider, monthly, kind: taggable ? "untagged" : "untaggable", values: [] };
    }),
  );

export interface Sides {
  readonly charges: readonly Charges[];
  readonly awaited: readonly Awaited[];
  /** Undefined where no forecast is given. */
  readonly expected: readonly Expected[] | undefined;
  readonly cost: CostColumn;
  readonly elapsed: (provider: string) => Elapsed;
}

/** Charges that a forecast speaks about; taxes and the like stand apart. */
const isSpend = ({ charge }: Charges): boolean => charge === "daily" || charge === "fixed";

const keyOf = ({ kind, values }: GroupKey): string => JSON.stringify([kind, values]);

/** Groups of both sides: the dearest first, then what has no tag, then what can have none. */
export function groupsOf({ charges, awaited, expected, ...how }: Sides): readonly ActualGroup[] {
  const spent = Map.groupBy(charges.filter(isSpend), keyOf);
  const coming = Map.groupBy(awaited, keyOf);
  const foreseen = Map.groupBy(expected ?? [], keyOf);
  const keys = new Set([...spent.keys(), ...coming.keys(), ...foreseen.keys()]);
  return [...keys]
    .map((key) => {
      const [kind, values] = JSON.parse(key) as [GroupKey["kind"], string[]];
      return groupOf(
        { kind, values },
        spent.get(key) ?? [],
        coming.get(key) ?? [],
        expected && (foreseen.get(key) ?? []),
        how,
      );
    })
    .toSorted(inOrder);
}

const order: readonly GroupKey["kind"][] = ["attributed", "untagged", "untaggable"];

const inOrder = (a: ActualGroup, b: ActualGroup): number =>
  order.indexOf(a.kind) - order.indexOf(b.kind) ||
  b.billed.comparedTo(a.billed) ||
  (a.values.join() < b.values.join() ? -1 : 1);

function groupOf(
  key: GroupKey,
  charges: readonly Charges[],
  awaited: readonly Awaited[],
  expected: readonly Expected[] | undefined,
  { cost, elapsed }: Pick<Sides, "cost" | "elapsed">,
): ActualGroup {
  const providers = new Set([...charges, ...awaited].map(({ provider }) => provider));
  const spends = [...providers].map((provider): Spend => {
    const own = charges.filter((each) => each.provider === provider);
    const of = (wanted: (each: Charges) => boolean): Amount => sum(own.filter(wanted).map((each) => each[cost]));
    return {
      provider,
      daily: of(({ charge, complete }) => charge === "daily" && complete),
      incomplete: of(({ charge, complete }) => charge === "daily" && !complete),
      fixed: of(({ charge }) => charge === "fixed"),
      awaited: sum(awaited.filter((each) => each.provider === provider).map((each) => each.amount)),
    };
  });
  const [daily, incomplete, fixed] = [
    sum(spends.map((spend) => spend.daily)),
    sum(spends.map((spend) => spend.incomplete)),
    sum(spends.map((spend) => spend.fixed)),
  ];
  return {
    ...key,
    billed: sum([daily, incomplete, fixed]),
    daily,
    incomplete,
    fixed,
    awaited: sum(spends.map((spend) => spend.awaited)),
    ...comparison(
      sum(spends.map((spend) => toDate(spend, elapsed(spend.provider)))),
      sumOf(spends.map((spend) => runRate(spend, elapsed(spend.provider)))),
      expected,
      elapsed,
    ),
  };
}

function comparison(
  billedToDate: Amount,
  rate: Amount | undefined,
  expected: readonly Expected[] | undefined,
  elapsed: Sides["elapsed"],
): Comparison {
  if (expected === undefined) return { toDate: billedToDate, runRate: rate, forecast: undefined };
  const monthly = sumRanges(expected.map((each) => each.monthly));
  const due = sum(expected.map(({ provider, monthly: one }) => one.expected.times(elapsedPart(elapsed(provider)))));
  return { toDate: billedToDate, runRate: rate, forecast: { toDate: due, ...against(rate, monthly) } };
}

function against(rate: Amount | undefined, monthly: Range) {
  const difference = rate?.minus(monthly.expected);
  const part = monthly.expected.isZero() ? undefined : difference?.dividedBy(monthly.expected);
  return { monthly, difference, part };
}

/** All groups as one. */
export function wholeOf(groups: readonly ActualGroup[], hasForecast: boolean): Comparison {
  const rate = sumOf(groups.map((group) => group.runRate));
  const forecasts = groups.map(({ forecast }) => forecast).filter((each) => each !== undefined);
  const none = mapRange(sumRanges([]), () => zero);
  const monthly = forecasts.length === 0 ? none : sumRanges(forecasts.map((each) => each.monthly));
  return {
    toDate: sum(groups.map((group) => group.toDate)),
    runRate: rate,
    forecast: hasForecast
      ? { toDate: sum(forecasts.map((each) => each.toDate)), ...against(rate, monthly) }
      : undefined,
  };
}

/** Of what could bear the tags; where nothing could, nothing lacks them. */
export function attributedShareOf(groups: readonly ActualGroup[]): Amount {
  const of = (kind: GroupKey["kind"]): Amount =>
    sum(groups.filter((group) => group.kind === kind).map(({ billed }) => billed));
  const taggable = of("attributed").plus(of("untagged"));
  return taggable.isZero() ? amount(1) : shareOf(of("attributed"), taggable);
}
