import type { ResourceState } from "../state/resource.ts";
import type { Properties } from "../values/value.ts";
import { Bail, Refused } from "./bail.ts";
import { checkInputs } from "./check.ts";
import { claimOld } from "./claim.ts";
import type { Context } from "./context.ts";
import { requirements } from "./dependency-graph.ts";
import { differenceOf, mustReplace } from "./differences.ts";
import type { Goal } from "./goal.ts";
import { checkPolicies } from "./guard.ts";
import { ignoreChanges } from "./property-path.ts";
import { NO_DIFFERENCE } from "./provider-client.ts";
import { recreationSteps, replacementSteps } from "./replacements.ts";
import { type PlannedStep, planned } from "./step.ts";
import { isConstrained } from "./targets.ts";
import { untargetedSteps } from "./untargeted.ts";
import { isProviderType, STACK_TYPE } from "../protocol/urn.ts";

/** What is known of a registration when its steps are decided on. */
interface Intent {
  readonly goal: Goal;
  readonly old: ResourceState | undefined;
  readonly now: ResourceState;
  /** The old state was read from the provider a moment ago. */
  readonly imported: boolean;
  /** Something is wrong already, and reported: the provider and the policies may still add to it. */
  readonly refused: boolean;
}

/** What has to be done so that the resource becomes what the program wants. Runs alone: never two at once. */
export async function generateSteps(context: Context, goal: Goal): Promise<readonly PlannedStep[]> {
  register(context, goal);
  const { old, conflicts } = claimOld(context, goal);
  for (const conflict of conflicts) context.report.error(goal.urn, conflict);
  const refused = conflicts.length > 0;
  const now = newState(
    goal,
    old === undefined ? goal.inputs : ignoreChanges(old.inputs, goal.inputs, goal.ignoreChanges),
  );
  if (!isImport(goal, old)) return decide(context, { goal, old, now, refused, imported: false });
  const replaces = old !== undefined && !context.deletedFirst.has(old);
  const found: PlannedStep = {
    ...planned(replaces ? "import-replacement" : "import", old, now),
    next: (existing) => {
      const inputs = ignoreChanges(existing.inputs, goal.inputs, goal.ignoreChanges);
      return decide(context, { goal, old: existing, now: newState(goal, inputs), refused, imported: true });
    },
  };
  return replaces ? [found, planned("replace", old, now)] : [found];
}

/** The resource is read, not made. One that is managed and has another id is let go and deleted. */
export function generateRead(context: Context, goal: Goal, id: string): readonly PlannedStep[] {
  register(context, goal);
  const old = context.oldByUrn.get(goal.urn);
  if (old !== undefined) context.claimed.add(old);
  const now = { ...newState(goal, goal.inputs), id, external: true };
  if (id === "") throw new Bail(goal.urn, `Expected an ID for ${goal.urn}`);
  if (old === undefined || old.external || old.id === id) return [planned("read", old, now)];
  context.replaced.add(goal.urn);
  return [planned("read-replacement", old, now), planned("replace", old, now)];
}

function register(context: Context, goal: Goal): void {
  if (goal.parent !== "" && !context.registered.has(goal.parent))
    throw new Bail(goal.urn, `could not find parent resource ${goal.parent}`);
  context.registered.add(goal.urn);
  context.planned.add(goal.urn);
  context.goals.set(goal.urn, goal);
}

/** Providers and the stack itself are processed whatever is targeted. */
const isAlwaysProcessed = (goal: Goal): boolean => goal.type === STACK_TYPE || isProviderType(goal.type);

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

/** What the program wants to import, unless it is what the state holds. */
const isImport = (goal: Goal, old: ResourceState | undefined): boolean =>
  goal.custom &&
  goal.importId !== "" &&
  (old === undefined || old.external || (old.importId || old.id) !== goal.importId);

async function decide(context: Context, intent: Intent): Promise<readonly PlannedStep[]> {
  const { goal, old, now } = intent;
  const targeted = isAlwaysProcessed(goal) || context.isTarget(goal.urn);
  const fresh = old === undefined || old.external || context.deletedFirst.has(old);
  let refused = intent.refused;
  if (goal.custom && !targeted) {
    now.inputs = old?.inputs ?? {};
  } else if (goal.custom) {
    const { inputs, failures } = await checkInputs(
      context,
      goal,
      fresh ? undefined : old.inputs,
      fresh ? goal.inputs : now.inputs,
    );
    for (const failure of failures) context.report.error(goal.urn, failure);
    refused ||= failures.length > 0;
    now.inputs = inputs;
  }
  const judged = await checkPolicies(context, goal, now.inputs);
  if (refused || judged.refused) throw new Refused(goal.urn);
  now.inputs = judged.inputs;
  const steps = await stepsFor(context, intent, targeted);
  if (isConstrained(context)) refuseSkippedDependencies(context, steps);
  return steps;
}

async function stepsFor(context: Context, intent: Intent, targeted: boolean): Promise<readonly PlannedStep[]> {
  const { goal, old, now } = intent;
  if (old === undefined) {
    if (targeted) return [planned("create", undefined, now)];
    context.skipped.add(goal.urn);
    return [{ ...planned("same", undefined, now), skipped: true }];
  }
  if (context.deletedFirst.has(old)) return recreationSteps(context, goal, old, now);
  // What was only read is not ours to change: another one is made in its place.
  if (old.external) return [planned("create-replacement", old, now), planned("replace", old, now)];
  if (!targeted) return untargetedSteps(context, goal.urn, old);
  return stepsFromDifference(context, intent, old);
}

async function stepsFromDifference(
  context: Context,
  { goal, now, imported }: Intent,
  old: ResourceState,
): Promise<readonly PlannedStep[]> {
  const difference = await differenceOf(context, goal, old, now);
  if (old.pendingReplacement || (difference.changes === "some" && mustReplace(difference)))
    return replacementSteps(context, goal, old, now, difference);
  if (difference.changes === "some") return [planned("update", old, now, difference)];
  // What did not come up is tried again, though nothing differs.
  if (old.initErrors.length > 0) return [planned("update", old, now, NO_DIFFERENCE)];
  return imported ? [] : [planned("same", old, now)];
}

/** What is made or changed must not need what --target leaves out. */
function refuseSkippedDependencies(context: Context, steps: readonly PlannedStep[]): void {
  for (const { now, skipped } of steps) {
    if (now === undefined || skipped === true) continue;
    for (const urn of requirements(now)) {
      if (!context.skipped.has(urn)) continue;
      context.report.error(
        now.urn,
        `Resource '${now.urn}' depends on '${urn}' which was was not specified in --target list.`,
      );
      if (!context.preview) throw new Refused(now.urn);
      context.report.failAtEnd();
      context.skipped.delete(urn);
    }
  }
}
