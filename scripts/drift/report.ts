import type { Engine, EngineRun, PlannedStep, PropertyValues } from "../engines/engine.ts";

/** Something that changed a resource outside Pulumi, as a log has it. */
export interface OutsideChange {
  /** ISO 8601. */
  readonly time: string;
  readonly by: string;
  /** What they did: `PutBucketTagging`. */
  readonly action: string;
}

/** Where to look for who changed a resource: a command to type, or a page to open. */
export interface Lookup {
  readonly kind: "command" | "page";
  readonly text: string;
}

export interface DriftedResource {
  readonly urn: string;
  readonly type: string;
  /** Pulumi's logical name. */
  readonly name: string;
  /** `missing`: the state has it, and the cloud does not. */
  readonly kind: "changed" | "missing";
  readonly properties: readonly PropertyValues[];
  /** Newest first. Empty where no log was asked, or it knows of nothing. */
  readonly changedBy: readonly OutsideChange[];
  readonly lookups: readonly Lookup[];
}

/** What `--json` prints. */
export interface DriftReport {
  readonly stack: string;
  readonly engine: Engine["kind"];
  readonly result: "none" | "drifted";
  readonly resources: readonly DriftedResource[];
  /** How to keep what the cloud holds, step by step; empty where nothing drifted. */
  readonly accept: readonly string[];
  /** How to go back to what the program says. */
  readonly undo: readonly string[];
  /** Why no log could be asked who it was; undefined where one was, or none is kept. */
  readonly unknownWho?: string;
}

/** Logs that tell who changed what, as far as they could be asked. */
export interface WhoChanged {
  readonly changedBy: (step: PlannedStep) => readonly OutsideChange[];
  readonly lookups: (step: PlannedStep) => readonly Lookup[];
  readonly unknownWho?: string | undefined;
}

export const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

const valuesOf = ({ values, changed }: PlannedStep): readonly PropertyValues[] =>
  values ?? changed.map((path) => ({ path, was: undefined, is: undefined }));

/** The steps of a refresh's preview that changed something are the drift. */
export const driftSteps = ({ steps }: EngineRun): readonly PlannedStep[] =>
  steps.filter(({ op }) => op === "update" || op === "delete");

export function driftReport(run: EngineRun, engine: Engine["kind"], who: WhoChanged): DriftReport {
  const resources = driftSteps(run)
    .map((step) => ({
      urn: step.urn,
      type: step.type,
      name: nameOf(step.urn),
      kind: step.op === "delete" ? ("missing" as const) : ("changed" as const),
      properties: valuesOf(step),
      changedBy: who.changedBy(step),
      lookups: who.lookups(step),
    }))
    .sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));
  const drifted = resources.length > 0;
  return {
    stack: run.stack,
    engine,
    result: drifted ? "drifted" : "none",
    resources,
    ...(drifted ? remedies(run.stack, engine) : { accept: [], undo: [] }),
    ...(drifted && who.unknownWho !== undefined && { unknownWho: who.unknownWho }),
  };
}

/** Up alone compares the program with the state, which knows nothing of the drift: both ways begin with a refresh. */
function remedies(stack: string, engine: Engine["kind"]): Pick<DriftReport, "accept" | "undo"> {
  const sandbox = engine === "sandbox" ? " --sandbox" : "";
  const refresh =
    engine === "sandbox" ? `npm run sandbox -- refresh --stack ${stack}` : `pulumi refresh --stack ${stack}`;
  return {
    accept: [
      "change the program so that it says what the cloud holds",
      refresh,
      `npm run preview -- --stack ${stack}${sandbox}`,
    ],
    undo: [refresh, `npm run up -- --stack ${stack}${sandbox}`],
  };
}
