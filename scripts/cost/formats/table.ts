import type { Colors } from "../../sandbox/cli/display/colors.ts";
import type { StackCost } from "../model.ts";
import { sum } from "../money.ts";
import type { CostReport } from "../report.ts";
import { inCents, rangesInCents } from "../report-rounding.ts";
import { aligned, type Column } from "./borderless.ts";
import { differenceLines } from "./table-difference.ts";
import {
  assumptionsOf,
  attributionText,
  basisText,
  budgetText,
  byReason,
  groupText,
  nameOfLine,
  percent,
  plural,
  quantityText,
  spanText,
  usd,
} from "./words.ts";

export interface TableOptions {
  readonly colors: Colors;
  /** Characters per line. */
  readonly width: number;
}

const dearest = 15;
const mostNames = 4;

/** For people at a terminal: totals, groups, the dearest lines, and what they rest on. */
export function tableText(report: CostReport, options: TableOptions): string {
  const sections = [
    totals(report, options),
    ...(report.difference === undefined ? [] : [differenceLines(report.difference, options)]),
    budgets(report, options),
    ...groups(report, options),
    ...report.stacks.map((stack) => lines(stack, options)),
    hints(report, options),
    ...report.stacks.map((stack) => assumptions(stack, options)),
    ...report.stacks.map((stack) => notPriced(stack, options)),
    wrapped(basisText(report), options.width),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

const right = (head: string): Column => ({ head, align: "right" });

const titled = (title: string, body: string, { bold }: Colors): string => `${bold(title)}\n${body}`;

function totals({ stacks, currency }: CostReport, { colors, width }: TableOptions): string {
  const rows = stacks.map(({ stack, monthly, lines: all, free, notPriced: unpriced }) => [
    `  ${stack}`,
    usd(monthly.low),
    colors.bold(usd(monthly.expected)),
    usd(monthly.high),
    `${plural(all.length, "line")}, ${free.length} free, ${unpriced.length} not priced`,
  ]);
  const heads = [{ head: "  stack" }, right("low"), right("expected"), right("high"), { head: "", rest: true }];
  return titled(`Cost in ${currency} a month`, aligned(heads, rows, width), colors);
}

function budgets({ budgets: all }: CostReport, { colors, width }: TableOptions): string {
  if (all.length === 0) return "";
  const body = all.map((budget) => {
    const text = wrapped(`  ${budgetText(budget)}`, width);
    return budget.broken ? colors.red(text) : text;
  });
  return titled("Budget", body.join("\n"), colors);
}

function groups(report: CostReport, { colors, width }: TableOptions): readonly string[] {
  const sections = report.groupings.map((grouping) => {
    const perStack = report.stacks.map((_, index) =>
      inCents(grouping.map((group) => group.stacks[index]?.monthly.expected ?? sum([]))),
    );
    const rows = grouping.map((group, row) => [
      `  ${groupText(group)}`,
      ...perStack.map((column) => usd(column[row] ?? sum([]))),
      percent(group.share),
    ]);
    const by = grouping[0]?.by.join(", ") ?? "";
    const heads = [{ head: "  ", rest: true }, ...report.stacks.map(({ stack }) => right(stack)), right("share")];
    return grouping.length === 0 ? "" : titled(`By ${by}`, aligned(heads, rows, width), colors);
  });
  return [...sections, wrapped(attributionText(report), width)];
}

function lines({ stack, lines: all }: StackCost, { colors, width }: TableOptions): string {
  if (all.length === 0) return "";
  const shown = rangesInCents(all.map(({ monthly }) => monthly));
  const rows = all
    .map((line, index) => ({ line, monthly: shown[index] ?? line.monthly }))
    .toSorted((a, b) => b.line.monthly.expected.comparedTo(a.line.monthly.expected));
  const rest = rows.slice(dearest);
  const cells = rows
    .slice(0, dearest)
    .map(({ line, monthly }) => [
      `  ${nameOfLine(line)}`,
      `${line.service}: ${line.item}`,
      `${quantityText(line.quantity.expected)} ${line.unit}`,
      `${usd(monthly.expected)}${line.usageBased ? "*" : " "}`,
    ]);
  const others =
    rest.length === 0
      ? []
      : [["  others", plural(rest.length, "line"), "", `${usd(sum(rest.map(({ monthly }) => monthly.expected)))} `]];
  const heads = [{ head: "  resource" }, { head: "what", rest: true }, right("quantity"), right("a month ")];
  const body = aligned(heads, narrow([...cells, ...others], width), width);
  const note = all.some(({ usageBased }) => usageBased) ? colors.dim("\n  * rests on an assumption, below") : "";
  return titled(`The dearest lines of ${stack}`, `${body}${note}`, colors);
}

/** Names of resources may be long; in a narrow terminal they give way. */
const narrow = (rows: readonly (readonly string[])[], width: number): readonly (readonly string[])[] => {
  const most = Math.max(12, Math.floor(width / 4));
  return rows.map(([name = "", ...rest]) => [name.length > most ? `${name.slice(0, most - 1)}…` : name, ...rest]);
};

function hints({ hints: all }: CostReport, { colors, width }: TableOptions): string {
  if (all.length === 0) return "";
  const rows = all
    .toSorted((a, b) => b.saving.comparedTo(a.saving))
    .map(({ stack, what, saving, setting, loses }) => [
      `  ${stack}`,
      usd(saving),
      `${what}\nChange: ${setting}\nLost: ${loses}`,
    ]);
  return titled(
    "Cheaper choices",
    aligned([{ head: "  stack" }, right("saves"), { head: "how", rest: true }], rows, width),
    colors,
  );
}

function assumptions({ stack, lines: all }: StackCost, { colors, width }: TableOptions): string {
  const rows = assumptionsOf(all).map(({ text, lines: resting }) => [
    spanText({
      low: sum(resting.map(({ monthly }) => monthly.low)),
      expected: sum(resting.map(({ monthly }) => monthly.expected)),
      high: sum(resting.map(({ monthly }) => monthly.high)),
    }),
    text,
  ]);
  if (rows.length === 0) return "";
  const heads = [
    { head: "  span, USD", align: "right" as const },
    { head: "assumed", rest: true },
  ];
  const body = aligned(
    heads,
    rows.map(([span = "", text = ""]) => [`  ${span}`, text]),
    width,
  );
  return titled(`Assumptions of ${stack}`, body, colors);
}

function notPriced({ stack, notPriced: all }: StackCost, { colors, width }: TableOptions): string {
  if (all.length === 0) return "";
  const rows = byReason(all).map(({ type, reason, names }) => {
    const more = names.length - mostNames;
    return [
      `  ${type.slice(type.lastIndexOf(":") + 1)}`,
      `${reason} (${names.slice(0, mostNames).join(", ")}${more > 0 ? `, and ${more} more` : ""})`,
    ];
  });
  return titled(
    `Not priced in ${stack}`,
    aligned([{ head: "  type" }, { head: "why", rest: true }], rows, width),
    colors,
  );
}

/** Whole words, at the width's edge. */
export function wrapped(text: string, width: number): string {
  const indent = /^ */.exec(text)?.[0] ?? "";
  const rows: string[] = [];
  for (const word of text.trim().split(" ")) {
    const last = rows.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) rows.push(`${indent}${word}`);
    else rows[rows.length - 1] = `${last} ${word}`;
  }
  return rows.join("\n");
}
