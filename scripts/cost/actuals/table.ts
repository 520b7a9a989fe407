import type { Colors } from "../../sandbox/cli/display/colors.ts";
import { aligned, type Column } from "../formats/borderless.ts";
import { groupText, plural, signedPercent, signedUsd, usd } from "../formats/words.ts";
import type { Amount } from "../money.ts";
import type { ActualsReport, Comparison } from "./report.ts";
import { rulesOf } from "./words.ts";

export interface TableOptions {
  readonly colors: Colors;
  /** Characters per line. */
  readonly width: number;
}

const right = (head: string): Column => ({ head, align: "right" });
const unknown = "?";
const orUnknown = (value: Amount | undefined): string => (value === undefined ? unknown : usd(value));

/** For people at a terminal. */
export function tableText(report: ActualsReport, { colors, width }: TableOptions): string {
  const { bold } = colors;
  const section = (title: string, body: string): string => `${bold(title)}\n${body}`;
  const month = report.month.slice(0, "2026-10".length);
  return [
    section(
      `Billed in ${report.currency}, ${month} ${report.closed ? "(over)" : `as of ${report.today}`}: ${plural(report.rows, "row")}, ${plural(report.files, "file")}`,
      groups(report, width),
    ),
    section("Apart", apart(report, width)),
    section("Providers", providers(report, width)),
    section("Anomalies", anomalies(report, width)),
    rulesOf(report)
      .map((rule) => wrapped(rule, width))
      .join("\n"),
  ].join("\n\n");
}

function groups(report: ActualsReport, width: number): string {
  const { forecast } = report.whole;
  const heads = [
    { head: `  ${report.by.join(", ")}` },
    right("billed"),
    right("to date"),
    ...(forecast === undefined ? [] : [right("forecast to date")]),
    right("run rate"),
    ...(forecast === undefined ? [] : [right("forecast"), right("difference"), right("")]),
  ];
  const row = (name: string, billed: Amount, of: Comparison): readonly string[] => [
    `  ${name}`,
    usd(billed),
    usd(of.toDate),
    ...(of.forecast === undefined ? [] : [usd(of.forecast.toDate)]),
    orUnknown(of.runRate),
    ...(of.forecast === undefined
      ? []
      : [
          usd(of.forecast.monthly.expected),
          of.forecast.difference === undefined ? unknown : signedUsd(of.forecast.difference),
          of.forecast.difference === undefined ? unknown : signedPercent(of.forecast.part),
        ]),
  ];
  const charges = report.groups.reduce<Amount | undefined>((sum, { billed }) => sum?.plus(billed) ?? billed, undefined);
  const rows = report.groups.map((group) => row(groupText(group), group.billed, group));
  return aligned(heads, charges === undefined ? rows : [...rows, row("all", charges, report.whole)], width);
}

function apart({ apart: all, total, cost }: ActualsReport, width: number): string {
  const rows = [...Object.entries<Amount>({ ...all }), ["total", total[cost]] as const].map(([name, value]) => [
    `  ${name}`,
    usd(value),
  ]);
  return aligned([{ head: "" }, right("")], rows, width);
}

const providers = ({ providers: all, days }: ActualsReport, width: number): string =>
  aligned(
    [{ head: "" }, right(""), { head: "" }],
    all.map(({ provider, billed, completeDays, lastDay }) => [
      `  ${provider}`,
      usd(billed),
      `${completeDays} of ${days} days complete${lastDay === undefined ? ", nothing charged by the day" : `, the last charges are of ${lastDay}`}`,
    ]),
    width,
  );

function anomalies({ anomalies: all }: ActualsReport, width: number): string {
  if (all.length === 0) return "  none";
  const heads = [
    { head: "  first day" },
    { head: "last day" },
    { head: "service" },
    right("billed"),
    right("usual"),
    right("excess"),
  ];
  const rows = all.map(({ firstDay, lastDay, provider, service, billed, usual, excess }) => [
    `  ${firstDay}`,
    lastDay,
    `${provider} ${service}`,
    usd(billed),
    usd(usual),
    signedUsd(excess),
  ]);
  return aligned(heads, rows, width);
}

function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}
