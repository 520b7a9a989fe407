import type { PolicyFindingLine, PlannedStep } from "../engines/engine.ts";
import type { StackChange } from "../cost/difference.ts";
import { type Amount, digits } from "../cost/money.ts";
import type { Report } from "../policy/judge.ts";
import {
  bounded,
  first,
  type Loss,
  most,
  mostBytes,
  operations,
  type PullRequestReport,
  type ReportCost,
  type ReportFinding,
  type ReportStep,
  type StackReport,
} from "./schema.ts";

/** What is known of one stack after its preview. */
export interface Gathered {
  readonly stack: string;
  readonly result: "succeeded" | "failed";
  readonly errors: readonly string[];
  readonly steps: readonly PlannedStep[];
  /** What the engine's own policy run said: it stands in for `judged` where the stack could not be read. */
  readonly said: readonly PolicyFindingLine[];
  readonly judged: Report | undefined;
  readonly losses: readonly Loss[];
  readonly cost: { readonly change: StackChange; readonly overBudget: boolean } | undefined;
}

/** Halves of a replacement say nothing that the replacement does not. */
const HALVES: ReadonlySet<string> = new Set(["create-replacement", "delete-replaced", "read-replacement"]);

/** The bounded form of it: what is longer than the schema allows is cut, and counted. */
export function assembled({ stack, result, errors, steps, said, judged, losses, cost }: Gathered): StackReport {
  const shown = {
    errors: first(errors.map(bounded), most.errors),
    steps: first(steps.filter(({ op }) => !HALVES.has(op)).flatMap(stepOf), most.steps),
    findings: first(
      judged === undefined ? said.flatMap(saidFinding) : judged.findings.map(judgedFinding),
      most.findings,
    ),
    losses: first(losses.map(boundedLoss), most.losses),
  };
  return {
    stack,
    result,
    errors: shown.errors.kept,
    steps: shown.steps.kept,
    findings: shown.findings.kept,
    undecided: judged?.undecided.length ?? 0,
    checked: { resources: judged?.resources ?? 0, rules: judged?.rules.length ?? 0 },
    losses: shown.losses.kept,
    cost: cost === undefined ? null : costOf(cost.change, cost.overBudget),
    left: {
      errors: shown.errors.left,
      steps: shown.steps.left,
      findings: shown.findings.left,
      losses: shown.losses.left,
      costLines: Math.max(0, (cost?.change.lines.length ?? 0) - most.costLines),
    },
  };
}

const isOperation = (op: string): op is ReportStep["op"] => operations.some((known) => known === op);

const stepOf = ({ op, urn, type, changed, replaces }: PlannedStep): ReportStep[] =>
  isOperation(op)
    ? [
        {
          op,
          urn: bounded(urn),
          type: bounded(type),
          changed: first(changed.map(bounded), most.properties).kept,
          replaces: first(replaces.map(bounded), most.properties).kept,
        },
      ]
    : [];

const severities = ["critical", "high", "medium", "low"] as const;

const severityOf = (given: string): ReportFinding["severity"] => severities.find((known) => known === given) ?? "";

const judgedFinding = ({ rule, level, severity, urn, property, wrong, why, fix }: Report["findings"][number]) => ({
  rule,
  level,
  severity: severityOf(severity),
  urn: bounded(urn),
  property: bounded(property),
  wrong: bounded(wrong),
  why: bounded(why),
  fix: bounded(fix),
});

/** A policy that is switched off or mends by itself finds nothing. */
const saidFinding = ({ policy, level, urn, message }: PolicyFindingLine): ReportFinding[] =>
  level === "mandatory" || level === "advisory"
    ? [
        {
          rule: policy,
          level,
          severity: "",
          urn: bounded(urn),
          property: "",
          wrong: bounded(message),
          why: "",
          fix: "",
        },
      ]
    : [];

const boundedLoss = ({ urn, op, lost, backup, allowed }: Loss): Loss => ({
  urn: bounded(urn),
  op,
  lost: bounded(lost),
  backup: bounded(backup),
  allowed,
});

const costOf = ({ before, after, delta, lines }: StackChange, overBudget: boolean): ReportCost => ({
  before: money(before.expected),
  after: money(after.expected),
  delta: money(delta),
  lines: lines.slice(0, most.costLines).map((line) => ({
    change: line.change,
    urn: bounded(line.urn),
    item: bounded(line.item),
    cause: bounded(line.cause),
    delta: money(line.delta),
  })),
  overBudget,
});

const money = (amount: Amount): string => digits(amount.toDecimalPlaces(4));

/** No larger than whoever reads it accepts: halves the lists that only inform, as often as it takes. */
export function fitted(report: PullRequestReport): PullRequestReport {
  if (Buffer.byteLength(JSON.stringify(report)) <= mostBytes) return report;
  return fitted({ ...report, stacks: report.stacks.map(shorter) });
}

function shorter(stack: StackReport): StackReport {
  const steps = first(stack.steps, Math.floor(stack.steps.length / 2));
  // What is refused comes before what is advised.
  const ranked = stack.findings.toSorted((a, b) => Number(b.level === "mandatory") - Number(a.level === "mandatory"));
  const findings = first(ranked, Math.ceil(stack.findings.length / 2));
  const lines = first(stack.cost?.lines ?? [], Math.floor((stack.cost?.lines.length ?? 0) / 2));
  return {
    ...stack,
    steps: steps.kept,
    findings: findings.kept,
    cost: stack.cost && { ...stack.cost, lines: lines.kept },
    left: {
      ...stack.left,
      steps: stack.left.steps + steps.left,
      findings: stack.left.findings + findings.left,
      costLines: stack.left.costLines + lines.left,
    },
  };
}
