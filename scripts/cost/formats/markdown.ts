import { details, table, text } from "../../markdown.ts";
import type { Difference, StackChange } from "../difference.ts";
import type { StackCost } from "../model.ts";
import { sum } from "../money.ts";
import type { CostReport } from "../report.ts";
import { inCents } from "../report-rounding.ts";
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
  shortName,
  signedPercent,
  signedUsd,
  usd,
} from "./words.ts";

/** GitHub refuses comments of more than 65,536 characters. */
export const mostCharacters = 60_000;

/** The same in every comment, so that the next run finds and replaces the last one's. */
export const marker = "<!-- groundwork:cost -->";

const mostChanges = 40;
const dearest = 10;

/** For a comment on a pull request: what changes first, then what there is. */
export function markdownText(report: CostReport): string {
  const sections = [
    marker,
    `### Cost: ${headline(report)}`,
    budgets(report),
    ...(report.difference === undefined ? [totals(report)] : differences(report.difference)),
    ...report.groupings.map((grouping) => groups(report, grouping)),
    text(attributionText(report)),
    ...report.stacks.map(lines),
    hints(report),
    ...report.stacks.map(assumptions),
    ...report.stacks.map(notPriced),
    text(basisText(report)),
  ];
  return cut(sections.filter((section) => section !== "").join("\n\n"));
}

const headline = ({ stacks, difference }: CostReport): string =>
  difference === undefined
    ? stacks.map(({ stack, monthly }) => `${text(stack)} ${usd(monthly.expected)} USD a month`).join(", ")
    : difference.stacks
        .map(({ stack, delta, part }) => `${text(stack)} ${signedUsd(delta)} USD a month (${signedPercent(part)})`)
        .join(", ");

/** Whole lines only: half a row of a table is none. */
function cut(document: string): string {
  if (document.length <= mostCharacters) return document;
  const whole = document.slice(0, document.lastIndexOf("\n", mostCharacters));
  const open = whole.split("<details>").length > whole.split("</details>").length;
  return `${whole}${open ? "\n\n</details>" : ""}\n\nThe rest is too long for a comment: \`npm run cost\` shows all of it.`;
}

const budgets = ({ budgets: all }: CostReport): string =>
  all.map((budget) => `- ${budget.broken ? "**over budget**, " : ""}${text(budgetText(budget))}`).join("\n");

const totals = ({ stacks }: CostReport): string =>
  table(
    ["stack", "low", "expected", "high"],
    stacks.map(({ stack, monthly: { low, expected, high } }) => [
      text(stack),
      usd(low),
      `**${usd(expected)}**`,
      usd(high),
    ]),
  );

function differences({ against, stacks }: Difference): readonly string[] {
  const rows = stacks.map(({ stack, before, after, delta, part }) => [
    text(stack),
    usd(before.expected),
    usd(after.expected),
    `**${signedUsd(delta)}**`,
    signedPercent(part),
  ]);
  const title = `Against ${text(against)}, expected, in USD a month:`;
  return [title, table(["stack", "before", "after", "difference", ""], rows), ...stacks.map(changes)];
}

function changes({ stack, lines: all, newlyUnpriced }: StackChange): string {
  const rows = all
    .slice(0, mostChanges)
    .map(({ change, urn, item, cause, before, after, delta, part }) => [
      change,
      text(shortName(urn)),
      text(item),
      text(cause),
      usd(before.expected),
      usd(after.expected),
      signedUsd(delta),
      change === "changed" ? signedPercent(part) : "",
    ]);
  const left = all.length - mostChanges;
  return [
    ...(rows.length === 0
      ? []
      : [
          `#### ${text(stack)}: ${plural(all.length, "line")}`,
          table(["change", "resource", "item", "cause", "before", "after", "difference", ""], rows),
        ]),
    ...(left > 0 ? [`And ${plural(left, "smaller line")}.`] : []),
    ...(newlyUnpriced.length > 0
      ? [`Not priced, and new in ${text(stack)}: ${newlyUnpriced.map((urn) => text(shortName(urn))).join(", ")}.`]
      : []),
  ].join("\n\n");
}

function groups({ stacks }: CostReport, grouping: CostReport["groupings"][number]): string {
  const [first] = grouping;
  if (first === undefined) return "";
  const columns = stacks.map((_, index) =>
    inCents(grouping.map((group) => group.stacks[index]?.monthly.expected ?? sum([]))),
  );
  const rows = grouping.map((group, row) => [
    text(groupText(group)),
    ...columns.map((column) => usd(column[row] ?? sum([]))),
    percent(group.share),
  ]);
  const by = first.by.join(", ");
  return details(`By ${text(by)}`, table([text(by), ...stacks.map(({ stack }) => text(stack)), "share"], rows));
}

function lines({ stack, lines: all }: StackCost): string {
  if (all.length === 0) return "";
  const shown = inCents(all.map(({ monthly }) => monthly.expected));
  const sorted = all
    .map((line, index) => ({ line, cost: shown[index] ?? line.monthly.expected }))
    .toSorted((a, b) => b.line.monthly.expected.comparedTo(a.line.monthly.expected));
  const rows = sorted
    .slice(0, dearest)
    .map(({ line, cost }) => [
      text(nameOfLine(line)),
      text(`${line.service}: ${line.item}`),
      `${quantityText(line.quantity.expected)} ${text(line.unit)}`,
      usd(cost),
    ]);
  const rest = sorted.slice(dearest);
  const others =
    rest.length === 0 ? [] : [["others", plural(rest.length, "line"), "", usd(sum(rest.map(({ cost }) => cost)))]];
  return details(
    `The dearest lines of ${text(stack)}`,
    table(["resource", "what", "quantity", "USD a month"], [...rows, ...others]),
  );
}

const hints = ({ hints: all }: CostReport): string =>
  all.length === 0
    ? ""
    : details(
        plural(all.length, "cheaper choice"),
        table(
          ["stack", "saves", "how", "setting", "what is lost"],
          all.map(({ stack, saving, what, setting, loses }) => [
            text(stack),
            usd(saving),
            text(what),
            text(setting),
            text(loses),
          ]),
        ),
      );

function assumptions({ stack, lines: all }: StackCost): string {
  const stated = assumptionsOf(all);
  if (stated.length === 0) return "";
  return details(`Assumptions of ${text(stack)}`, stated.map((one) => `- ${text(one.text)}`).join("\n"));
}

function notPriced({ stack, notPriced: all }: StackCost): string {
  if (all.length === 0) return "";
  const rows = byReason(all).map(({ type, reason, names }) => [text(type), text(reason), text(names.join(", "))]);
  return details(`${all.length} not priced in ${text(stack)}`, table(["type", "why", "resources"], rows));
}
