import { columns } from "../columns.ts";
import type { Surroundings } from "./command.ts";
import type { StackCost } from "./model.ts";
import { type PriceRow, readPriceRows } from "./prices.ts";
import type { PriceDates } from "./report.ts";

/** From which age a price must be read again at its source. */
export const staleAfterDays = 90;

const dayMilliseconds = 86_400_000;

/** Whole days since a price was read. */
export const ageOf = ({ asOf }: Pick<PriceRow, "asOf">, now: Date): number =>
  Math.floor((now.getTime() - Date.parse(asOf)) / dayMilliseconds);

/** The rows that are too old, the oldest first. A row without a date is older than any. */
export const staleRows = (rows: readonly PriceRow[], now: Date): readonly PriceRow[] =>
  rows
    .filter((row) => !(ageOf(row, now) <= staleAfterDays))
    .toSorted((a, b) => (a.asOf === b.asOf ? 0 : a.asOf < b.asOf ? -1 : 1));

/** When the prices that these stacks rest on were read. */
export function datesOf(stacks: readonly StackCost[], rows: readonly PriceRow[]): PriceDates | undefined {
  const used = new Set(stacks.flatMap(({ lines }) => lines.map(({ price }) => price)));
  const dates = rows
    .filter(({ id }) => used.has(id))
    .map(({ asOf }) => asOf)
    .sort();
  const [oldest] = dates;
  const newest = dates.at(-1);
  return oldest === undefined || newest === undefined ? undefined : { oldest, newest };
}

/** Prints the prices that are too old. Returns the exit code: 1 for `check` where there is one. */
export function priceCheck({ now, print }: Surroundings, check: boolean): number {
  const rows = readPriceRows();
  const stale = staleRows(rows, now);
  const table = columns(stale.map((row) => [`  ${row.asOf}`, `${ageOf(row, now)} days`, row.id, row.source]));
  print(
    stale.length === 0
      ? `${rows.length} prices, none older than ${staleAfterDays} days`
      : [`${stale.length} of ${rows.length} prices were read more than ${staleAfterDays} days ago:`, ...table].join(
          "\n",
        ),
  );
  return check && stale.length > 0 ? 1 : 0;
}
