import { UNKNOWN_MARK } from "../values/wire.ts";
import type { Context } from "./context.ts";
import { failIfUnready, keep, take } from "./record.ts";
import { type PlannedStep, requiredState } from "./step.ts";

/** Takes over what exists, without managing it. Its inputs are what the program gave to find it by. */
export async function applyRead(context: Context, { op, old, now }: PlannedStep): Promise<void> {
  const state = requiredState(now);
  if (state.id === UNKNOWN_MARK) {
    state.outputs = {};
  } else {
    const provider = context.providers.get(state.provider);
    if (provider.configured) {
      const read = await provider.client.read(state.urn, state.id, state.inputs, state.inputs);
      if (read === undefined) throw new Error(`resource '${state.id}' does not exist`);
      state.id = read.id;
      take(state, read, provider);
    }
  }
  if (old !== undefined) {
    state.created = old.created;
    state.modified = old.modified;
  }
  if (op === "read-replacement" && old !== undefined) {
    old.delete = true;
    context.recorder.changed(old);
    keep(context, state, undefined);
  } else {
    keep(context, state, old);
  }
  failIfUnready(state);
}

/** Takes over what exists, to manage it from now on. What the program wants different is planned afterwards. */
export async function applyImport(context: Context, { op, old, now }: PlannedStep): Promise<void> {
  const state = requiredState(now);
  const provider = context.providers.get(state.provider);
  const read = await provider.client.read(state.urn, state.importId, {}, {});
  if (read === undefined) throw new Error(`resource '${state.importId}' does not exist`);
  if (read.inputs === undefined)
    throw new Error(
      `provider does not support importing resources; please try updating the '${provider.packageName}' plugin`,
    );
  state.id = read.id;
  state.inputs = read.inputs;
  take(state, read, provider);
  state.created = context.now();
  state.modified = state.created;
  if (op === "import-replacement" && old !== undefined) {
    old.delete = true;
    context.recorder.changed(old);
    keep(context, state, undefined);
  } else {
    keep(context, state, old);
  }
}
