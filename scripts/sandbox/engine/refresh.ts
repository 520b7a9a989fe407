import type { ResourceState } from "../state/resource.ts";
import { type Properties, sameValue } from "../values/value.ts";
import { propertyChanges } from "./changes.ts";
import type { Context } from "./context.ts";
import { ordered } from "./dependency-graph.ts";
import type { OperationKind, PropertyChange, Step } from "./events.ts";
import { serviceMessage } from "../protocol/grpc.ts";
import { type Difference, NO_DIFFERENCE } from "./provider-client.ts";
import { take } from "./record.ts";
import { remark } from "./secrets.ts";
import { reportUnknownTargets } from "./targets.ts";
import { isProviderType } from "../protocol/urn.ts";

/** Makes every provider of the state usable before anything else. */
export async function configureProviders(context: Context): Promise<void> {
  for (const state of ordered(context.olds)) {
    if (!isProviderType(state.type) || state.delete) continue;
    context.news.set(state.urn, state);
    try {
      await context.providers.configure(state.urn, state.id, state.inputs);
    } catch (error) {
      context.report.bail(state.urn, serviceMessage(error));
      return;
    }
  }
}

interface Refreshed {
  readonly state: ResourceState;
  readonly outcome: Extract<OperationKind, "same" | "update" | "delete">;
}

/** Asks the providers what really exists, and brings the state to it. */
export async function refresh(context: Context): Promise<void> {
  if (reportUnknownTargets(context)) return;
  await configureProviders(context);
  if (context.report.stopped) return;
  const states = context.olds.filter((state) => context.isTarget(state.urn));
  const results = await Promise.all(states.map((state) => context.slots(() => refreshOne(context, state))));
  const gone = new Set<ResourceState>();
  const changed = new Set<ResourceState>();
  for (const result of results) {
    if (result === undefined) continue;
    context.report.count(result.outcome, result.state.urn);
    (result.outcome === "delete" ? gone : changed).add(result.state);
  }
  for (const state of repaired(context.olds, gone)) changed.add(state);
  for (const state of gone) context.recorder.done(state);
  for (const state of changed) context.recorder.changed(state);
}

async function refreshOne(context: Context, state: ResourceState): Promise<Refreshed | undefined> {
  const base: Step = { op: "refresh", urn: state.urn, type: state.type, diffs: [], keys: [], changes: [] };
  const begun = performance.now();
  context.report.started(base);
  try {
    const { outcome, changes } = await readAgain(context, state);
    context.report.done({ ...base, changes, outcome }, performance.now() - begun);
    return { state, outcome };
  } catch (error) {
    context.report.failedStep(base, serviceMessage(error));
    return undefined;
  }
}

async function readAgain(
  context: Context,
  state: ResourceState,
): Promise<{ outcome: Refreshed["outcome"]; changes: PropertyChange[] }> {
  const readable = state.custom && !isProviderType(state.type) && !state.pendingReplacement;
  if (!readable || !context.providers.has(state.provider)) return { outcome: "same", changes: [] };
  const provider = context.providers.get(state.provider);
  const read = await provider.client.read(state.urn, state.id, state.inputs, state.outputs);
  if (read === undefined) return { outcome: "delete", changes: [] };
  if (read.initErrors.length > 0)
    context.report.log(
      "warning",
      state.urn,
      ["Refreshed resource is in an unhealthy state:", ...read.initErrors.map((reason) => `* ${reason}`)].join("\n"),
    );
  const before = { inputs: state.inputs, outputs: state.outputs };
  const inputs = read.inputs ?? state.inputs;
  state.id = read.id;
  state.inputs = provider.client.acceptsSecrets ? inputs : remark(inputs, before.inputs);
  take(state, read, provider);
  // What the cloud has is the old side here: the difference says what an update would have to undo.
  const difference = state.external
    ? NO_DIFFERENCE
    : await provider.client.diff(state.urn, state.id, state.inputs, state.outputs, before.inputs, state.ignoreChanges);
  const changes = [
    ...propertyChanges(before.inputs, state.inputs, difference, state.hideDiffs),
    ...propertyChanges(before.outputs, state.outputs, difference, state.hideDiffs),
  ];
  if (changes.length > 0) state.modified = context.now();
  const drifted = state.external
    ? !sameValue(before.outputs, state.outputs)
    : isDrift(difference, state.inputs, before.inputs);
  return { outcome: drifted ? "update" : "same", changes: unique(changes) };
}

/** Outputs that changed alone are taken over in silence: no update would change them back. */
const isDrift = ({ changes }: Difference, now: Properties, before: Properties): boolean =>
  changes === "unknown" ? !sameValue(now, before) : changes === "some";

const unique = (changes: readonly PropertyChange[]): PropertyChange[] => [
  ...new Map(changes.map((change) => [change.path, change])).values(),
];

/**
 * Takes what is gone out of what the other states say of it, and returns those that changed. A child of what is gone
 * moves up to the next parent that is still there; properties that depend on nothing are left out.
 */
function repaired(states: readonly ResourceState[], gone: ReadonlySet<ResourceState>): ResourceState[] {
  const there = new Set<string>();
  const parents = new Map<string, string>();
  const result: ResourceState[] = [];
  for (const state of ordered(states)) {
    let parent = state.parent;
    while (parent !== "" && !there.has(parent) && parents.has(parent)) parent = parents.get(parent) ?? "";
    parents.set(state.urn, parent);
    if (gone.has(state)) continue;
    there.add(state.urn);
    state.parent = parent;
    state.dependencies = state.dependencies.filter((urn) => there.has(urn));
    state.propertyDependencies = Object.fromEntries(
      Object.entries(state.propertyDependencies)
        .map(([key, urns]) => [key, urns.filter((urn) => there.has(urn))] as const)
        .filter(([, urns]) => urns.length > 0),
    );
    state.replaceWith = state.replaceWith.filter((urn) => there.has(urn));
    if (!there.has(state.deletedWith)) state.deletedWith = "";
    result.push(state);
  }
  return result;
}
