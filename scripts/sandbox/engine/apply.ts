import { createHash, randomUUID } from "node:crypto";
import { StateFileError } from "../state/files.ts";
import type { ResourceState } from "../state/resource.ts";
import { hasSecret, type Properties, Secret, type Value } from "../values/value.ts";
import { UNKNOWN_MARK } from "../values/wire.ts";
import { propertyChanges } from "./changes.ts";
import type { Context } from "./context.ts";
import { requirements } from "./dependency-graph.ts";
import type { OperationKind, Step } from "./events.ts";
import { serviceMessage } from "./grpc.ts";
import type { HookMoment } from "./hooks.ts";
import { type Difference, LostContact, type Made, NO_DIFFERENCE } from "./provider-client.ts";
import type { ProviderInstance } from "./providers.ts";
import { isProviderType } from "./urn.ts";

/** One step as it is planned. What it needs depends on its kind. */
export interface PlannedStep {
  readonly op: OperationKind;
  readonly old: ResourceState | undefined;
  readonly now: ResourceState | undefined;
  readonly difference: Difference;
  /** Delete steps before a replacement keep their state, marked, until the replacement is made. */
  readonly beforeReplacement?: boolean;
  /** A same step for a new resource that is not targeted: shown, and not kept. */
  readonly skipped?: boolean;
}

export const planned = (
  op: OperationKind,
  old: ResourceState | undefined,
  now: ResourceState | undefined,
  difference: Difference = NO_DIFFERENCE,
): PlannedStep => ({ op, old, now, difference });

/** The step failed; its error is reported. */
export class StepFailed extends Error {
  constructor(urn: string) {
    super(`a step on ${urn} failed`);
    this.name = "StepFailed";
  }
}

/** Runs the steps of one resource, one after another. Follow-up steps of a step come right after it. */
export async function applySteps(context: Context, steps: readonly PlannedStep[]): Promise<void> {
  const queue = [...steps];
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const current = step;
    queue.unshift(...(await context.slots(() => applyStep(context, current))));
  }
}

async function applyStep(context: Context, step: PlannedStep): Promise<readonly PlannedStep[]> {
  if (context.report.halted) throw new StepFailed(subject(step).urn);
  const shown = toStep(step);
  const begun = performance.now();
  context.report.started(shown);
  try {
    const followUps = await APPLY[step.op](context, step);
    context.report.done(shown, performance.now() - begun);
    return followUps;
  } catch (error) {
    // What can no longer be recorded must not be begun.
    if (error instanceof StateFileError) context.report.halt("", error.message);
    else context.report.failedStep(shown, serviceMessage(error));
    throw new StepFailed(shown.urn);
  }
}

function subject(step: PlannedStep): ResourceState {
  const state = step.now ?? step.old;
  if (state === undefined) throw new TypeError(`a ${step.op} step of no resource`);
  return state;
}

function toStep(step: PlannedStep): Step {
  const state = subject(step);
  const { urn, type, hideDiffs } = state;
  const { difference, old, now } = step;
  const changed = old !== undefined && now !== undefined && difference.changes === "some";
  return {
    op: step.op,
    urn,
    type,
    diffs: [...difference.diffs].sort(),
    keys: [...difference.replaces].sort(),
    dependsOn: requirements(state),
    changes: changed ? propertyChanges(old.inputs, now.inputs, difference, hideDiffs) : [],
  };
}

type Apply = (context: Context, step: PlannedStep) => Promise<readonly PlannedStep[]>;

/** A step that nothing follows from. */
const alone =
  (apply: (context: Context, step: PlannedStep) => Promise<void>): Apply =>
  async (context, step) => {
    await apply(context, step);
    return [];
  };

const APPLY: Readonly<Record<OperationKind, Apply>> = {
  same: alone(applySame),
  create: alone(applyCreate),
  "create-replacement": alone(applyCreate),
  update: alone(applyUpdate),
  delete: alone(applyDelete),
  "delete-replaced": alone(applyDelete),
  discard: alone(applyDelete),
  "discard-replaced": alone(applyDelete),
  "remove-pending-replace": alone(applyForget),
  replace: () => Promise.resolve([]),
  read: alone(applyRead),
  "read-replacement": alone(applyRead),
  import: applyImport,
  "import-replacement": applyImport,
  refresh: () => Promise.reject(new TypeError("refresh steps are run by refresh.ts")),
};

async function applySame(context: Context, { old, now, skipped }: PlannedStep): Promise<void> {
  if (now === undefined || skipped === true) return;
  if (old !== undefined) {
    now.id = old.id;
    now.outputs = old.outputs;
    now.created = old.created;
    now.modified = old.modified;
    now.initErrors = old.initErrors;
  }
  if (isProviderType(now.type)) await context.providers.configure(now.urn, now.id, now.inputs);
  keep(context, now, old);
}

async function applyCreate(context: Context, { op, old, now }: PlannedStep): Promise<void> {
  const state = required(now);
  await before(context, "beforeCreate", undefined, state);
  if (isProviderType(state.type)) await createProvider(context, state);
  else if (state.custom) await createResource(context, state);
  if (op === "create-replacement" && old !== undefined) {
    if (old.pendingReplacement) context.recorder.done(old);
    else {
      old.delete = true;
      context.recorder.changed(old);
    }
  }
  state.created = context.now();
  state.modified = state.created;
  keep(context, state, undefined);
  if (state.initErrors.length > 0) throw new Error(state.initErrors.join("\n"));
  await after(context, "afterCreate", undefined, state);
}

async function createProvider(context: Context, state: ResourceState): Promise<void> {
  state.id = context.preview ? UNKNOWN_MARK : randomUUID();
  state.outputs = state.inputs;
  await context.providers.configure(state.urn, state.id, state.inputs);
}

async function createResource(context: Context, state: ResourceState): Promise<void> {
  const provider = context.providers.get(state.provider);
  if (context.preview && !provider.configured) {
    state.outputs = {};
    return;
  }
  if (context.preview && !provider.client.supportsPreview) {
    state.outputs = state.inputs;
    return;
  }
  const operationId = operationIdOf(context, state.urn);
  const settle = context.recorder.begin("creating", state, operationId);
  const made = await attempting(settle, () =>
    retrying(context, "create", undefined, state, () =>
      provider.client.create(state.urn, state.inputs, context.preview, state.customTimeouts?.create ?? 0, operationId),
    ),
  );
  if (made.id === "" && !context.preview) throw new Error(`the provider gave ${state.urn} no id`);
  state.id = made.id;
  take(state, made, provider);
  if (!context.preview) keepThen(context, state, settle);
}

/** The resource is in the journal before its operation is: a kill between the two loses nothing. */
function keepThen(context: Context, state: ResourceState, settle: () => void): void {
  context.recorder.put(state);
  settle();
}

/** A name for one attempt to create one resource, by which the provider knows it again. */
function operationIdOf(context: Context, urn: string): string {
  return context.preview ? "" : `${createHash("sha256").update(urn).digest("hex").slice(0, 16)}-${randomUUID()}`;
}

async function applyUpdate(context: Context, { old, now }: PlannedStep): Promise<void> {
  const state = required(now);
  const former = required(old);
  state.id = former.id;
  state.created = former.created;
  state.outputs = former.outputs;
  await before(context, "beforeUpdate", former, state);
  if (isProviderType(state.type)) {
    state.outputs = state.inputs;
    await context.providers.configure(state.urn, state.id, state.inputs);
  } else if (state.custom) {
    await updateResource(context, former, state);
  }
  state.modified = context.now();
  keep(context, state, former);
  if (state.initErrors.length > 0) throw new Error(state.initErrors.join("\n"));
  await after(context, "afterUpdate", former, state);
}

async function updateResource(context: Context, former: ResourceState, state: ResourceState): Promise<void> {
  const provider = context.providers.get(state.provider);
  if (context.preview && !provider.configured) {
    state.outputs = {};
    return;
  }
  if (context.preview && !provider.client.supportsPreview) {
    state.outputs = state.inputs;
    return;
  }
  const settle = context.recorder.begin("updating", former);
  const made = await attempting(settle, () =>
    retrying(context, "update", former, state, () =>
      provider.client.update(
        state.urn,
        state.id,
        former.inputs,
        former.outputs,
        state.inputs,
        state.ignoreChanges,
        context.preview,
        state.customTimeouts?.update ?? 0,
      ),
    ),
  );
  take(state, made, provider);
  if (!context.preview) {
    context.recorder.done(former);
    keepThen(context, state, settle);
  }
}

async function applyDelete(context: Context, step: PlannedStep): Promise<void> {
  const old = required(step.old);
  if (old.protect && !context.preview)
    throw new Error(
      `resource "${old.urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${old.urn}'\``,
    );
  await before(context, "beforeDelete", old, undefined);
  const live = old.custom && !old.external && !isProviderType(old.type) && !old.pendingReplacement;
  const goesWith = old.deletedWith !== "" && context.deleted.has(old.deletedWith);
  if (live && !old.retainOnDelete && !goesWith && !context.preview) {
    const provider = context.providers.get(old.provider);
    const settle = context.recorder.begin("deleting", old);
    await attempting(settle, () =>
      retrying(context, "delete", old, undefined, () =>
        provider.client.delete(old.urn, old.id, old.inputs, old.outputs, old.customTimeouts?.delete ?? 0),
      ),
    );
    markGone(context, old, step.beforeReplacement === true);
    settle();
  } else {
    markGone(context, old, step.beforeReplacement === true);
  }
  await after(context, "afterDelete", old, undefined);
}

function markGone(context: Context, old: ResourceState, beforeReplacement: boolean): void {
  if (beforeReplacement) {
    old.pendingReplacement = true;
    context.recorder.changed(old);
  } else {
    context.recorder.done(old);
  }
}

function applyForget(context: Context, { old }: PlannedStep): Promise<void> {
  context.recorder.done(required(old));
  return Promise.resolve();
}

async function applyRead(context: Context, { op, old, now }: PlannedStep): Promise<void> {
  const state = required(now);
  if (state.id === UNKNOWN_MARK) {
    state.id = "";
    state.outputs = {};
  } else {
    const provider = context.providers.get(state.provider);
    if (!provider.configured) state.outputs = {};
    else {
      const read = await provider.client.read(state.urn, state.id, {}, state.inputs);
      if (read === undefined) throw new Error(`resource '${state.id}' does not exist`);
      state.id = read.id;
      take(state, read, provider);
    }
  }
  state.inputs = op === "read" || op === "read-replacement" ? state.inputs : {};
  if (op === "read-replacement" && old !== undefined) {
    old.delete = true;
    context.recorder.changed(old);
    keep(context, state, undefined);
  } else {
    keep(context, state, old);
  }
}

/** Reads what exists and, where the program wants it different, updates it right away. */
async function applyImport(context: Context, { op, old, now }: PlannedStep): Promise<readonly PlannedStep[]> {
  const state = required(now);
  const provider = context.providers.get(state.provider);
  const read = await provider.client.read(state.urn, state.importId, {}, {});
  if (read === undefined) throw new Error(`resource '${state.importId}' does not exist`);
  const existing: ResourceState = { ...state, id: read.id, inputs: read.inputs ?? {}, outputs: read.outputs };
  markOutputs(existing, provider);
  const { inputs, failures } = await provider.client.check(
    state.urn,
    existing.inputs,
    state.inputs,
    createHash("sha256").update(state.urn).digest(),
  );
  const [failure] = failures;
  if (failure !== undefined) throw new Error(`${failure.property}: ${failure.reason}`);
  state.inputs = provider.client.acceptsSecrets ? inputs : remark(inputs, state.inputs);
  state.id = read.id;
  state.outputs = existing.outputs;
  state.created = context.now();
  state.modified = state.created;
  const difference = await provider.client.diff(
    state.urn,
    state.id,
    existing.inputs,
    existing.outputs,
    state.inputs,
    state.ignoreChanges,
  );
  if (op === "import-replacement" && old !== undefined) {
    old.delete = true;
    context.recorder.changed(old);
  } else if (old !== undefined) {
    context.recorder.done(old);
  }
  if (difference.changes !== "some") {
    keep(context, state, undefined);
    return [];
  }
  if (difference.replaces.length > 0)
    throw new Error(
      `importing ${state.importId} would replace it: ${difference.replaces.join(", ")} cannot be changed; make the program's inputs match what exists`,
    );
  // Until the update is made, the state tells what exists.
  context.news.set(state.urn, existing);
  context.recorder.put(existing);
  return [{ op: "update", old: existing, now: { ...state }, difference }];
}

/** Puts the new state in the old one's place. */
function keep(context: Context, state: ResourceState, old: ResourceState | undefined): void {
  if (old !== undefined) context.recorder.done(old);
  context.recorder.put(state);
  context.news.set(state.urn, state);
}

/** Takes over what the provider answered, with secrets marked. */
export function take(state: ResourceState, made: Made, provider: ProviderInstance): void {
  state.outputs = made.outputs;
  state.initErrors = [...made.initErrors];
  markOutputs(state, provider);
}

function markOutputs(state: ResourceState, provider: ProviderInstance): void {
  const marked = provider.client.acceptsSecrets ? state.outputs : remark(state.outputs, state.inputs);
  const outputs: Properties = {};
  for (const [key, value] of Object.entries(marked))
    outputs[key] = state.additionalSecretOutputs.includes(key) ? secret(value) : value;
  state.outputs = outputs;
}

/** Marks every property whose namesake holds a secret. */
export function remark(values: Properties, marked: Properties): Properties {
  const result: Properties = {};
  for (const [key, value] of Object.entries(values)) {
    const namesake = marked[key];
    result[key] = namesake !== undefined && hasSecret(namesake) ? secret(value) : value;
  }
  return result;
}

const secret = (value: Value): Value => (value instanceof Secret ? value : new Secret(value));

/** A refused operation is over; one whose provider went away stays pending. */
async function attempting<Result>(settle: () => void, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LostContact)) settle();
    throw error;
  }
}

async function retrying<Result>(
  context: Context,
  operation: "create" | "update" | "delete",
  old: ResourceState | undefined,
  now: ResourceState | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const names = (now ?? old)?.resourceHooks["onError"] ?? [];
  const errors: string[] = [];
  for (;;) {
    try {
      return await work();
    } catch (error) {
      errors.push(serviceMessage(error));
      if (names.length === 0 || !(await context.hooks.retries(names, operation, old, now, errors))) throw error;
    }
  }
}

async function before(
  context: Context,
  moment: HookMoment,
  old: ResourceState | undefined,
  now: ResourceState | undefined,
): Promise<void> {
  const [failure] = await runHooks(context, moment, old, now);
  if (failure !== undefined) throw new Error(failure);
}

async function after(
  context: Context,
  moment: HookMoment,
  old: ResourceState | undefined,
  now: ResourceState | undefined,
): Promise<void> {
  // The operation is done: a failing hook cannot undo it, and is told as a warning.
  for (const failure of await runHooks(context, moment, old, now))
    context.report.log("warning", (now ?? old)?.urn ?? "", failure);
}

async function runHooks(
  context: Context,
  moment: HookMoment,
  old: ResourceState | undefined,
  now: ResourceState | undefined,
): Promise<string[]> {
  const names = (now ?? old)?.resourceHooks[moment] ?? [];
  if (names.length === 0) return [];
  const { failures, skipped } = await context.hooks.run(moment, names, old, now, context.preview);
  for (const name of skipped)
    context.report.log("warning", (now ?? old)?.urn ?? "", `hook ${name} was not run: the program did not register it`);
  return failures;
}

function required(state: ResourceState | undefined): ResourceState {
  if (state === undefined) throw new TypeError("a step without the state it works on");
  return state;
}
