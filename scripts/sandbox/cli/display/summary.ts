import type { Colors } from "./colors.ts";
import type { OperationKind, PolicyFinding, PolicyWait, PropertyChange, RunResult, Step } from "../../engine/events.ts";
import { nameOf, typeOf } from "../../protocol/urn.ts";
import { diffLines } from "./diff.ts";
import { OPERATIONS, countsText, paintOperation } from "./operations.ts";
import { valueText } from "./value-text.ts";

export interface SummaryOptions {
  readonly colors: Colors;
  /** Characters per line, roughly. */
  readonly width: number;
  /** Every property and every resource, nothing left out. */
  readonly diff: boolean;
}

const MOST_PROPERTIES = 10;
const MOST_NAMES = 8;
// People copy outputs: an ARN must fit whole.
const LEAST_OUTPUT = 100;
// Beyond that a list says less than a count.
const MOST_SINGLE = 24;

/** What a run came to, for people. Never holds a secret. */
export function summaryLines(result: RunResult, options: SummaryOptions): string[] {
  const { colors } = options;
  const ok = result.result === "succeeded";
  const heading = `${result.stack}: ${result.command} ${ok ? "done" : "failed"} in ${durationText(result.seconds)}`;
  return [
    colors.bold(ok ? colors.green(heading) : colors.red(heading)),
    ...section(changeLines(result, options)),
    ...section(policyLines(result, options)),
    ...section(outputLines(result, options)),
    ...section(errorLines(result, colors)),
    `  ${countsText(result.changes, result.command, colors)}`,
  ];
}

const section = (lines: readonly string[]): string[] => lines.map((line) => (line === "" ? "" : `  ${line}`));

export const durationText = (seconds: number): string =>
  seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;

export const resourceText = (urn: string): string => `${nameOf(urn)} (${typeOf(urn)})`;

/** Shown one by one with their properties; what is only made or removed is grouped by type. */
const WITH_PROPERTIES: ReadonlySet<OperationKind> = new Set(["update", "replace", "refresh", "import"]);
const GROUPED: readonly OperationKind[] = ["create", "delete", "read", "discard"];

function changeLines(result: RunResult, options: SummaryOptions): string[] {
  const steps = [...result.steps].sort(byUrn);
  const failed = new Set(result.failed.map(({ op, urn }) => `${op} ${urn}`));
  const done = steps.filter(({ op, urn }) => !failed.has(`${op} ${urn}`));
  const detailed = done
    .filter((step) => WITH_PROPERTIES.has(step.op) && !(step.op === "refresh" && step.changes.length === 0))
    .flatMap((step) => stepLines(step, replacementChanges(step, done), options));
  const grouped = GROUPED.flatMap((op) =>
    groupLines(
      op,
      done.filter((step) => step.op === op),
      options,
    ),
  );
  return [...detailed, ...grouped];
}

export const byUrn = (a: Step, b: Step): number => compare(a.urn, b.urn) || compare(a.op, b.op);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The halves of a replacement carry its properties where the step itself has none. */
function replacementChanges(step: Step, steps: readonly Step[]): readonly PropertyChange[] {
  if (step.op !== "replace" || step.changes.length > 0) return step.changes;
  return steps.find((other) => other.urn === step.urn && other.op === "create-replacement")?.changes ?? [];
}

function stepLines(step: Step, changes: readonly PropertyChange[], { colors, width, diff }: SummaryOptions): string[] {
  const { symbol } = OPERATIONS[step.op];
  const head = `${paintOperation(colors, step.op, symbol)} ${nameOf(step.urn)} ${colors.dim(typeOf(step.urn))}`;
  const lines = diffLines(changes, Math.max(24, Math.floor(width / 2) - 12));
  const visible = diff ? lines : lines.slice(0, MOST_PROPERTIES);
  const paint = { "+": colors.green, "-": colors.red, "~": colors.yellow };
  return [
    head,
    ...visible.map(
      (line) =>
        `    ${paint[line.symbol](line.symbol)} ${line.path}${line.text === "" ? "" : `: ${line.text}`}` +
        (line.replaces ? colors.magenta(" (forces replacement)") : ""),
    ),
    ...(visible.length < lines.length
      ? [colors.dim(`    … ${lines.length - visible.length} more (--diff shows all)`)]
      : []),
  ];
}

function groupLines(op: OperationKind, steps: readonly Step[], options: SummaryOptions): string[] {
  const { colors, diff } = options;
  if (diff) return steps.flatMap((step) => stepLines(step, step.changes, options));
  if (steps.length > MOST_SINGLE) return [countLine(op, steps, colors)];
  const byType = Map.groupBy(steps, (step) => typeOf(step.urn));
  return [...byType.entries()]
    .sort(([a], [b]) => compare(a, b))
    .map(([type, group]) => {
      const names = group.map((step) => nameOf(step.urn));
      const more = names.length - MOST_NAMES;
      const text = more > 0 ? `${names.slice(0, MOST_NAMES).join(", ")}, … ${more} more` : names.join(", ");
      return `${paintOperation(colors, op, OPERATIONS[op].symbol)} ${type} ${colors.dim(text)}`;
    });
}

/** `aws:s3/bucket:Bucket` is of `aws:s3`, `random:index/x:X` of `random`, `shop:web:Site` of `shop:web`. */
function serviceOf(type: string): string {
  const [packageName = "", module = ""] = type.split(":");
  const service = module.split("/")[0] ?? "";
  return service === "" || service === "index" ? packageName : `${packageName}:${service}`;
}

/** `+ 22 aws:ec2, 9 aws:s3, …`: what is many is counted by service. */
function countLine(op: OperationKind, steps: readonly Step[], colors: Colors): string {
  const byService = Map.groupBy(steps, (step) => serviceOf(typeOf(step.urn)));
  const counts = [...byService.entries()]
    .map(([service, group]) => ({ service, count: group.length }))
    .sort((a, b) => b.count - a.count || compare(a.service, b.service))
    .map(({ service, count }) => `${count} ${service}`);
  return `${paintOperation(colors, op, OPERATIONS[op].symbol)} ${counts.join(", ")}`;
}

const LEVEL_ORDER = ["mandatory", "remediate", "advisory", "disabled"];

function policyLines(result: RunResult, { colors, diff }: SummaryOptions): string[] {
  const head = `${result.policiesChecked} ${result.policiesChecked === 1 ? "policy" : "policies"} checked`;
  const waits = waitingLines(result.waiting, diff);
  const fixed = result.remediations
    .map(({ policy, urn }) => `  ${colors.yellow("remediated")} ${policy}: ${nameOf(urn)}`)
    .sort(compare);
  if (result.findings.length === 0)
    return result.policiesChecked === 0 ? fixed : [colors.dim(`${head}, no findings`), ...fixed, ...waits];
  const byPolicy = Map.groupBy(result.findings, ({ level, policy }) => `${LEVEL_ORDER.indexOf(level)} ${policy}`);
  return [
    `${head}, ${result.findings.length} ${result.findings.length === 1 ? "finding" : "findings"}`,
    ...fixed,
    ...[...byPolicy.entries()]
      .sort(([a], [b]) => compare(a, b))
      .flatMap(([, findings]) => findingLines(findings, colors)),
    ...waits,
  ];
}

/** Unknown is no pass: how much of the judgement is left to up. */
function waitingLines(waiting: readonly PolicyWait[], diff: boolean): string[] {
  if (waiting.length === 0) return [];
  const count = waiting.length === 1 ? "1 check waits" : `${waiting.length} checks wait`;
  const each = [...Map.groupBy(waiting, ({ policy }) => policy)]
    .map(
      ([policy, waits]) => `  ${policy}: ${[...new Set(waits.map(({ urn }) => nameOf(urn)))].sort(compare).join(", ")}`,
    )
    .sort(compare);
  return [`${count} for values that only up knows${diff ? "" : " (--diff shows them)"}`, ...(diff ? each : [])];
}

function findingLines(findings: readonly PolicyFinding[], colors: Colors): string[] {
  const [first] = findings;
  if (first === undefined) return [];
  const paint = first.level === "mandatory" ? colors.red : colors.yellow;
  const description = commonDescription(findings.map(({ message }) => message));
  return [
    `  ${paint(first.level)} ${first.policy}${description === "" ? "" : `: ${description}`}`,
    ...[...findings]
      .sort((a, b) => compare(a.urn, b.urn) || compare(a.message, b.message))
      .map(({ urn, message }) => ({ name: urn === "" ? "stack" : nameOf(urn), message: message.trimEnd() }))
      .flatMap(({ name, message }) =>
        indented(`${name}: ${description === "" ? message : message.slice(description.length + 1)}`, "    "),
      ),
  ];
}

/** The line that every message of a policy begins with, said once. "" where there is none with more to say. */
function commonDescription(messages: readonly string[]): string {
  const [first = ""] = messages;
  const line = first.slice(0, Math.max(0, first.indexOf("\n")));
  return messages.every((message) => message.startsWith(`${line}\n`) && message.trimEnd() !== line) ? line : "";
}

function outputLines(result: RunResult, { colors, width }: SummaryOptions): string[] {
  const keys = Object.keys(result.outputs).sort();
  if (keys.length === 0) return [];
  return [
    "outputs",
    ...keys.map(
      (key) =>
        `  ${colors.cyan(key)}: ${valueText(result.outputs[key], Math.max(LEAST_OUTPUT, width - key.length - 8))}`,
    ),
  ];
}

function errorLines(result: RunResult, colors: Colors): string[] {
  if (result.errors.length === 0) return [];
  return [
    colors.red(result.errors.length === 1 ? "error" : `${result.errors.length} errors`),
    ...result.errors.flatMap(({ urn, message }) =>
      indented(urn === "" ? message : `${resourceText(urn)}: ${message}`, "  "),
    ),
  ];
}

function indented(text: string, by: string): string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line, index) => `${by}${index === 0 ? "" : "  "}${line}`);
}
