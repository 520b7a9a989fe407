import type { ResourceState } from "../state/resource.ts";
import { type Properties, UNKNOWN } from "../values/value.ts";
import { Bail, Refused } from "./bail.ts";
import { checkInputs } from "./check.ts";
import type { Context } from "./context.ts";
import { dependentsOf } from "./dependency-graph.ts";
import { mustReplace } from "./differences.ts";
import type { Goal } from "./goal.ts";
import { type Difference, NO_DIFFERENCE } from "./provider-client.ts";
import { type PlannedStep, planned } from "./step.ts";
import { isProviderType, parseProviderReference } from "../protocol/urn.ts";

/** Creates the new one first, or deletes the old one and what cannot live without it first. */
export async function replacementSteps(
  context: Context,
  goal: Goal,
  old: ResourceState,
  now: ResourceState,
  difference: Difference,
): Promise<readonly PlannedStep[]> {
  if (old.protect && now.protect) refuseProtected(context, goal.urn);
  if (goal.importId !== "") refuseImported(context, goal.urn);
  context.replaced.add(goal.urn);
  // What the old resource's defaults were does not count for the new one.
  const { inputs, failures } = await checkInputs(context, goal, undefined, goal.inputs);
  for (const failure of failures) context.report.error(goal.urn, failure);
  if (failures.length > 0) throw new Refused(goal.urn);
  now.inputs = inputs;
  const deleteFirst = old.pendingReplacement || (goal.deleteBeforeReplace ?? difference.deleteBeforeReplace);
  if (!deleteFirst)
    return [planned("create-replacement", old, now, difference), planned("replace", old, now, difference)];
  const deletions: PlannedStep[] = [];
  for (const { state, keys } of await replacedDependents(context, old)) {
    if (context.deletedFirst.has(state) || state.pendingReplacement) continue;
    context.deletedFirst.set(state, keys);
    context.deleted.add(state.urn);
    if (state.delete) {
      deletions.unshift(planned("delete", state, undefined));
      continue;
    }
    if (state.protect) refuseProtectedDependent(state.urn, goal.urn);
    deletions.unshift({ ...planned("delete-replaced", state, undefined), beforeReplacement: true });
  }
  await ensureProvider(context, old.provider);
  if (!old.pendingReplacement)
    deletions.push({ ...planned("delete-replaced", old, undefined), beforeReplacement: true });
  return [...deletions, planned("replace", old, now, difference), planned("create-replacement", old, now, difference)];
}

/** A resource that this run deleted because of what it depended on is there again. */
export function recreationSteps(
  context: Context,
  goal: Goal,
  old: ResourceState,
  now: ResourceState,
): readonly PlannedStep[] {
  context.deleted.delete(goal.urn);
  context.replaced.add(goal.urn);
  const replaces = context.deletedFirst.get(old) ?? [];
  return [planned("replace", old, now), planned("create-replacement", old, now, { ...NO_DIFFERENCE, replaces })];
}

/** Nothing is touched in preview, so preview goes on and fails at its end. */
function refuseProtected(context: Context, urn: string): void {
  context.report.error(
    urn,
    `unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``,
  );
  if (!context.preview) throw new Refused(urn);
  context.report.failAtEnd();
}

function refuseProtectedDependent(dependent: string, urn: string): void {
  throw new Bail(
    urn,
    `unable to replace resource "${dependent}" as part of replacing "${urn}" as it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect "${dependent}"\``,
  );
}

function refuseImported(context: Context, urn: string): void {
  const message =
    "previously-imported resources that still specify an ID may not be replaced; please remove the `import` declaration from your program";
  if (!context.preview) throw new Bail(urn, message);
  context.report.log("warning", urn, message);
}

/** A state that is replaced along with another, and the keys that force it. */
export interface Dependent {
  readonly state: ResourceState;
  readonly keys: readonly string[];
}

/**
 * The dependents that cannot live through the deletion: those whose inputs would change so that they are replaced,
 * and those that go with it by option. What was registered in this run already does not depend on it any more.
 */
export async function replacedDependents(context: Context, root: ResourceState): Promise<Dependent[]> {
  const replaced = new Set([root.urn]);
  const result: Dependent[] = [];
  for (const state of dependentsOf(root, context.olds, { ignored: context.registered })) {
    const keys = await replacementKeys(context, state, replaced);
    if (keys === undefined) continue;
    replaced.add(state.urn);
    result.push({ state, keys });
  }
  return result;
}

async function replacementKeys(
  context: Context,
  state: ResourceState,
  replaced: ReadonlySet<string>,
): Promise<readonly string[] | undefined> {
  if (!state.custom || state.external) return undefined;
  if (state.provider !== "" && replaced.has(parseProviderReference(state.provider).urn)) {
    await ensureProvider(context, state.provider);
    return [];
  }
  if (state.replaceWith.some((urn) => replaced.has(urn)) || replaced.has(state.deletedWith)) return [];
  const inputs: Properties = {};
  let touched = false;
  for (const [key, value] of Object.entries(state.inputs)) {
    const depends = (state.propertyDependencies[key] ?? []).some((urn) => replaced.has(urn));
    touched ||= depends;
    inputs[key] = depends ? UNKNOWN : value;
  }
  if (!touched) return undefined;
  const difference = await differenceWith(context, state, inputs);
  return mustReplace(difference) ? difference.replaces : undefined;
}

async function differenceWith(context: Context, state: ResourceState, inputs: Properties): Promise<Difference> {
  if (isProviderType(state.type)) {
    await ensureProvider(context, `${state.urn}::${state.id}`);
    return context.providers.diff(state.urn, state.inputs, state.outputs, inputs);
  }
  await ensureProvider(context, state.provider);
  const { client } = context.providers.get(state.provider);
  return client.diff(state.urn, state.id, state.inputs, state.outputs, inputs, []);
}

/** A provider of before the run that the program has not registered yet, or no longer does, works with its old configuration. */
export async function ensureProvider(context: Context, reference: string): Promise<void> {
  if (reference === "" || context.providers.has(reference)) return;
  const { urn, id } = parseProviderReference(reference);
  const state = context.olds.find((old) => old.urn === urn && old.id === id);
  if (state === undefined) throw new Error(`could not find provider ${reference} in the state`);
  await context.providers.configure(urn, id, state.inputs);
}
