import type { ResourceState } from "../state/resource.ts";
import type { Context } from "./context.ts";
import type { Made } from "./provider-client.ts";
import type { ProviderInstance } from "./providers.ts";
import { markedOutputs, remark } from "./secrets.ts";

/** Puts the new state in the old one's place. A kill between the two leaves both: the next run sorts that out. */
export function keep(context: Context, state: ResourceState, old: ResourceState | undefined): void {
  if (old === undefined) context.recorder.put(state);
  else context.recorder.replace(old, state);
  context.news.set(state.urn, state);
}

/** Takes over what the provider answered, with secrets marked. */
export function take(state: ResourceState, made: Made, provider: ProviderInstance): void {
  state.outputs = markedOutputs(
    state,
    provider.client.acceptsSecrets ? made.outputs : remark(made.outputs, state.inputs),
  );
  state.initErrors = [...made.initErrors];
}

/** A resource that exists but did not come up is recorded, and fails its step. */
export function failIfUnready({ initErrors }: ResourceState): void {
  if (initErrors.length === 0) return;
  const count = `${initErrors.length} error${initErrors.length === 1 ? "" : "s"} occurred:`;
  throw new Error([count, ...initErrors.map((reason) => `\t* ${reason}`), ""].join("\n"));
}
