import type { StackCost } from "../model.ts";
import { type Amount, sum } from "../money.ts";
import { anomaliesOf } from "./anomalies.ts";
import {
  awaitedCharges,
  billedMonths,
  type Charges,
  chargesOf,
  type CostColumn,
  laterThanToday,
  seriesOf,
  usageDays,
} from "./billed.ts";
import type { ChargeKind } from "./bill-format.ts";
import { addDays, type Day } from "./calendar.ts";
import { attributedShareOf, expectedOf, groupsOf, wholeOf } from "./compare.ts";
import type { Database } from "./database.ts";
import type { LoadedBill } from "./load.ts";
import { completeDays, type Month, monthReported } from "./month.ts";
import type { ActualsReport } from "./report.ts";
import { isOwnTag, unknownTag } from "./tag-keys.ts";
import type { AnomalyThreshold } from "./threshold.ts";

export interface ReportOptions {
  readonly by: readonly string[];
  readonly forecast: readonly StackCost[] | undefined;
  readonly threshold: AnomalyThreshold;
  readonly cost: CostColumn;
  /** As given; undefined where the clock counts. */
  readonly today: Day | undefined;
  readonly now: Day;
}

/** What a loaded bill says about a month. Throws a UserError for a tag that nothing bears, and a day out of the bill's range. */
export async function actualsReport(
  database: Database,
  bill: LoadedBill,
  { by, forecast, threshold, cost, today, now }: ReportOptions,
): Promise<ActualsReport> {
  const month = monthReported(today, now, await billedMonths(database));
  const used = await usageDays(database);
  const complete = (provider: string): number => completeDays(month, used.get(provider)?.last);
  const completeUntil = (provider: string): Day => addDays(month.first, complete(provider));
  const charges = await chargesOf(
    database,
    month,
    new Map([...used.keys()].map((each) => [each, completeUntil(each)])),
  );
  const awaited = await awaitedCharges(database, month, cost);
  const foreseen = forecast && expectedOf(forecast, by);
  await refuseUnknownTags(by, bill, [...charges, ...(foreseen ?? [])], forecast ?? []);

  const providers = [...new Set([...charges, ...awaited].map(({ provider }) => provider))].sort();
  const groups = groupsOf({
    charges,
    awaited,
    expected: foreseen?.filter(({ provider }) => providers.includes(provider)),
    cost,
    elapsed: (provider) => ({ complete: complete(provider), days: month.days }),
  });
  return {
    currency: "USD",
    month: month.first,
    days: month.days,
    today: month.today,
    closed: month.closed,
    cost,
    by,
    files: bill.files,
    rows: bill.rows,
    providers: providers.map((provider) => ({
      provider,
      completeDays: complete(provider),
      lastDay: used.get(provider)?.last,
      billed: sum(charges.filter((each) => each.provider === provider).map((each) => each[cost])),
    })),
    total: {
      billed: sum(charges.map(({ billed }) => billed)),
      effective: sum(charges.map(({ effective }) => effective)),
    },
    whole: wholeOf(groups, forecast !== undefined),
    groups,
    apart: apartOf(charges, cost),
    later: await laterThanToday(database, month),
    attributedShare: attributedShareOf(groups),
    notBilled: notBilled(foreseen ?? [], providers),
    anomalies: await anomaliesIn(database, month, { cost, threshold, used, completeUntil }),
  };
}

interface Foreseen {
  readonly provider: string;
  readonly monthly: { readonly expected: Amount };
}

const notBilled = (foreseen: readonly Foreseen[], billed: readonly string[]): ActualsReport["notBilled"] =>
  [...Map.groupBy(foreseen, ({ provider }) => provider)]
    .filter(([provider]) => !billed.includes(provider))
    .map(([provider, lines]) => ({ provider, monthly: sum(lines.map(({ monthly }) => monthly.expected)) }));

function apartOf(charges: readonly Charges[], cost: CostColumn): ActualsReport["apart"] {
  const of = (kind: ChargeKind): Amount =>
    sum(charges.filter(({ charge }) => charge === kind).map((each) => each[cost]));
  return { credits: of("credit"), refunds: of("refund"), taxes: of("tax"), other: of("other") };
}

interface Bearer {
  readonly kind: string;
  readonly values: readonly string[];
}

/** A tag of the project may be on nothing yet; any other that is on nothing is a slip of the keyboard. */
async function refuseUnknownTags(
  by: readonly string[],
  bill: LoadedBill,
  bearers: readonly Bearer[],
  forecast: readonly StackCost[],
): Promise<void> {
  if (bearers.some(({ kind }) => kind === "attributed")) return;
  const planned = new Set(forecast.flatMap(({ lines }) => lines.flatMap(({ tags }) => Object.keys(tags))));
  const doubtful = by.filter((tag) => !isOwnTag(tag) && !planned.has(tag));
  if (doubtful.length === 0) return;
  const keys = await bill.tagKeys();
  const unknown = doubtful.find((tag) => !keys.some((key) => key.toLowerCase().endsWith(tag.toLowerCase())));
  if (unknown !== undefined) throw unknownTag(unknown, keys);
}

interface Looking {
  readonly cost: CostColumn;
  readonly threshold: AnomalyThreshold;
  readonly used: ReadonlyMap<string, { readonly first: Day }>;
  readonly completeUntil: (provider: string) => Day;
}

async function anomaliesIn(database: Database, month: Month, { cost, threshold, used, completeUntil }: Looking) {
  const series = await seriesOf(database, month, cost);
  return series
    .flatMap((each) => {
      const known = used.get(each.provider)?.first ?? month.first;
      return anomaliesOf(each, { known, from: month.first, until: completeUntil(each.provider) }, threshold);
    })
    .toSorted((a, b) => b.excess.comparedTo(a.excess) || (a.firstDay < b.firstDay ? -1 : 1));
}
