import { createHash, randomUUID } from "node:crypto";
import type { ResourceState } from "../state/resource.ts";
import { UNKNOWN_MARK } from "../values/wire.ts";
import { after, before, retrying } from "./around.ts";
import type { Context } from "./context.ts";
import { LostContact } from "./provider-client.ts";
import type { ProviderInstance } from "./providers.ts";
import { failIfUnready, keep, take } from "./record.ts";
import { markedOutputs } from "./secrets.ts";
import { type PlannedStep, requiredState } from "./step.ts";
import { isProviderType } from "../protocol/urn.ts";

export async function applySame(context: Context, { old, now, skipped }: PlannedStep): Promise<void> {
  if (now === undefined || skipped === true) return;
  if (old !== undefined && old !== now) {
    now.id = old.id;
    now.outputs = markedOutputs(now, old.outputs);
    now.created = old.created;
    now.modified = old.modified;
  }
  // A provider whose plugin sees no difference goes on with the configuration that it had.
  if (isProviderType(now.type)) await context.providers.configure(now.urn, now.id, old?.inputs ?? now.inputs);
  keep(context, now, old);
}

export async function applyCreate(context: Context, { op, old, now }: PlannedStep): Promise<void> {
  const state = requiredState(now);
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
  failIfUnready(state);
  await after(context, "afterCreate", undefined, state);
}

async function createProvider(context: Context, state: ResourceState): Promise<void> {
  state.id = context.preview ? UNKNOWN_MARK : randomUUID();
  state.outputs = state.inputs;
  await context.providers.configure(state.urn, state.id, state.inputs);
}

/** In preview a provider may have nothing to say: not configured yet, or one that wants no such calls. */
function guess(context: Context, provider: ProviderInstance, state: ResourceState): boolean {
  if (!context.preview || (provider.configured && provider.client.supportsPreview)) return false;
  state.outputs = provider.configured ? markedOutputs(state, state.inputs) : {};
  return true;
}

async function createResource(context: Context, state: ResourceState): Promise<void> {
  const provider = context.providers.get(state.provider);
  if (guess(context, provider, state)) return;
  const operationId = operationIdOf(context, state.urn);
  const settle = context.recorder.begin("creating", state, operationId);
  const made = await attempting(provider, settle, () =>
    retrying(context, "create", undefined, state, () =>
      provider.client.create(state.urn, state.inputs, context.preview, state.customTimeouts?.create ?? 0, operationId),
    ),
  );
  if (made.id === "" && !context.preview) {
    settle();
    throw new Error("provider did not return an ID from Create");
  }
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

export async function applyUpdate(context: Context, { old, now }: PlannedStep): Promise<void> {
  const state = requiredState(now);
  const former = requiredState(old);
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
  failIfUnready(state);
  await after(context, "afterUpdate", former, state);
}

async function updateResource(context: Context, former: ResourceState, state: ResourceState): Promise<void> {
  const provider = context.providers.get(state.provider);
  if (guess(context, provider, state)) return;
  const settle = context.recorder.begin("updating", former);
  const made = await attempting(provider, settle, () =>
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

export async function applyDelete(context: Context, step: PlannedStep): Promise<void> {
  const old = requiredState(step.old);
  const replaced = step.op === "delete-replaced" || step.op === "discard-replaced";
  if (old.protect && !replaced)
    throw new Error(
      `resource "${old.urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${old.urn}'\``,
    );
  await before(context, "beforeDelete", old, undefined);
  if (isDeletedByProvider(context, old)) {
    const provider = context.providers.get(old.provider);
    const settle = context.recorder.begin("deleting", old);
    await attempting(provider, settle, () =>
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

/** Not where nothing is there to delete, or where something else takes it along. */
function isDeletedByProvider(context: Context, old: ResourceState): boolean {
  if (context.preview || !old.custom || isProviderType(old.type)) return false;
  if (old.external || old.retainOnDelete || old.pendingReplacement) return false;
  return old.deletedWith === "" || !(context.deleted.has(old.deletedWith) || context.replaced.has(old.deletedWith));
}

function markGone(context: Context, old: ResourceState, beforeReplacement: boolean): void {
  if (beforeReplacement) {
    old.pendingReplacement = true;
    context.recorder.changed(old);
  } else {
    context.recorder.done(old);
  }
}

export function applyForget(context: Context, { old }: PlannedStep): Promise<void> {
  context.recorder.done(requiredState(old));
  return Promise.resolve();
}

/**
 * A refused operation is over. One whose provider went away stays pending where that provider can tell, when it is
 * back, what became of it; of any other a failure is all that can be known, as in Pulumi.
 */
async function attempting<Result>(
  provider: ProviderInstance,
  settle: () => void,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LostContact && provider.client.idempotent)) settle();
    throw error;
  }
}
