import { details, table } from "../markdown.ts";
import { amount, type Amount } from "../cost/money.ts";
import { signedPercent, signedUsd, usd } from "../cost/formats/words.ts";
import { safeText } from "./safe-text.ts";
import { type PullRequestReport, type ReportCost, type StackReport } from "./schema.ts";
import { stopsOf } from "./stops.ts";

/** GitHub refuses comments of more than 65,536 characters, and summaries of more than a MiB. */
const mostInComment = 60_000;
const mostInSummary = 900_000;

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** What is known of the run besides its report; GitHub says it, not the artifact. */
export interface Run {
  /** Of the pull request's head. */
  readonly commit: string;
  readonly url: string;
  /** Jobs that failed, by name. */
  readonly failedJobs: readonly string[];
  /** Why there is no report; undefined where there is one. */
  readonly missing: string | undefined;
}

/** The summary of a run: the report alone, without what GitHub says of it. */
export const summaryMarkdown = (report: PullRequestReport): string =>
  cut([verdict(stopLines(report)), ...sections(report)], mostInSummary);

/** The comment on a pull request. */
export function commentMarkdown(report: PullRequestReport | undefined, run: Run): string {
  const stops = report === undefined ? [] : stopLines(report);
  // Its own job fails where it finds something, which stands above.
  const failed = run.failedJobs.filter((name) => name !== "report" || stops.length === 0);
  const lines = [
    ...stops,
    ...(run.missing === undefined ? [] : [`There is no report of the stacks: ${safeText(run.missing)}.`]),
    ...(failed.length === 0 ? [] : [`Failed: ${failed.map(safeText).join(", ")}.`]),
  ];
  const source = `Commit ${run.commit.slice(0, 12)}, [the run](${run.url}). Previewed in the sandbox: no account was touched.`;
  return cut([verdict(lines), ...(report === undefined ? [] : sections(report)), source], mostInComment);
}

const verdict = (stops: readonly string[]): string =>
  stops.length === 0
    ? "### Nothing here stops the merge"
    : ["### Stopped", ...stops.map((stop) => `- ${stop}`)].join("\n");

const stopLines = (report: PullRequestReport): readonly string[] =>
  stopsOf(report).map(({ stack, reason }) => `**${safeText(stack)}**: ${safeText(reason)}.`);

function sections(report: PullRequestReport): readonly string[] {
  return [
    ...(report.baseFailed === null
      ? []
      : [`The base did not come up, so changes and costs count from what did: ${safeText(report.baseFailed)}`]),
    overview(report),
    ...report.stacks.map(errors),
    ...report.stacks.map(losses),
    ...report.stacks.map(mandatory),
    ...report.stacks.map(changes),
    ...report.stacks.map(advisory),
    ...report.stacks.map(costLines),
  ].filter((section) => section !== "");
}

const overview = ({ stacks }: PullRequestReport): string =>
  table(
    ["stack", "creates", "updates", "replaces", "deletes", "policy", "USD a month"],
    stacks.map((stack) => [
      `**${safeText(stack.stack)}**`,
      ...["create", "update", "replace", "delete"].map((op) => String(countOf(stack, op))),
      policyText(stack),
      stack.cost === null ? "unknown" : costText(stack.cost),
    ]),
  );

const countOf = ({ steps }: StackReport, op: string): number => steps.filter((step) => step.op === op).length;

function policyText({ findings, undecided, checked }: StackReport): string {
  const mandatoryCount = findings.filter(({ level }) => level === "mandatory").length;
  const counts = [
    `${mandatoryCount} mandatory`,
    `${findings.length - mandatoryCount} advisory`,
    ...(undecided > 0 ? [`${undecided} known at up alone`] : []),
  ];
  return `${counts.join(", ")} (${plural(checked.rules, "rule")})`;
}

function costText({ before, after, delta, overBudget }: ReportCost): string {
  const [was, change] = [amount(before), amount(delta)];
  const part: Amount | undefined = was.isZero() ? undefined : change.dividedBy(was);
  const growth = change.isZero() ? "" : ` (${signedUsd(change)}, ${signedPercent(part)})`;
  return `${usd(amount(after))}${growth}${overBudget ? ", **over budget**" : ""}`;
}

const named = (urn: string): string => safeText(urn === "" ? "the stack" : (urn.split("::").at(-1) ?? urn));

const andMore = (count: number): string => (count > 0 ? `\n\nAnd ${count} more.` : "");

const errors = ({ stack, errors: all, left }: StackReport): string =>
  all.length === 0
    ? ""
    : `#### ${safeText(stack)} cannot be previewed\n\n${all.map((error) => `- ${safeText(error)}`).join("\n")}${andMore(left.errors)}`;

function losses({ stack, losses: all, left }: StackReport): string {
  if (all.length === 0) return "";
  const rows = all.map(({ urn, op, lost, backup, allowed }) => [
    op,
    named(urn),
    safeText(lost),
    safeText(backup),
    allowed ? "named as meant" : "**stops the merge**",
  ]);
  const head = ["what", "resource", "what would be lost", "which backup covers it", ""];
  return `#### ${safeText(stack)}: data that would be lost\n\n${table(head, rows)}${andMore(left.losses)}`;
}

const findingTable = (findings: StackReport["findings"]): string =>
  table(
    ["severity", "rule", "resource", "what is wrong", "how to mend it"],
    findings.map(({ severity, rule, urn, property, wrong, why, fix }) => [
      severity,
      `\`${rule}\``,
      named(urn),
      safeText(property === "" ? wrong : `${property}: ${wrong}. ${why}`),
      safeText(fix),
    ]),
  );

function mandatory({ stack, findings, left }: StackReport): string {
  const all = findings.filter(({ level }) => level === "mandatory");
  return all.length === 0
    ? ""
    : `#### ${safeText(stack)}: what the policy pack refuses\n\n${findingTable(all)}${andMore(left.findings)}`;
}

function advisory({ stack, findings }: StackReport): string {
  const all = findings.filter(({ level }) => level === "advisory");
  return all.length === 0
    ? ""
    : details(`${safeText(stack)}: ${plural(all.length, "advisory finding")}`, findingTable(all));
}

function changes({ stack, steps, left }: StackReport): string {
  if (steps.length === 0) return "";
  const rows = steps.map(({ op, urn, type, changed, replaces }) => [
    op,
    named(urn),
    safeText(type),
    [
      ...replaces.map((path) => `**${safeText(path)}**`),
      ...changed.filter((path) => !replaces.includes(path)).map(safeText),
    ].join(", "),
  ]);
  const title = `${safeText(stack)}: ${plural(steps.length + left.steps, "change")}`;
  return details(title, `${table(["change", "resource", "type", "properties"], rows)}${andMore(left.steps)}`);
}

function costLines({ stack, cost, left }: StackReport): string {
  if (cost === null || cost.lines.length === 0) return "";
  const rows = cost.lines.map(({ change, urn, item, cause, delta }) => [
    change,
    named(urn),
    safeText(item),
    safeText(cause),
    signedUsd(amount(delta)),
  ]);
  const body = table(["change", "resource", "item", "cause", "USD a month"], rows);
  return details(`${safeText(stack)}: what costs more or less`, `${body}${andMore(left.costLines)}`);
}

/** Whole sections only: half a table is none. */
function cut(all: readonly string[], most: number): string {
  const kept: string[] = [];
  let length = 0;
  for (const section of all) {
    if (length + section.length > most) {
      kept.push("The rest is too long for here: `npm run report -- build` shows all of it.");
      break;
    }
    kept.push(section);
    length += section.length + 2;
  }
  return kept.join("\n\n");
}
