import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { messageOf, UserError } from "../sandbox/user-error.ts";
import type { Provider } from "./model.ts";
import { amount } from "./money.ts";
import { priceProblems } from "./prices-check.ts";
import type { Tier } from "./tiers.ts";

export const PRICES_FILE = join(import.meta.dirname, "prices.csv");

/** What one thing costs: its rows in prices.csv, one per tier. */
export interface Price {
  readonly id: string;
  readonly provider: Provider;
  readonly service: string;
  readonly item: string;
  /** `GB-month`, `vCPU-hour`, `1000 requests`. */
  readonly unit: string;
  readonly region: string;
  readonly tiers: readonly Tier[];
}

export interface PriceRow {
  readonly id: string;
  readonly provider: string;
  readonly service: string;
  readonly item: string;
  readonly unit: string;
  readonly above: string;
  readonly usd: string;
  readonly region: string;
  readonly source: string;
  /** `2026-10-04`: when the price was read at its source. */
  readonly asOf: string;
}

export interface Prices {
  /** Throws a UserError where a price is asked for that has no row. */
  (id: string): Price;
  has(id: string): boolean;
}

/** Throws a UserError that names the file, and what is wrong with it, where it cannot be read. */
export function readPriceRows(file = PRICES_FILE): readonly PriceRow[] {
  const rows = rowsIn(file);
  const [problem, ...more] = rows.length === 0 ? ["it has no row"] : priceProblems(rows);
  if (problem === undefined) return rows;
  const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
  throw new UserError(`${file} is no price list: ${problem}${others}`, 2);
}

function rowsIn(file: string): readonly PriceRow[] {
  try {
    return parse(readFileSync(file, "utf8"), { columns: true, skip_empty_lines: true });
  } catch (error) {
    throw new UserError(`${file} is no price list: ${messageOf(error)}`, 2);
  }
}

export function pricesFrom(rows: readonly PriceRow[], file = PRICES_FILE): Prices {
  const prices = new Map<string, Price>();
  for (const { id, provider, service, item, unit, region, above, usd } of rows) {
    const tiers = [...(prices.get(id)?.tiers ?? []), { above: amount(above), usd: amount(usd) }];
    tiers.sort((a, b) => a.above.comparedTo(b.above));
    prices.set(id, { id, provider: provider as Provider, service, item, unit, region, tiers });
  }
  const priceOf = (id: string): Price => {
    const price = prices.get(id);
    if (price === undefined)
      throw new UserError(`${file} has no row "${id}": add one with its source and date, as CONTRIBUTING.md says`, 2);
    return price;
  };
  return Object.assign(priceOf, { has: (id: string) => prices.has(id) });
}
