import type { GroupKind } from "../groups.ts";
import { type Amount, amount } from "../money.ts";
import type { Series } from "./anomalies.ts";
import { TRAILING_DAYS } from "./anomalies.ts";
import type { ChargeKind } from "./bill-format.ts";
import { addDays, type Day, previousMonth } from "./calendar.ts";
import { type Database, quoted, type Row } from "./database.ts";
import type { BilledMonths, Month } from "./month.ts";

/** Which of a bill's two amounts counts: as invoiced, or with what was paid before spread over what it covers. */
export type CostColumn = "billed" | "effective";

/** A group as its charges say. */
export interface GroupKey {
  readonly kind: GroupKind;
  readonly values: readonly string[];
}

/** A sum of charges in the month that is reported. */
export interface Charges extends GroupKey {
  readonly provider: string;
  readonly charge: ChargeKind;
  readonly complete: boolean;
  readonly billed: Amount;
  readonly effective: Amount;
}

const money = (row: Row, column: string): Amount => amount(String(row[column]));
const words = (row: Row, column: string): string => String(row[column]);

export async function billedMonths(database: Database): Promise<BilledMonths> {
  const [row = {}] = await database.query(`SELECT min("month") AS first, max("month") AS last FROM charges`);
  return { first: words(row, "first"), last: words(row, "last") };
}

/** Provider to the first and last day with usage. */
export async function usageDays(database: Database): Promise<ReadonlyMap<string, { first: Day; last: Day }>> {
  const rows = await database.query(
    `SELECT provider, min("day") AS first, max("day") AS last FROM charges WHERE kind = 'daily' GROUP BY provider`,
  );
  return new Map(rows.map((row) => [words(row, "provider"), { first: words(row, "first"), last: words(row, "last") }]));
}

const within = ({ first, today }: Month): string => `"month" = ${quoted(first)} AND "day" <= ${quoted(today)}`;

const groupOf = (row: Row): GroupKey => ({
  kind: words(row, "group") as GroupKind,
  values: (row["values"] as readonly unknown[]).map(String),
});

/** `completeUntil` says of each provider which day is the first that is not complete. */
export async function chargesOf(
  database: Database,
  month: Month,
  completeUntil: ReadonlyMap<string, Day>,
): Promise<readonly Charges[]> {
  const limits = [...completeUntil].map(([provider, day]) => `WHEN ${quoted(provider)} THEN "day" < ${quoted(day)}`);
  const complete = limits.length === 0 ? "true" : `CASE provider ${limits.join(" ")} ELSE true END`;
  const rows = await database.query(
    `SELECT provider, kind, ${complete} AS complete, "group", "values", sum(billed)::VARCHAR AS billed, sum(effective)::VARCHAR AS effective
     FROM charges WHERE ${within(month)} GROUP BY ALL`,
  );
  return rows.map((row) => ({
    ...groupOf(row),
    provider: words(row, "provider"),
    charge: words(row, "kind") as ChargeKind,
    complete: row["complete"] === true,
    billed: money(row, "billed"),
    effective: money(row, "effective"),
  }));
}

/** Charges of the month that `--today` leaves out. */
export async function laterThanToday(database: Database, { first, today }: Month): Promise<Amount> {
  const [row = {}] = await database.query(
    `SELECT coalesce(sum(billed), 0)::VARCHAR AS billed FROM charges WHERE "month" = ${quoted(first)} AND "day" > ${quoted(today)}`,
  );
  return money(row, "billed");
}

export interface Awaited extends GroupKey {
  readonly provider: string;
  readonly amount: Amount;
}

/** Fixed charges of the month before whose service has none yet in this one. */
export async function awaitedCharges(
  database: Database,
  month: Month,
  column: CostColumn,
): Promise<readonly Awaited[]> {
  if (month.closed) return [];
  const rows = await database.query(
    `SELECT provider, "group", "values", sum(${column})::VARCHAR AS amount FROM charges
     WHERE kind = 'fixed' AND "month" = ${quoted(previousMonth(month.first))} AND date_trunc('month', "day") = "month"
       AND (provider, service) NOT IN (SELECT (provider, service) FROM charges WHERE kind = 'fixed' AND ${within(month)})
     GROUP BY ALL`,
  );
  return rows.map((row) => ({ ...groupOf(row), provider: words(row, "provider"), amount: money(row, "amount") }));
}

/** Usage by service and day, with as many days before the month as are looked back at. */
export async function seriesOf(database: Database, month: Month, column: CostColumn): Promise<readonly Series[]> {
  const from = addDays(month.first, -TRAILING_DAYS);
  const rows = await database.query(
    `SELECT provider, service, "day", sum(${column})::VARCHAR AS amount FROM charges
     WHERE kind = 'daily' AND "day" BETWEEN ${quoted(from)} AND ${quoted(month.today)} GROUP BY ALL ORDER BY ALL`,
  );
  const keyOf = (row: Row): string => JSON.stringify([row["provider"], row["service"]]);
  return [...Map.groupBy(rows, keyOf).values()].map((days): Series => {
    const [row = {}] = days;
    return {
      provider: words(row, "provider"),
      service: words(row, "service"),
      days: new Map(days.map((each) => [words(each, "day"), money(each, "amount")])),
    };
  });
}
