import type { ResourceState } from "../state/resource.ts";
import { hasUnknown, mapValue, OutputValue, sameValue, Secret, type Value } from "../values/value.ts";
import { Bail } from "./bail.ts";
import type { Context } from "./context.ts";
import type { Goal } from "./goal.ts";
import { covers, ignoreChanges, parsePath } from "./property-path.ts";
import { type Difference, NO_DIFFERENCE } from "./provider-client.ts";
import { isProviderType, parseProviderReference } from "../protocol/urn.ts";

export const mustReplace = (difference: Difference): boolean =>
  difference.replaces.length > 0 || [...difference.detailed.values()].some((entry) => entry.replaces);

const replacedBy = (key: string): Difference => ({ ...NO_DIFFERENCE, changes: "some", replaces: [key] });

/** How a resource differs from what the program wants, and whether that replaces it. */
export async function differenceOf(
  context: Context,
  goal: Goal,
  old: ResourceState,
  now: ResourceState,
): Promise<Difference> {
  return withReplaceOnChanges(goal, old, await compare(context, goal, old, now));
}

async function compare(context: Context, goal: Goal, old: ResourceState, now: ResourceState): Promise<Difference> {
  if (triggered(context, goal, old)) return replacedBy("replacementTrigger");
  if (goal.replaceWith.some((urn) => context.replaced.has(urn))) return replacedBy("replaceWith");
  if (goal.deletedWith !== "" && context.replaced.has(goal.deletedWith)) return replacedBy("deletedWith");
  if (await providerReplaces(context, old, now)) return replacedBy("provider");
  if (isProviderType(goal.type)) return compareProviders(context, old, now);
  if (!goal.custom) return sameValue(old.inputs, now.inputs) ? NO_DIFFERENCE : { ...NO_DIFFERENCE, changes: "some" };
  const provider = context.providers.get(goal.provider);
  if (!provider.configured) {
    context.report.log(
      "warning",
      goal.urn,
      "the provider's configuration is not known yet, so the resource is taken to be updated",
    );
    return { ...NO_DIFFERENCE, changes: "some" };
  }
  const difference = await provider.client.diff(
    now.urn,
    old.id,
    old.inputs,
    old.outputs,
    now.inputs,
    goal.ignoreChanges,
  );
  return decided(difference, old, now);
}

/** The configuration alone decides where a provider's plugin cannot say. */
async function compareProviders(context: Context, old: ResourceState, now: ResourceState): Promise<Difference> {
  const difference = await context.providers.diff(now.urn, old.inputs, old.outputs, now.inputs);
  if (difference.changes !== "unknown") return difference;
  return { ...difference, changes: sameValue(old.inputs, now.inputs) ? "none" : "some" };
}

/** Where the provider cannot say, the inputs decide. */
function decided(difference: Difference, old: ResourceState, now: ResourceState): Difference {
  if (difference.changes !== "unknown") return difference;
  const news = ignoreChanges(old.inputs, now.inputs, now.ignoreChanges);
  const changed = [...new Set([...Object.keys(old.inputs), ...Object.keys(news)])].filter(
    (key) => !sameValue(old.inputs[key], news[key]),
  );
  return { ...difference, changes: changed.length === 0 ? "none" : "some", diffs: changed };
}

/** Another provider replaces the resource only if that provider's configuration says so. */
async function providerReplaces(context: Context, old: ResourceState, now: ResourceState): Promise<boolean> {
  if (old.provider === now.provider) return false;
  // A component became a custom resource, or the reverse.
  if (old.provider === "" || now.provider === "") return true;
  const from = parseProviderReference(old.provider);
  const to = parseProviderReference(now.provider);
  if (context.takenOver.get(from.urn) === to.urn) return false;
  const former = context.oldByUrn.get(from.urn);
  const current = context.news.get(to.urn);
  if (former === undefined || current === undefined) return false;
  return mustReplace(await context.providers.diff(to.urn, former.inputs, former.outputs, current.inputs));
}

/** Paths that the program wants replaced on: those a provider reports, or the whole properties it names. */
function withReplaceOnChanges(goal: Goal, old: ResourceState, difference: Difference): Difference {
  const failed = old.initErrors.length > 0;
  if (goal.replaceOnChanges.length === 0 || (difference.changes !== "some" && !failed)) return difference;
  const patterns = goal.replaceOnChanges.map(parsePath);
  const wanted = (path: string): boolean => patterns.some((pattern) => covers(pattern, parsePath(path)));
  const detailed = new Map(
    [...difference.detailed].map(([path, entry]) => [path, wanted(path) ? { ...entry, replaces: true } : entry]),
  );
  const replaces = new Set([...difference.replaces, ...difference.diffs.filter(wanted)]);
  if (!failed || !wanted(INIT_ERROR)) return { ...difference, detailed, replaces: [...replaces] };
  return { ...difference, changes: "some", detailed, replaces: [...replaces, INIT_ERROR] };
}

/** What stands for an initialisation error among the changed properties. */
const INIT_ERROR = "#initerror";

/** A trigger that changed from one value to another. Setting the first one, or removing it, replaces nothing. */
function triggered(context: Context, goal: Goal, old: ResourceState): boolean {
  const now = goal.replacementTrigger?.["value"] ?? null;
  const before = old.replacementTrigger?.["value"] ?? null;
  if (now === null || before === null) return false;
  if (hasUnknown(now) && !context.preview)
    throw new Bail(goal.urn, `replacement trigger contains unknowns for ${goal.urn}`);
  return hasUnknown(now) || !sameValue(plain(before), plain(now));
}

/** A value without its marks: becoming secret is no change. */
const plain = (value: Value): Value =>
  mapValue(value, (node) =>
    node instanceof Secret ? node.value : node instanceof OutputValue ? (node.value ?? null) : node,
  );
