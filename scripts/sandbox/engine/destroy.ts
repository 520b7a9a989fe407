import { applySteps } from "./apply.ts";
import type { Context } from "./context.ts";
import { deleteLeftovers } from "./deletions.ts";
import { configureProviders } from "./refresh.ts";
import { ordered } from "./dependency-graph.ts";
import { planned } from "./step.ts";
import { deletableUrns, isConstrained } from "./targets.ts";

/** Deletes everything, or what is targeted; the rest is announced as it is. No program runs. */
export async function destroy(context: Context): Promise<void> {
  await configureProviders(context);
  if (context.report.stopped) return;
  if (isConstrained(context)) await announceOthers(context);
  await deleteLeftovers(context);
}

async function announceOthers(context: Context): Promise<void> {
  const deleted = await deletableUrns(context);
  // Where something would go that is not named, nothing is done at all.
  if ([...deleted].some((urn) => !context.isTarget(urn))) return;
  for (const state of ordered(context.olds)) {
    if (deleted.has(state.urn)) continue;
    context.claimed.add(state);
    if (!state.delete) await applySteps(context, [{ ...planned("same", state, state), skipped: true }]);
  }
}
