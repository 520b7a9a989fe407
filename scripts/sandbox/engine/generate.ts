import { createHash } from "node:crypto";
import type { ResourceState } from "../state/resource.ts";
import { showing, valueToJson } from "../state/deployment.ts";
import { hasSecret, hasUnknown, type Properties, sameValue, UNKNOWN, type Value } from "../values/value.ts";
import { type PlannedStep, planned, remark } from "./apply.ts";
import { Bail } from "./bail.ts";
import type { Context } from "./context.ts";
import { dependentsOf } from "./dependency-graph.ts";
import type { Goal } from "./goal.ts";
import { checkPolicies } from "./guard.ts";
import { covers, differingPaths, getPath, ignoreChanges, parsePath } from "./property-path.ts";
import { type CheckFailure, type Difference, NO_DIFFERENCE } from "./provider-client.ts";
import { isDefaultProvider, isProviderType, parseProviderReference, STACK_TYPE } from "./urn.ts";

/** What has to be done so that the resource becomes what the program wants. Runs alone: never two at once. */
export async function generateSteps(context: Context, goal: Goal): Promise<readonly PlannedStep[]> {
  const old = claimOld(context, goal);
  context.goals.set(goal.urn, goal);
  const now = newState(goal, goal.inputs);

  if (!isAlwaysProcessed(goal) && !context.isTarget(goal.urn)) return untargeted(context, goal, old, now);

  const imports = isImport(goal, old);
  const fresh = old === undefined || old.external || imports || context.deletedFirst.has(old);
  const wanted = old === undefined ? goal.inputs : ignoreChanges(old.inputs, goal.inputs, goal.ignoreChanges);
  now.inputs = await check(context, goal, fresh ? undefined : old.inputs, wanted);
  now.inputs = await checkPolicies(context, goal, now.inputs);

  if (imports) return importSteps(context, old, now);
  if (old === undefined) return [planned("create", undefined, now)];
  if (old.external) {
    context.replaced.add(goal.urn);
    const keys = NO_DIFFERENCE;
    return [planned("create-replacement", old, now, keys), planned("replace", old, now, keys)];
  }
  const forced = context.deletedFirst.get(old);
  if (forced !== undefined) {
    context.replaced.add(goal.urn);
    return [
      planned("replace", old, now),
      planned("create-replacement", old, now, { ...NO_DIFFERENCE, replaces: forced }),
    ];
  }
  return stepsFromDifference(context, goal, old, now);
}

/** The resource is read, not made. */
export function generateRead(context: Context, goal: Goal, id: string): readonly PlannedStep[] {
  const old = claimOld(context, goal);
  context.goals.set(goal.urn, goal);
  const now = { ...newState(goal, goal.inputs), id, external: true };
  if (old !== undefined && !old.external) {
    context.replaced.add(goal.urn);
    return [planned("read-replacement", old, now), planned("replace", old, now)];
  }
  return [planned("read", old, now)];
}

/** Providers and the stack itself are processed whatever is targeted. */
const isAlwaysProcessed = (goal: Goal): boolean => goal.type === STACK_TYPE || isProviderType(goal.type);

function claimOld(context: Context, goal: Goal): ResourceState | undefined {
  for (const urn of [goal.urn, ...goal.aliases]) {
    const old = context.oldByUrn.get(urn);
    if (old === undefined || context.claimed.has(old)) continue;
    context.claimed.add(old);
    if (old.urn !== goal.urn) context.recorder.renamed(old.urn, goal.urn);
    return old;
  }
  return undefined;
}

function newState(goal: Goal, inputs: Properties): ResourceState {
  return {
    urn: goal.urn,
    type: goal.type,
    custom: goal.custom,
    id: "",
    inputs,
    outputs: {},
    parent: goal.parent,
    provider: goal.provider,
    dependencies: [...goal.dependencies],
    propertyDependencies: { ...goal.propertyDependencies },
    protect: goal.protect,
    external: false,
    delete: false,
    pendingReplacement: false,
    initErrors: [],
    additionalSecretOutputs: [...goal.additionalSecretOutputs],
    ignoreChanges: [...goal.ignoreChanges],
    replaceOnChanges: [...goal.replaceOnChanges],
    customTimeouts: goal.customTimeouts,
    importId: goal.importId,
    retainOnDelete: goal.retainOnDelete,
    deletedWith: goal.deletedWith,
    replaceWith: [...goal.replaceWith],
    replacementTrigger: goal.replacementTrigger,
    hideDiffs: [...goal.hideDiffs],
    resourceHooks: { ...goal.hooks },
    sourcePosition: goal.sourcePosition,
    created: "",
    modified: "",
  };
}

/** The old state whole, without a call to its provider; what is new is not made. */
function untargeted(
  context: Context,
  goal: Goal,
  old: ResourceState | undefined,
  now: ResourceState,
): readonly PlannedStep[] {
  if (old === undefined) {
    context.skipped.add(goal.urn);
    return [{ ...planned("same", undefined, now), skipped: true }];
  }
  return [planned("same", old, { ...old, urn: goal.urn })];
}

const isImport = (goal: Goal, old: ResourceState | undefined): boolean =>
  goal.custom &&
  goal.importId !== "" &&
  (old === undefined || old.external || (old.importId !== goal.importId && old.id !== goal.importId));

function importSteps(context: Context, old: ResourceState | undefined, now: ResourceState): readonly PlannedStep[] {
  if (old === undefined || old.external) return [planned("import", old, now)];
  if (old.protect && !context.preview) throw new Bail(old.urn, protectedMessage(old.urn));
  context.replaced.add(now.urn);
  return [planned("import-replacement", old, now), planned("replace", old, now)];
}

/** The same for the same resource, so that previews agree; another for each that replaces it, whose name must differ. */
const seedOf = (urn: string, replacedId: string): Uint8Array =>
  createHash("sha256").update(`${urn}\n${replacedId}`).digest();

async function check(
  context: Context,
  goal: Goal,
  olds: Properties | undefined,
  news: Properties,
  replacedId = "",
): Promise<Properties> {
  for (const dependency of goal.dependencies)
    if (context.skipped.has(dependency))
      throw new Bail(
        goal.urn,
        `resource '${goal.urn}' depends on '${dependency}', which is new and not named with --target; add --target '${dependency}'`,
      );
  if (isProviderType(goal.type)) {
    const { inputs, failures } = await context.providers.check(goal.urn, olds ?? {}, news);
    return accepted(goal, inputs, failures);
  }
  if (!goal.custom) return news;
  const provider = context.providers.get(goal.provider);
  if (!provider.configured) return news;
  const { inputs, failures } = await provider.client.check(goal.urn, olds, news, seedOf(goal.urn, replacedId));
  return accepted(goal, provider.client.acceptsSecrets ? inputs : remark(inputs, news), failures);
}

function accepted(goal: Goal, inputs: Properties, failures: readonly CheckFailure[]): Properties {
  if (failures.length === 0) return inputs;
  const reasons = failures.map(({ property, reason }) =>
    property === ""
      ? reason
      : `property ${property} value {${shown(getPath(inputs, parsePath(property)))}} has a problem: ${reason}`,
  );
  throw new Bail(goal.urn, `${goal.type} resource '${goal.name}': ${reasons.join("; ")}`);
}

function shown(value: Value | undefined): string {
  if (value === undefined) return "<nil>";
  if (hasSecret(value)) return "[secret]";
  return typeof value === "string" ? value : JSON.stringify(valueToJson(value, showing));
}

async function stepsFromDifference(
  context: Context,
  goal: Goal,
  old: ResourceState,
  now: ResourceState,
): Promise<readonly PlannedStep[]> {
  const difference = withOptions(context, goal, old, await compare(context, goal, old, now));
  const replaces = old.pendingReplacement || mustReplace(difference);
  if (difference.changes !== "some" && !old.pendingReplacement) return [planned("same", old, now)];
  if (!replaces) return [planned("update", old, now, difference)];
  return replacementSteps(context, goal, old, now, difference);
}

const mustReplace = (difference: Difference): boolean =>
  difference.replaces.length > 0 || [...difference.detailed.values()].some((entry) => entry.replaces);

async function compare(context: Context, goal: Goal, old: ResourceState, now: ResourceState): Promise<Difference> {
  if (await providerReplaces(context, old, now))
    return { ...NO_DIFFERENCE, changes: "some", diffs: ["provider"], replaces: ["provider"] };
  if (isProviderType(goal.type))
    return decided(await context.providers.diff(now.urn, old.inputs, old.outputs, now.inputs), old, now);
  if (!goal.custom) return decided({ ...NO_DIFFERENCE, changes: "unknown" }, old, now);
  const provider = context.providers.get(goal.provider);
  if (!provider.configured) return decided({ ...NO_DIFFERENCE, changes: "unknown" }, old, now);
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

/** Where the provider cannot say, the inputs decide. */
function decided(difference: Difference, old: ResourceState, now: ResourceState): Difference {
  if (difference.changes !== "unknown") return difference;
  const changed = [...new Set([...Object.keys(old.inputs), ...Object.keys(now.inputs)])].filter(
    (key) => !sameValue(old.inputs[key], now.inputs[key]),
  );
  return { ...difference, changes: changed.length === 0 ? "none" : "some", diffs: changed };
}

/** Another provider replaces the resource only if that provider's configuration says so. */
async function providerReplaces(context: Context, old: ResourceState, now: ResourceState): Promise<boolean> {
  if (old.provider === "" || now.provider === "" || old.provider === now.provider) return false;
  const from = parseProviderReference(old.provider);
  const to = parseProviderReference(now.provider);
  if (from.urn === to.urn && from.id === to.id) return false;
  if (isDefaultProvider(from.urn) && isDefaultProvider(to.urn)) return false;
  const former = context.olds.find((state) => state.urn === from.urn && state.id === from.id);
  const current = context.news.get(to.urn);
  if (former === undefined || current === undefined) return false;
  const difference = await context.providers.diff(to.urn, former.inputs, former.outputs, current.inputs);
  return mustReplace(difference);
}

/** What the resource's options add to what the provider says. */
function withOptions(context: Context, goal: Goal, old: ResourceState, difference: Difference): Difference {
  let result = difference;
  const patterns = goal.replaceOnChanges.map(parsePath);
  if (patterns.length > 0 && difference.changes === "some") {
    const detailed = new Map(difference.detailed);
    for (const [path, entry] of detailed)
      if (patterns.some((pattern) => covers(pattern, parsePath(path))))
        detailed.set(path, { ...entry, replaces: true });
    const paths = changedPaths(goal, old, difference);
    const keys = difference.diffs.filter((key) =>
      patterns.some((pattern) => paths.some((path) => path[0] === parsePath(key)[0] && covers(pattern, path))),
    );
    result = { ...difference, detailed, replaces: [...new Set([...difference.replaces, ...keys])] };
  }
  if (old.initErrors.length > 0 && result.changes !== "some") result = { ...result, changes: "some" };
  if (triggered(goal, old))
    result = { ...result, changes: "some", replaces: [...new Set([...result.replaces, "replacementTrigger"])] };
  if (goal.replaceWith.some((urn) => context.replaced.has(urn)))
    result = { ...result, changes: "some", replaces: [...new Set([...result.replaces, "replaceWith"])] };
  return result;
}

function changedPaths(goal: Goal, old: ResourceState, difference: Difference): ReturnType<typeof parsePath>[] {
  const nested = difference.diffs.flatMap((key) =>
    differingPaths(old.inputs[key], goal.inputs[key], [key]).map(({ path }) => path),
  );
  return [...nested, ...difference.diffs.map(parsePath)];
}

/** A trigger that changed from one known value to another. */
function triggered(goal: Goal, old: ResourceState): boolean {
  const now = goal.replacementTrigger?.["value"];
  const before = old.replacementTrigger?.["value"];
  return now !== undefined && before !== undefined && (hasUnknown(now) || !sameValue(before, now));
}

async function replacementSteps(
  context: Context,
  goal: Goal,
  old: ResourceState,
  now: ResourceState,
  difference: Difference,
): Promise<readonly PlannedStep[]> {
  if (old.protect) refuseReplacement(context, old.urn);
  now.inputs = await check(context, goal, undefined, goal.inputs, old.id);
  context.replaced.add(goal.urn);
  const deleteFirst = old.pendingReplacement || (goal.deleteBeforeReplace ?? difference.deleteBeforeReplace);
  if (!deleteFirst)
    return [planned("create-replacement", old, now, difference), planned("replace", old, now, difference)];
  const deletions: PlannedStep[] = [];
  for (const dependent of await replacedDependents(context, old)) {
    if (dependent.state.protect) refuseReplacement(context, dependent.state.urn);
    context.deletedFirst.set(dependent.state, dependent.keys);
    deletions.unshift({ ...planned("delete-replaced", dependent.state, undefined), beforeReplacement: true });
  }
  if (!old.pendingReplacement)
    deletions.push({ ...planned("delete-replaced", old, undefined), beforeReplacement: true });
  return [...deletions, planned("replace", old, now, difference), planned("create-replacement", old, now, difference)];
}

const protectedMessage = (urn: string): string =>
  `unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``;

/** Nothing is touched in preview, so preview goes on and fails at its end. */
function refuseReplacement(context: Context, urn: string): void {
  if (!context.preview) throw new Bail(urn, protectedMessage(urn));
  context.report.error(urn, protectedMessage(urn));
  context.report.failAtEnd();
}

/** The dependents that cannot live through the deletion: those whose inputs would change so that they are replaced. */
async function replacedDependents(
  context: Context,
  root: ResourceState,
): Promise<{ state: ResourceState; keys: readonly string[] }[]> {
  const replaced = new Set([root.urn]);
  const result: { state: ResourceState; keys: readonly string[] }[] = [];
  for (const state of dependentsOf(root, context.olds)) {
    if (!state.custom || state.external || state.delete || state.pendingReplacement) continue;
    if (context.deletedFirst.has(state)) continue;
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
  if (state.provider !== "" && replaced.has(parseProviderReference(state.provider).urn)) return [];
  const inputs: Properties = {};
  let touched = false;
  for (const [key, value] of Object.entries(state.inputs)) {
    const depends = (state.propertyDependencies[key] ?? []).some((urn) => replaced.has(urn));
    touched ||= depends;
    inputs[key] = depends ? UNKNOWN : value;
  }
  if (!touched || isProviderType(state.type) || !context.providers.has(state.provider)) return undefined;
  const { client } = context.providers.get(state.provider);
  const difference = await client.diff(state.urn, state.id, state.inputs, state.outputs, inputs, []);
  return mustReplace(difference) ? difference.replaces : undefined;
}
