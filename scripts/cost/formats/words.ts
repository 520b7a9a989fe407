import type { Group } from "../groups.ts";
import type { CostLine } from "../model.ts";
import { type Amount, cents, digits } from "../money.ts";
import type { Range } from "../range.ts";
import type { CostReport, ReportedBudget } from "../report.ts";
import { parseUrn } from "../../sandbox/protocol/urn.ts";

export const plural = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`;

/** `1,234.50`: whole cents. */
export const usd = (value: Amount): string => grouped(cents(value));

/** `+1,234.50`, `-3.00`, `0.00`. */
export const signedUsd = (value: Amount): string => {
  const shown = usd(value.abs());
  return shown === "0.00" ? shown : `${value.isNegative() ? "-" : "+"}${shown}`;
};

const grouped = (number: string): string => number.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");

/** `12.3 %`. */
export const percent = (part: Amount): string => `${part.times(100).toDecimalPlaces(1).toFixed(1)} %`;

/** `+12.3 %`; what was not there before has no percentage. */
export const signedPercent = (part: Amount | undefined): string =>
  part === undefined ? "new" : `${part.isNegative() || part.isZero() ? "" : "+"}${percent(part)}`;

/** As `1,460` or `0.25`: at most four decimals. */
export const quantityText = (value: Amount): string => grouped(digits(value.toDecimalPlaces(4)));

/** `12.00 to 34.00`, or the one amount. */
export const spanText = ({ low, high }: Range): string =>
  cents(low) === cents(high) ? usd(high) : `${usd(low)} to ${usd(high)}`;

export const kinds: Readonly<Record<Exclude<Group["kind"], "attributed">, string>> = {
  untagged: "(no such tag)",
  untaggable: "(cannot be tagged)",
};

/** `platform`, or `platform, staging` of two tags. */
export const groupText = ({ kind, values }: Pick<Group, "kind" | "values">): string =>
  kind === "attributed" ? values.join(", ") : kinds[kind];

/** A resource's name without its project's and stack's, which stand beside it. */
export function shortName(urn: string): string {
  const { project, stack, name } = parseUrn(urn);
  const prefix = [`${project}-${stack}-`, `${project}-`].find((begins) => name.startsWith(begins)) ?? "";
  return name.length > prefix.length ? name.slice(prefix.length) : name;
}

export const nameOfLine = ({ urn }: Pick<CostLine, "urn">): string => shortName(urn);

/** How tags cover the spend, as one sentence. */
export const attributionText = (report: CostReport): string =>
  `${percent(report.attributedShare)} of the spend that can bear tags is attributed by ${report.attributedBy.join(", ")}; ` +
  `of all spend ${percent(report.untaggedShare)} lacks a tag and ${percent(report.untaggableShare)} cannot be tagged.`;

/** What the numbers stand on, as sentences. */
export const basisText = ({ prices, currency }: CostReport): string =>
  [
    `An estimate is not the bill: ${currency} a month of 730 hours, list prices without tax, support, credits, or discounts.`,
    ...(prices === undefined ? [] : [`Prices were read from ${prices.oldest} to ${prices.newest}.`]),
    "Totals are rounded to the cent from exact values; what is expected of their parts is rounded so that it adds up.",
  ].join(" ");

export const budgetText = ({ stack, period, limit, expected, high, broken }: ReportedBudget): string =>
  `${stack}: ${usd(expected)} expected (${usd(high)} high) of ${usd(limit)} a ${period}: ` +
  (broken ? "over budget" : high.greaterThan(limit) ? "within budget, over it if use is high" : "within budget");

/** Each assumption once, with how many lines rest on it. */
export function assumptionsOf(
  lines: readonly CostLine[],
): readonly { readonly text: string; readonly lines: readonly CostLine[] }[] {
  const stated = Map.groupBy(
    lines.filter(({ assumption }) => assumption !== undefined),
    ({ assumption }) => assumption ?? "",
  );
  return [...stated].map(([text, resting]) => ({ text, lines: resting }));
}

/** The same reason once, with the names of the resources. */
export const byReason = (
  resources: readonly { readonly urn: string; readonly type: string; readonly reason: string }[],
): readonly { readonly type: string; readonly reason: string; readonly names: readonly string[] }[] =>
  [...Map.groupBy(resources, ({ type, reason }) => `${type} ${reason}`).values()].map((same) => ({
    type: same[0]?.type ?? "",
    reason: same[0]?.reason ?? "",
    names: same.map(({ urn }) => shortName(urn)),
  }));
