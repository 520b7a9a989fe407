import { Decimal } from "decimal.js";
import { digits } from "../money.ts";
import type { ActualsReport } from "./report.ts";
import { rulesOf } from "./words.ts";

/** Shares and quotients have no end as decimals. */
const DECIMALS = 10;

/** For machines: amounts as decimal texts; what is not known is null. */
export const jsonText = (report: ActualsReport): string =>
  JSON.stringify(plain({ ...report, month: report.month.slice(0, "2026-10".length), rules: rulesOf(report) }), null, 2);

function plain(value: unknown): unknown {
  if (Decimal.isDecimal(value)) return digits(value.toDecimalPlaces(DECIMALS));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, each === undefined ? null : plain(each)]),
    );
  return value;
}
