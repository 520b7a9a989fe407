import type { ResourceState } from "../state/resource.ts";
import type { Context } from "./context.ts";
import { aliasUrns, type Goal } from "./goal.ts";

/** The state that a registration goes on from, and why it may not have it. */
export interface Claim {
  readonly old: ResourceState | undefined;
  readonly conflicts: readonly string[];
}

/** Finds a resource's state by its URN, else by the first of its former URNs that is in the state. */
export function claimOld(context: Context, goal: Goal): Claim {
  const conflicts: string[] = [];
  const taker = context.takenOver.get(goal.urn);
  if (taker !== undefined)
    conflicts.push(`Duplicate resource URN '${goal.urn}' conflicting with alias on resource with URN '${taker}'`);
  const own = context.oldByUrn.get(goal.urn);
  if (own !== undefined) return { old: claimed(context, own), conflicts };
  for (const urn of formerUrns(context, goal)) {
    const old = context.oldByUrn.get(urn);
    if (old === undefined) continue;
    for (const other of [context.registered.has(urn) ? goal.urn : undefined, context.takenOver.get(urn)])
      if (other !== undefined)
        conflicts.push(
          `Duplicate resource alias '${urn}' applied to resource with URN '${goal.urn}' conflicting with resource with URN '${other}'`,
        );
    context.takenOver.set(urn, goal.urn);
    context.formerUrns.set(goal.urn, urn);
    context.recorder.renamed(urn, goal.urn);
    return { old: claimed(context, old), conflicts };
  }
  return { old: undefined, conflicts };
}

function claimed(context: Context, old: ResourceState): ResourceState {
  context.claimed.add(old);
  return old;
}

/** A child follows the one former URN under which its parent was found, not every one that it might have had. */
function formerUrns(context: Context, goal: Goal): string[] {
  const parent = goal.parent === context.stackUrn ? "" : goal.parent;
  const formerParent = context.formerUrns.get(goal.parent);
  return aliasUrns(goal.urn, parent, goal.aliases, formerParent === undefined ? [] : [formerParent], (urn) =>
    context.formerUrns.get(urn),
  );
}
