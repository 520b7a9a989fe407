import type { ResourceState } from "../state/resource.ts";
import type { OperationKind } from "./events.ts";
import { type Difference, NO_DIFFERENCE } from "./provider-client.ts";

/** One step as it is planned. What it needs depends on its kind. */
export interface PlannedStep {
  readonly op: OperationKind;
  readonly old: ResourceState | undefined;
  readonly now: ResourceState | undefined;
  readonly difference: Difference;
  /** Delete steps before a replacement keep their state, marked, until the replacement is made. */
  readonly beforeReplacement?: boolean;
  /** A same step for a new resource that is not targeted: shown, and not kept. */
  readonly skipped?: boolean;
  /** What to plan once this step, and those planned with it, are done: it needs what the step has found. */
  readonly next?: (state: ResourceState) => Promise<readonly PlannedStep[]>;
}

export const planned = (
  op: OperationKind,
  old: ResourceState | undefined,
  now: ResourceState | undefined,
  difference: Difference = NO_DIFFERENCE,
): PlannedStep => ({ op, old, now, difference });

/** The state that a step is about: the new one where there is one. */
export function stateOf(step: PlannedStep): ResourceState {
  return requiredState(step.now ?? step.old);
}

export function requiredState(state: ResourceState | undefined): ResourceState {
  if (state === undefined) throw new TypeError("a step without the state it works on");
  return state;
}
