import type { ResourceState } from "../state/resource.ts";
import { Bail } from "./bail.ts";
import type { Context } from "./context.ts";
import { requirements } from "./dependency-graph.ts";
import { type PlannedStep, planned } from "./step.ts";
import { parseProviderReference } from "../protocol/urn.ts";

/**
 * A resource that --target leaves out stays as it is, without a call to its provider. So does what it needs, even
 * where the program no longer has that.
 */
export function untargetedSteps(context: Context, urn: string, old: ResourceState): readonly PlannedStep[] {
  if (old.provider !== "" && !context.providers.has(old.provider))
    throw new Bail(
      urn,
      `provider ${old.provider} for resource ${urn} has not been registered yet, this is due to a change of providers mixed with --target. Change your program back to the original providers`,
    );
  const steps: PlannedStep[] = [];
  const visit = (state: ResourceState): void => {
    if (state.delete) return;
    context.registered.add(state.urn);
    context.planned.add(state.urn);
    const provider = state.provider === "" ? "" : parseProviderReference(state.provider).urn;
    for (const need of requirements(state)) {
      if (need === provider || context.planned.has(need) || context.takenOver.has(need)) continue;
      const needed = context.oldByUrn.get(need);
      if (needed === undefined)
        throw new Bail(urn, `${need}, which the untargeted resource ${urn} needs, has no old state`);
      context.claimed.add(needed);
      visit(needed);
    }
    steps.push(planned("same", state, state));
  };
  visit(old);
  return steps;
}
