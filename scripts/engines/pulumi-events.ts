import { z } from "zod";
import type { EngineRun, PlannedStep, PolicyFindingLine } from "./engine.ts";
import { oneLineEach } from "./one-line.ts";
import { eventState, refreshValues } from "./refresh-values.ts";
import { OPERATIONS } from "../sandbox/cli/display/operations.ts";
import type { OperationKind } from "../sandbox/engine/events.ts";
import { isDefaultProvider, nameOf } from "../sandbox/protocol/urn.ts";

// Pulumi's engine events, as `--json` prints them one per line (automation/events.d.ts of @pulumi/pulumi). Of the old
// and new states only a refresh tells values: those that differ, with secrets masked.

const isOperation = (op: string): op is OperationKind => Object.hasOwn(OPERATIONS, op);

const metadata = z.object({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  keys: z.array(z.string()).nullish(),
  diffs: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.object({ diffKind: z.string() })).nullish(),
  old: eventState.nullish().catch(undefined),
  new: eventState.nullish().catch(undefined),
});

const engineEvent = z.object({
  resourcePreEvent: z.object({ metadata }).optional(),
  resOutputsEvent: z.object({ metadata }).optional(),
  resOpFailedEvent: z.object({ metadata }).optional(),
  diagnosticEvent: z
    .object({
      urn: z.string().optional(),
      message: z.string(),
      severity: z.string(),
      ephemeral: z.boolean().optional(),
    })
    .optional(),
  policyEvent: z
    .object({
      resourceUrn: z.string().optional(),
      message: z.string(),
      policyName: z.string(),
      enforcementLevel: z.string(),
    })
    .optional(),
});

export type PulumiEvent = z.infer<typeof engineEvent>;

/** Undefined for a line that is no event. */
export function eventOf(line: string): PulumiEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return engineEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

const DONE: ReadonlySet<string> = new Set(["same", "read", "refresh"]);
const levels: Readonly<Record<string, PolicyFindingLine["level"]>> = {
  mandatory: "mandatory",
  remediate: "remediate",
  disabled: "disabled",
};

const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].sort();

function plannedStep({ op, urn, type, keys, diffs, detailedDiff }: z.infer<typeof metadata>): PlannedStep | undefined {
  if (DONE.has(op) || !isOperation(op) || isDefaultProvider(urn)) return undefined;
  const detailed = Object.entries(detailedDiff ?? {});
  const replacing = detailed.filter(([, { diffKind }]) => diffKind.endsWith("-replace")).map(([path]) => path);
  return {
    op,
    urn,
    type,
    changed: sorted(detailed.length > 0 ? detailed.map(([path]) => path) : (diffs ?? [])),
    replaces: sorted(replacing.length > 0 ? replacing : (keys ?? [])),
  };
}

function refreshedStep(given: z.infer<typeof metadata>): PlannedStep | undefined {
  const step = plannedStep(given);
  if (step === undefined) return undefined;
  const id = given.old?.id ?? "";
  return { ...step, ...(id !== "" && { id }), values: refreshValues(step.changed, given.old, given.new) };
}

/**
 * What a run's events come to. A component says what it does only before it does it, and a refresh only afterwards:
 * so the last word about each step of a resource counts. A step that failed is none.
 */
export function runOf(stack: string, events: readonly PulumiEvent[], succeeded: boolean): EngineRun {
  const steps = new Map<string, PlannedStep | undefined>();
  const begun = new Map<string, string>();
  for (const { resourcePreEvent, resOutputsEvent, resOpFailedEvent } of events) {
    if (resourcePreEvent !== undefined) {
      const { op, urn } = resourcePreEvent.metadata;
      begun.set(`${op} ${urn}`, op);
      steps.set(`${op} ${urn}`, plannedStep(resourcePreEvent.metadata));
    }
    if (resOutputsEvent !== undefined) {
      const { op, urn } = resOutputsEvent.metadata;
      const refreshed = begun.has(`refresh ${urn}`);
      const key = refreshed ? `refresh ${urn}` : `${op} ${urn}`;
      const step = (refreshed ? refreshedStep : plannedStep)(resOutputsEvent.metadata);
      steps.set(key, step ?? steps.get(key));
    }
    if (resOpFailedEvent !== undefined)
      steps.delete(`${resOpFailedEvent.metadata.op} ${resOpFailedEvent.metadata.urn}`);
  }
  return {
    stack,
    result: succeeded ? "succeeded" : "failed",
    steps: [...steps.values()].flatMap((step) => step ?? []),
    findings: events.flatMap(({ policyEvent }) =>
      policyEvent === undefined
        ? []
        : [
            {
              policy: policyEvent.policyName,
              level: levels[policyEvent.enforcementLevel] ?? "advisory",
              urn: policyEvent.resourceUrn ?? "",
              message: oneLineEach(policyEvent.message).join(" "),
            },
          ],
    ),
    errors: sortedErrors(events),
  };
}

const sortedErrors = (events: readonly PulumiEvent[]): string[] => [
  ...new Set(
    events.flatMap(({ diagnosticEvent: event }) =>
      event?.severity === "error" && event.ephemeral !== true
        ? oneLineEach(event.message).map((line) =>
            event.urn === undefined || event.urn === "" ? line : `${nameOf(event.urn)}: ${line}`,
          )
        : [],
    ),
  ),
];

/** What to show of an event while the run goes on. */
export function lineOf({ resOutputsEvent, resOpFailedEvent, diagnosticEvent }: PulumiEvent): string | undefined {
  if (resOutputsEvent !== undefined) {
    const step = plannedStep(resOutputsEvent.metadata);
    return step && `${OPERATIONS[step.op].symbol} ${nameOf(step.urn)} ${step.type} ${step.op}`;
  }
  if (resOpFailedEvent !== undefined) {
    const { op, urn, type } = resOpFailedEvent.metadata;
    return `! ${nameOf(urn)} ${type} ${op} failed`;
  }
  if (diagnosticEvent?.severity === "warning") return oneLineEach(`warning: ${diagnosticEvent.message}`).join(" ");
  return undefined;
}
