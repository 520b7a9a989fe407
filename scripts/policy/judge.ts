import { exemptionNote } from "../../policy-pack/support/exemption.ts";
import { toldBy } from "../../policy-pack/support/message.ts";
import { NOT_KNOWN, type Rule } from "../../policy-pack/support/rule.ts";
import { environmentOf, projectOf, stackOf } from "../../policy-pack/support/urn.ts";
import { redactor } from "../sandbox/cli/display/redact.ts";
import type { PolicyFinding, PolicyWait } from "../sandbox/engine/events.ts";
import type { PolicyPack } from "../sandbox/engine/policy.ts";
import { PolicyError } from "../sandbox/engine/policy-error.ts";
import type { PolicyAnswer } from "../sandbox/engine/policy-messages.ts";
import type { PolicyLevel, PolicyPackSource } from "../sandbox/project/model.ts";
import { nameOf, STACK_TYPE } from "../sandbox/protocol/urn.ts";
import type { ResourceState } from "../sandbox/state/resource.ts";
import { type Pack, sourceOf } from "./pack.ts";
import { analyzedAmong, startPack } from "./running-pack.ts";
import type { Source } from "../state-source.ts";

/** One thing that is wrong, in its parts. */
export interface Finding {
  readonly rule: string;
  readonly level: "mandatory" | "advisory";
  readonly severity: string;
  readonly urn: string;
  /** "" for a message that is not of the pack's form; `wrong` is all of it then. */
  readonly property: string;
  readonly wrong: string;
  readonly why: string;
  readonly fix: string;
  /** All of it in one line, as a run says it. */
  readonly message: string;
}

/** A finding that is accepted for a while. */
export interface Exempt {
  readonly finding: Finding;
  readonly reason: string;
  readonly owner: string;
  readonly expires: string;
}

/** A check that could not look at a value, since the export keeps it encrypted. */
export interface Undecided {
  readonly rule: string;
  readonly urn: string;
  /** One, or several with commas. */
  readonly property: string;
}

/** What the pack says of a stack. Lists are sorted, so that the same stack gives the same report. */
export interface Report {
  readonly stack: string;
  /** "" where the stack is empty. */
  readonly environment: string;
  /** What was judged, as shown to people. */
  readonly from: string;
  /** Which configuration counted; undefined for the rules' own levels. */
  readonly configFile: string | undefined;
  readonly findings: readonly Finding[];
  readonly exempt: readonly Exempt[];
  readonly undecided: readonly Undecided[];
  /** Rules that were asked, with their level. */
  readonly rules: readonly { readonly rule: Rule; readonly level: PolicyLevel }[];
  readonly resources: number;
}

export interface JudgeOptions {
  readonly environment: string | undefined;
  /** Absolute. */
  readonly configFile: string | undefined;
}

/** Runs the pack in its own process over all that a stack holds: each resource's inputs, then the whole on outputs. */
export async function judge(pack: Pack, source: Source, options: JudgeOptions): Promise<Report> {
  const [first] = source.resources;
  const stack = stackOf(first?.urn ?? "");
  const configured = await sourceOf(pack, { stack, environment: options.environment, file: options.configFile });
  const { answers, levels } = await answersOf(configured, source.resources, {
    stack,
    project: projectOf(first?.urn ?? ""),
  });
  const findings = answers.flatMap((answer) => answer.findings);
  const told = findings.map((finding) => readFinding(pack, finding, redactor(source.secrets)));
  return {
    stack,
    environment: options.environment ?? environmentOf(stack),
    from: source.from,
    configFile: configured.configFile,
    findings: told.flatMap((one) => one.finding ?? []).sort(byUrn),
    exempt: told.flatMap((one) => one.exempt ?? []).sort((a, b) => byUrn(a.finding, b.finding)),
    undecided: [
      ...told.flatMap((one) => one.undecided ?? []),
      ...answers.flatMap(({ waiting }) => waiting.map(undecidedOf)),
    ].sort(byUrn),
    rules: pack.rules.flatMap((rule) => {
      const level = levels.get(rule.name);
      return level === undefined || level === "disabled" ? [] : [{ rule, level }];
    }),
    resources: source.resources.length,
  };
}

interface Answers {
  readonly answers: readonly PolicyAnswer[];
  readonly levels: ReadonlyMap<string, PolicyLevel>;
}

async function answersOf(
  source: PolicyPackSource,
  resources: readonly ResourceState[],
  named: { readonly stack: string; readonly project: string },
): Promise<Answers> {
  const { pack, stop } = await startPack(source, named);
  try {
    return { answers: await ask(pack, resources), levels: pack.levels };
  } finally {
    await stop();
  }
}

async function ask(pack: PolicyPack, resources: readonly ResourceState[]): Promise<readonly PolicyAnswer[]> {
  const analyzed = analyzedAmong(resources);
  const answers: PolicyAnswer[] = [];
  for (const state of resources)
    answers.push(await inOneLine(nameOf(state.urn), pack.analyze(analyzed(state, state.inputs))));
  const stackUrn = resources.find(({ type }) => type === STACK_TYPE)?.urn ?? "";
  const whole = resources.map((state) => analyzed(state, state.outputs));
  answers.push(await inOneLine("the stack", pack.analyzeStack(whole, stackUrn)));
  return answers;
}

/** A rule that breaks is told in one line, with its own name, what it was asked about, and no stack trace. */
async function inOneLine<T>(name: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new PolicyError(`${name}: ${withoutStack(error.message)}`);
  }
}

/** In one line, without the lines that say where in the code. */
export const withoutStack = (message: string): string =>
  message
    .split("\n")
    .filter((line) => !/^\s+at /.test(line))
    .map((line) => line.trim())
    .join(" ");

interface Read {
  readonly finding?: Finding;
  readonly exempt?: Exempt;
  readonly undecided?: Undecided;
}

// What this says of a preview stands under what is undecided, in full.
const SAID_ELSEWHERE = "checks-decided";

function readFinding(pack: Pack, { policy, level, urn, message, severity }: PolicyFinding, redact: Redact): Read {
  if (policy === SAID_ELSEWHERE) return {};
  const rule = pack.rules.find((candidate) => candidate.name === policy);
  const told = rule === undefined ? undefined : toldBy(rule, message, pack.exemptions);
  const common = { rule: policy, level: level === "mandatory" ? level : "advisory", severity, urn } as const;
  if (rule === undefined || told === undefined) {
    const text = redact(message).replaceAll("\n", " ");
    return { finding: { ...common, property: "", wrong: text, why: "", fix: "", message: text } };
  }
  const { violation, exemption } = told;
  const { property } = violation;
  // A state has no values that are still to come: what is not known in it is encrypted.
  if (violation.wrong === NOT_KNOWN) return { undecided: { rule: policy, urn, property } };
  const [wrong, fix] = [redact(violation.wrong), redact(violation.fix)];
  const finding = {
    ...common,
    property,
    wrong,
    why: rule.why,
    fix,
    message: `${property}: ${wrong}. ${rule.why} Fix: ${fix}.`,
  };
  if (exemption === undefined) return { finding };
  const { reason, owner, expires } = exemption;
  return {
    exempt: {
      finding: { ...finding, message: `${exemptionNote(exemption)} ${finding.message}` },
      reason,
      owner,
      expires,
    },
  };
}

/** As the pack says it: `waits for auth.token, not known before up`. */
const WAITS = /^waits for (.*), not known before up$/s;

const undecidedOf = ({ policy, urn, reason }: PolicyWait): Undecided => ({
  rule: policy,
  urn,
  property: WAITS.exec(reason)?.[1] ?? reason,
});

type Redact = (text: string) => string;

interface Sorted {
  readonly urn: string;
  readonly rule: string;
  readonly message?: string;
  readonly property?: string;
}

const byUrn = (a: Sorted, b: Sorted): number =>
  compare(a.urn, b.urn) ||
  compare(a.rule, b.rule) ||
  compare(a.message ?? "", b.message ?? "") ||
  compare(a.property ?? "", b.property ?? "");

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
