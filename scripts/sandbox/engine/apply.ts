import { StateFileError } from "../state/files.ts";
import { applyImport, applyRead } from "./apply-read.ts";
import { applyCreate, applyDelete, applyForget, applySame, applyUpdate } from "./apply-resource.ts";
import { propertyChanges } from "./changes.ts";
import type { Context } from "./context.ts";
import type { OperationKind, Step } from "./events.ts";
import { serviceMessage } from "../protocol/grpc.ts";
import { requirements } from "./dependency-graph.ts";
import { type PlannedStep, stateOf } from "./step.ts";

/** The step failed; its error is reported. */
export class StepFailed extends Error {
  constructor(urn: string) {
    super(`a step on ${urn} failed`);
    this.name = "StepFailed";
  }
}

/** Runs the steps of one resource, one after another. */
export async function applySteps(context: Context, steps: readonly PlannedStep[]): Promise<void> {
  for (const step of steps) await context.slots(() => applyStep(context, step));
}

async function applyStep(context: Context, step: PlannedStep): Promise<void> {
  if (context.report.halted) throw new StepFailed(stateOf(step).urn);
  const shown = toStep(step);
  const begun = performance.now();
  context.report.started(shown);
  try {
    await APPLY[step.op](context, step);
    context.report.done(shown, performance.now() - begun);
  } catch (error) {
    // What can no longer be recorded must not be begun.
    if (error instanceof StateFileError) context.report.halt("", error.message);
    else context.report.failedStep(shown, serviceMessage(error));
    throw new StepFailed(shown.urn);
  }
}

function toStep(step: PlannedStep): Step {
  const state = stateOf(step);
  const { difference, old, now } = step;
  const changed = old !== undefined && now !== undefined && difference.changes === "some";
  return {
    op: step.op,
    urn: state.urn,
    type: state.type,
    diffs: [...difference.diffs].sort(),
    keys: [...difference.replaces].sort(),
    changes: changed ? propertyChanges(old.inputs, now.inputs, difference, state.hideDiffs) : [],
    dependsOn: requirements(state),
  };
}

const APPLY: Readonly<Record<OperationKind, (context: Context, step: PlannedStep) => Promise<void>>> = {
  same: applySame,
  create: applyCreate,
  "create-replacement": applyCreate,
  update: applyUpdate,
  delete: applyDelete,
  "delete-replaced": applyDelete,
  discard: applyDelete,
  "discard-replaced": applyDelete,
  "remove-pending-replace": applyForget,
  replace: () => Promise.resolve(),
  read: applyRead,
  "read-replacement": applyRead,
  import: applyImport,
  "import-replacement": applyImport,
  refresh: () => Promise.reject(new TypeError("refresh steps are run by refresh.ts")),
};
