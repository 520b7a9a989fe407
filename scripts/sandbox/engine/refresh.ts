import type { ResourceState } from "../state/resource.ts";
import { remark, take } from "./apply.ts";
import { propertyChanges } from "./changes.ts";
import type { Context } from "./context.ts";
import { ordered } from "./dependency-graph.ts";
import type { OperationKind, PropertyChange, Step } from "./events.ts";
import { serviceMessage } from "./grpc.ts";
import { NO_DIFFERENCE } from "./provider-client.ts";
import { isProviderType } from "./urn.ts";

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
  await configureProviders(context);
  if (context.report.stopped) return;
  const states = context.olds.filter((state) => context.isTarget(state.urn));
  const results = await Promise.all(states.map((state) => context.slots(() => refreshOne(context, state))));
  const gone = new Set(results.filter((one) => one?.outcome === "delete").map((one) => one?.state.urn));
  for (const result of results) {
    if (result === undefined) continue;
    context.report.count(result.outcome, result.state.urn);
    if (result.outcome === "delete") context.recorder.done(result.state);
    else context.recorder.changed(withoutGone(result.state, gone));
  }
}

async function refreshOne(context: Context, state: ResourceState): Promise<Refreshed | undefined> {
  const base: Step = { op: "refresh", urn: state.urn, type: state.type, diffs: [], keys: [], changes: [] };
  const begun = performance.now();
  context.report.started(base);
  try {
    const { outcome, changes } = await readAgain(context, state);
    context.report.done({ ...base, changes }, performance.now() - begun);
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
  const readable = state.custom && !isProviderType(state.type) && !state.pendingReplacement && !state.delete;
  if (!readable || !context.providers.has(state.provider)) return { outcome: "same", changes: [] };
  const provider = context.providers.get(state.provider);
  const read = await provider.client.read(state.urn, state.id, state.inputs, state.outputs);
  if (read === undefined) return { outcome: "delete", changes: [] };
  const before = { inputs: state.inputs, outputs: state.outputs };
  const inputs = read.inputs ?? state.inputs;
  const marks = state.inputs;
  take(state, read, provider);
  state.id = read.id;
  if (!state.external) state.inputs = provider.client.acceptsSecrets ? inputs : remark(inputs, marks);
  // What the cloud has is the old side here: the difference says what an update would have to undo.
  const difference = state.external
    ? NO_DIFFERENCE
    : await provider.client.diff(state.urn, state.id, state.inputs, state.outputs, before.inputs, state.ignoreChanges);
  const changes = [
    ...propertyChanges(before.inputs, state.inputs, difference, state.hideDiffs),
    ...propertyChanges(before.outputs, state.outputs, difference, state.hideDiffs),
  ];
  const drifted = difference.changes === "some" || changes.length > 0;
  if (drifted) state.modified = context.now();
  return { outcome: drifted ? "update" : "same", changes: unique(changes) };
}

const unique = (changes: readonly PropertyChange[]): PropertyChange[] => [
  ...new Map(changes.map((change) => [change.path, change])).values(),
];

/** A state that no longer names what is gone; properties that depend on nothing are left out. */
function withoutGone(state: ResourceState, gone: ReadonlySet<string | undefined>): ResourceState {
  state.dependencies = state.dependencies.filter((urn) => !gone.has(urn));
  state.propertyDependencies = Object.fromEntries(
    Object.entries(state.propertyDependencies)
      .map(([key, urns]) => [key, urns.filter((urn) => !gone.has(urn))] as const)
      .filter(([, urns]) => urns.length > 0),
  );
  if (gone.has(state.deletedWith)) state.deletedWith = "";
  return state;
}
