import type { ResourceState } from "../state/resource.ts";
import { applySteps, type PlannedStep, planned, StepFailed } from "./apply.ts";
import type { Context } from "./context.ts";
import { deletionLevels, requirements } from "./dependency-graph.ts";

/**
 * Deletes what the program no longer wants and what was replaced: dependents first, level by level. Where one
 * deletion fails, its level is finished and nothing below it is begun.
 */
export async function deleteLeftovers(context: Context): Promise<void> {
  const leftovers = context.olds.filter((state) => isLeftover(context, state));
  if (refuseOrphans(context, leftovers)) return;
  for (const state of leftovers) if (!state.delete) context.deleted.add(state.urn);
  for (const level of deletionLevels(leftovers)) {
    const results = await Promise.allSettled(level.map((state) => applySteps(context, [deletion(state)])));
    let failed = false;
    for (const result of results) {
      if (result.status === "fulfilled") continue;
      if (!(result.reason instanceof StepFailed)) throw result.reason;
      failed = true;
    }
    if (failed) return;
  }
}

/** With targets only: what needs a deleted resource must be named as well. Returns whether anything was refused. */
function refuseOrphans(context: Context, leftovers: readonly ResourceState[]): boolean {
  const doomed = new Set(leftovers.filter((state) => !state.delete).map((state) => state.urn));
  const orphans = context.olds.filter(
    (state) =>
      !context.isTarget(state.urn) &&
      !doomed.has(state.urn) &&
      context.recorder.isRecorded(state) &&
      requirements(state).some((urn) => doomed.has(urn)),
  );
  for (const { urn } of orphans)
    context.report.bail(
      urn,
      `Resource '${urn}' needs a resource that would be deleted, but was not specified in --target list; add --target '${urn}'`,
    );
  return orphans.length > 0;
}

function isLeftover(context: Context, state: ResourceState): boolean {
  if (!context.recorder.isRecorded(state)) return false;
  if (state.delete) return context.isTarget(state.urn);
  return !context.claimed.has(state) && context.isTarget(state.urn);
}

function deletion(state: ResourceState): PlannedStep {
  if (state.pendingReplacement && !state.delete) return planned("remove-pending-replace", state, undefined);
  if (state.external) return planned(state.delete ? "discard-replaced" : "discard", state, undefined);
  return planned(state.delete ? "delete-replaced" : "delete", state, undefined);
}
