import type { Engine, EngineRun, PlannedStep } from "../engines/engine.ts";
import { OPERATIONS } from "../sandbox/cli/display/operations.ts";
import type { OperationKind } from "../sandbox/engine/events.ts";
import { nameOf } from "../sandbox/protocol/urn.ts";
import type { Target } from "../target.ts";
import { wrapped } from "../wrapped.ts";

const WIDTH = 80;

/** Halves of a replacement, which the step `replace` stands for. */
const HALVES: ReadonlySet<OperationKind> = new Set([
  "create-replacement",
  "delete-replaced",
  "discard-replaced",
  "import-replacement",
  "read-replacement",
  "remove-pending-replace",
]);

const whole = (steps: readonly PlannedStep[]): readonly PlannedStep[] => steps.filter(({ op }) => !HALVES.has(op));

/** Where a stack is: `AWS account 111122223333, us-east-1`. */
export function placeOf({ accountId, region }: Pick<Target, "accountId" | "region">, kind: Engine["kind"]): string {
  const account = `AWS account ${accountId}, ${region}`;
  return kind === "sandbox" ? `the sandbox, in place of ${account}` : account;
}

/** Where a command goes, before it does anything there. */
export function targetLines(target: Target, kind: Engine["kind"]): string[] {
  const { stack, environment, apiUrl } = target;
  const name = stack === environment ? `stack ${stack}` : `stack ${stack} (${environment})`;
  return [name, `  ${placeOf(target, kind)}`, `  ${apiUrl}`];
}

/** One line of a terminal. */
export const cut = (text: string): string => (text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 3)}...`);

function stepLine({ op, urn, type, changed, replaces }: PlannedStep): string {
  const { symbol } = OPERATIONS[op];
  const why =
    replaces.length > 0 ? `  forced by ${replaces.join(", ")}` : changed.length > 0 ? `  ${changed.join(", ")}` : "";
  const short = type.split(":").at(-1) ?? type;
  return cut(`  ${symbol.padEnd(2)} ${nameOf(urn)} ${short}${why}`);
}

/** `3 to create, 1 to replace`. */
export function countsOf(steps: readonly PlannedStep[], tense: "planned" | "done"): string {
  const counts = new Map<OperationKind, number>();
  for (const { op } of whole(steps)) counts.set(op, (counts.get(op) ?? 0) + 1);
  const parts = (Object.keys(OPERATIONS) as OperationKind[]).flatMap((op) => {
    const count = counts.get(op);
    return count === undefined ? [] : [`${count} ${OPERATIONS[op][tense]}`];
  });
  return parts.length === 0 ? "nothing to change" : parts.join(", ");
}

/** What a preview found. */
export function previewLines(run: EngineRun): string[] {
  return [...whole(run.steps).map(stepLine), ...findingLines(run), ...errorLines(run), countsOf(run.steps, "planned")];
}

export function findingLines({ findings }: EngineRun): string[] {
  const mandatory = findings.filter(({ level }) => level === "mandatory");
  const advised = findings.length - mandatory.length;
  return [
    ...mandatory.flatMap(({ policy, urn, message }) => [
      `policy ${policy}${urn === "" ? "" : ` on ${nameOf(urn)}`}`,
      ...wrapped(message, WIDTH - 2).map((line) => `  ${line}`),
    ]),
    ...(advised === 0
      ? []
      : [`${advised} more ${advised === 1 ? "finding is" : "findings are"} advice: npm run policy`]),
  ];
}

export const errorLines = ({ errors }: EngineRun): string[] => errors.map((error) => `error: ${error}`);
