import type { RunResult } from "./sandbox/engine/events.ts";
import type { Colors } from "./sandbox/cli/display/colors.ts";
import { countsText } from "./sandbox/cli/display/operations.ts";
import { durationText } from "./sandbox/cli/display/summary.ts";
import type { IsolationResult, Leak } from "./isolation.ts";
import { outputRows } from "./start-outputs.ts";

export interface StartSummary {
  readonly results: readonly RunResult[];
  /** Undefined where a stack failed: there is nothing to compare. */
  readonly isolation: IsolationResult | undefined;
  /** Of the whole command. */
  readonly seconds: number;
  /** As a person would type it. */
  readonly stateDirectory: string;
}

/** Whether everything holds that `npm start` promises. */
export const isGood = ({ results, isolation }: StartSummary): boolean =>
  results.every(({ result }) => result === "succeeded") && isolation?.leaks.length === 0;

/** What a newcomer reads after `npm start`. */
export function startLines(summary: StartSummary, colors: Colors, width: number): string[] {
  const { results, isolation, seconds, stateDirectory } = summary;
  const good = isGood(summary);
  const title = good ? "Staging and production are up, in the sandbox" : "The sandbox is not as it should be";
  return [
    "",
    colors.bold(good ? colors.green(title) : colors.red(title)) + colors.dim(` (${durationText(seconds)})`),
    ...stackLines(results, colors),
    "",
    ...outputLines(results, colors, width),
    ...isolationLines(isolation, results, colors),
    "",
    ...(good ? nextLines(colors) : failedLines(results, isolation)),
    colors.dim(`No account was touched: state and cloud are files in ${stateDirectory}.`),
  ];
}

function stackLines(results: readonly RunResult[], colors: Colors): string[] {
  const rows = results.map((result) => [
    result.stack,
    result.result === "succeeded" ? `${result.resourceCount} resources` : colors.red("failed"),
    `${result.policiesChecked} policies checked${findingsText(result)}`,
    durationText(result.seconds),
    countsText(result.changes, result.command, colors),
  ]);
  return aligned(rows).map((row) => `  ${row}`);
}

function findingsText({ findings }: RunResult): string {
  const mandatory = findings.filter(({ level }) => level === "mandatory").length;
  const advisory = findings.length - mandatory;
  return `${mandatory > 0 ? `, ${plural(mandatory, "mandatory finding")}` : ""}${advisory > 0 ? `, ${advisory} advisory` : ""}`;
}

function outputLines(results: readonly RunResult[], colors: Colors, width: number): string[] {
  return results.flatMap(({ stack, outputs }) => {
    const rows = outputRows(outputs, colors, width);
    return rows.length === 0 ? [] : [colors.bold(`Outputs of ${stack}`), ...rows.map((row) => `  ${row}`), ""];
  });
}

// More of them say nothing new.
const MOST_LEAKS = 10;

function isolationLines(
  isolation: IsolationResult | undefined,
  results: readonly RunResult[],
  colors: Colors,
): string[] {
  if (isolation === undefined) return [colors.yellow("Isolation was not checked: a stack failed.")];
  const names = results.map(({ stack }) => stack).join(" and ");
  const compared = `${isolation.compared.toLocaleString("en")} values of ${names} compared`;
  if (isolation.leaks.length === 0)
    return [`${colors.green("Isolated")}: ${compared}; nothing of one stands in the other.`];
  return [
    colors.red(`Not isolated: ${compared}, ${plural(isolation.leaks.length, "leak")}`),
    ...isolation.leaks.slice(0, MOST_LEAKS).map(leakLine),
    ...(isolation.leaks.length > MOST_LEAKS ? [`  … ${isolation.leaks.length - MOST_LEAKS} more`] : []),
    "  What both may share stands, with its reason, in scripts/isolation-allow-list.ts.",
  ];
}

const leakLine = ({ kind, value, of, found }: Leak): string =>
  `  ${kind} ${value} of ${of.stack} (${of.where}) is in ${found.stack}: ${found.where} ${found.path}`;

const NEXT: readonly (readonly [command: string, meaning: string])[] = [
  ["npm run sandbox -- preview --stack staging --diff", "change something in infra/, then see what would happen"],
  ["npm run sandbox -- graph --stack production mermaid", "how production hangs together"],
  ["npm run policy -- --stack production", "what the policies advise, and why"],
  ["npm test", "everything that must hold"],
];

function nextLines(colors: Colors): string[] {
  const longest = Math.max(...NEXT.map(([command]) => command.length));
  return [
    colors.bold("Next"),
    ...NEXT.map(([command, meaning]) => `  ${colors.cyan(command.padEnd(longest))}  ${meaning}`),
    "",
  ];
}

function failedLines(results: readonly RunResult[], isolation: IsolationResult | undefined): string[] {
  const failed = results.find(({ result }) => result === "failed");
  if (failed !== undefined) return [`Next: npm run sandbox -- up --stack ${failed.stack}`, ""];
  return isolation === undefined ? [] : ["Next: npm run sandbox -- export --stack staging", ""];
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Columns side by side; colours do not count as width. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const visible = (text: string): number => text.replaceAll(ANSI, "").length;
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => visible(row[column] ?? ""))));
  return rows.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - visible(cell))))
      .join("   ")
      .trimEnd(),
  );
}

/** What a terminal reads as a colour. */
const ANSI = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");
