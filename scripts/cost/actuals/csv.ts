import { stringify } from "csv-stringify/sync";
import { type Amount, digits } from "../money.ts";
import type { ActualsReport, Comparison } from "./report.ts";

const DECIMALS = 10;
const cell = (value: Amount | undefined): string =>
  value === undefined ? "" : digits(value.toDecimalPlaces(DECIMALS));

/** For spreadsheets: one row per group, then what stands apart; the column `billed` adds up to the month so far. */
export function csvText({ by, groups, apart, month }: ActualsReport): string {
  const head = [
    "month",
    ...by,
    "kind",
    ...["billed", "toDate", "forecastToDate", "runRate", "forecastLow", "forecast", "forecastHigh", "difference"],
  ];
  const compared = ({ toDate, runRate, forecast }: Comparison): readonly string[] => [
    cell(toDate),
    cell(forecast?.toDate),
    cell(runRate),
    cell(forecast?.monthly.low),
    cell(forecast?.monthly.expected),
    cell(forecast?.monthly.high),
    cell(forecast?.difference),
  ];
  const period = month.slice(0, "2026-10".length);
  const rows = groups.map((group) => [
    period,
    ...by.map((_, index) => group.values[index] ?? ""),
    group.kind,
    cell(group.billed),
    ...compared(group),
  ]);
  const others = Object.entries<Amount>({ ...apart }).map(([name, value]) => [
    period,
    ...by.map(() => ""),
    name,
    cell(value),
  ]);
  return stringify([head, ...rows, ...others.map((row) => head.map((_, index) => row[index] ?? ""))]);
}
