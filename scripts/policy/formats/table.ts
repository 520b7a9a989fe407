import Table from "cli-table3";
import type { Colors } from "../../sandbox/cli/display/colors.ts";
import { nameOf } from "../../sandbox/protocol/urn.ts";
import { columns } from "../../columns.ts";
import type { Finding, Report } from "../judge.ts";
import { byResource, configText, isMandatory, plural, resourceText, summaryText, wrongText } from "./words.ts";

export interface TableOptions {
  readonly colors: Colors;
  /** Characters per line. */
  readonly width: number;
}

/** For people: findings by resource, then what could not be decided, what is exempt, and one line of all. */
export function tableText(report: Report, options: TableOptions): string {
  const { findings } = report;
  const { bold, dim, green, red, yellow } = options.colors;
  const paint = findings.some(isMandatory) ? red : findings.length > 0 ? yellow : green;
  return [
    ...(findings.length === 0 ? [] : [findingTable(findings, options), ""]),
    ...undecidedLines(report, options.colors),
    ...exemptLines(report, options.colors),
    `${bold(paint(summaryText(report)))} ${dim(`(${configText(report)})`)}`,
  ].join("\n");
}

// Less is unreadable, however narrow the terminal.
const LEAST_TEXT = 40;
const INDENT = 2;
const GAP = 2;
const BORDERLESS = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"]
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat(["left-mid", "mid-mid", "right-mid", "middle"])
    .map((part) => [part, ""]),
);

function findingTable(findings: readonly Finding[], { colors, width }: TableOptions): string {
  const longest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length)) + GAP;
  const first = ["mandatory".length + GAP, "critical".length + GAP, longest(findings.map(({ rule }) => rule))];
  const text = Math.max(LEAST_TEXT, width - INDENT - first.reduce((sum, one) => sum + one, 0));
  return byResource(findings)
    .map(([urn, found]) => {
      const table = new Table({
        chars: BORDERLESS,
        // The library's own colours stay out; those of `colors` know whether they are wanted.
        style: { head: [], border: [], "padding-left": 0, "padding-right": GAP },
        colWidths: [...first, text],
        wordWrap: true,
      });
      table.push(...found.map((finding) => row(finding, colors)));
      const lines = table.toString().split("\n");
      return [colors.bold(resourceText(urn)), ...lines.map((line) => `${" ".repeat(INDENT)}${line}`.trimEnd())].join(
        "\n",
      );
    })
    .join("\n\n");
}

function row(finding: Finding, colors: Colors): string[] {
  const paint = isMandatory(finding) ? colors.red : colors.yellow;
  const fix = finding.fix === "" ? "" : `\n${colors.cyan("Fix:")} ${finding.fix}.`;
  return [paint(finding.level), severityText(finding.severity, colors), finding.rule, `${wrongText(finding)}${fix}`];
}

function severityText(severity: string, { bold, dim, magenta, red, yellow }: Colors): string {
  const paints: Readonly<Record<string, (text: string) => string>> = {
    critical: (text) => bold(red(text)),
    high: red,
    medium: yellow,
    low: dim,
  };
  return (paints[severity] ?? magenta)(severity);
}

const MOST_NAMES = 5;

function undecidedLines({ undecided }: Report, { bold }: Colors): string[] {
  if (undecided.length === 0) return [];
  const rows = [...Map.groupBy(undecided, ({ rule }) => rule)].map(([rule, waits]) => {
    const names = [...new Set(waits.map(({ urn, property }) => `${urn === "" ? "stack" : nameOf(urn)}.${property}`))];
    const more = names.length - MOST_NAMES;
    return [`  ${rule}`, `${names.slice(0, MOST_NAMES).join(", ")}${more > 0 ? `, and ${more} more` : ""}`];
  });
  return [
    bold(`${plural(undecided.length, "check")} undecided: the export keeps the value encrypted`),
    ...columns(rows),
    "",
  ];
}

function exemptLines({ exempt }: Report, { bold }: Colors): string[] {
  if (exempt.length === 0) return [];
  const rows = exempt.map(({ finding, reason, owner, expires }) => [
    `  until ${expires}`,
    finding.rule,
    finding.urn === "" ? "stack" : nameOf(finding.urn),
    `${owner}: ${reason}`,
  ]);
  return [bold(`${exempt.length} exempt`), ...columns(rows), ""];
}
