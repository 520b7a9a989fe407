import type { ResourceState } from "../state/resource.ts";
import { applySteps, StepFailed } from "./apply.ts";
import type { Context } from "./context.ts";
import { deletionLevels, transitiveRequirements } from "./dependency-graph.ts";
import { ensureProvider } from "./replacements.ts";
import { type PlannedStep, planned } from "./step.ts";
import { deletableUrns, isConstrained, reportUnknownTargets } from "./targets.ts";

/**
 * Deletes what the program no longer wants and what was replaced: dependents first, level by level. Where one
 * deletion fails, its level is finished and nothing below it is begun.
 */
export async function deleteLeftovers(context: Context): Promise<void> {
  const unknown = reportUnknownTargets(context);
  const leftovers = await leftoversOf(context);
  if (refuseUntargeted(context, leftovers)) return;
  for (const state of leftovers) {
    context.deleted.add(state.urn);
    await ensureProvider(context, state.provider);
  }
  const needed = new Set<string>();
  for (const level of deletionLevels(leftovers)) {
    // What a protected resource needs stays with it; the rest goes on.
    const states = level.filter((state) => !needed.has(state.urn));
    const results = await Promise.allSettled(states.map((state) => applySteps(context, [deletion(state)])));
    const failed: ResourceState[] = [];
    for (const [index, result] of results.entries()) {
      if (result.status === "fulfilled") continue;
      if (!(result.reason instanceof StepFailed)) throw result.reason;
      const state = states[index];
      if (state !== undefined) failed.push(state);
    }
    if (failed.some((state) => !isKeptByProtection(state))) return;
    for (const urn of transitiveRequirements(failed, context.olds)) needed.add(urn);
  }
  if (unknown) context.report.stopped = true;
}

const isKeptByProtection = (state: ResourceState): boolean => state.protect && !state.delete;

async function leftoversOf(context: Context): Promise<ResourceState[]> {
  const leftovers = context.olds.filter(
    (state) => context.recorder.isRecorded(state) && (state.delete || !context.claimed.has(state)),
  );
  if (!isConstrained(context)) return leftovers;
  const allowed = await deletableUrns(context);
  return leftovers.filter((state) => allowed.has(state.urn));
}

/** With targets only: what needs a deleted resource must be named as well. Returns whether that ends it. */
function refuseUntargeted(context: Context, leftovers: readonly ResourceState[]): boolean {
  const unnamed = leftovers.filter((state) => !context.isTarget(state.urn));
  for (const { urn } of unnamed)
    context.report.error(
      urn,
      `Resource '${urn}' will be destroyed but was not specified in --target list.\nEither include resource in --target list or pass --target-dependents to proceed.`,
    );
  if (unnamed.length === 0) return false;
  if (context.preview) context.report.failAtEnd();
  else context.report.stopped = true;
  return !context.preview;
}

function deletion(state: ResourceState): PlannedStep {
  if (state.pendingReplacement && !state.delete) return planned("remove-pending-replace", state, undefined);
  if (state.external) return planned(state.delete ? "discard-replaced" : "discard", state, undefined);
  return planned(state.delete ? "delete-replaced" : "delete", state, undefined);
}
