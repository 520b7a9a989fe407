import type { PendingOperation, ResourceState } from "../state/resource.ts";
import type { Context } from "./context.ts";
import { serviceMessage } from "../protocol/grpc.ts";
import type { ProviderInstance } from "./providers.ts";
import { take } from "./record.ts";
import { parseProviderReference } from "../protocol/urn.ts";

/** What became of an operation whose end was not recorded. */
export type Settlement =
  | { readonly kind: "made"; readonly state: ResourceState }
  | { readonly kind: "changed"; readonly state: ResourceState }
  | { readonly kind: "gone" }
  | { readonly kind: "nothing" }
  /** The provider cannot tell: the operation stays pending and is reported. */
  | { readonly kind: "unknown" };

/**
 * Asks the provider. Only one that knows operations by their id can tell whether a create happened; an interrupted
 * update or deletion shows when the resource is read.
 */
export async function settle(operation: PendingOperation, provider: ProviderInstance): Promise<Settlement> {
  const { kind, resource, operationId } = operation;
  if (!provider.client.idempotent) return { kind: kind === "creating" ? "unknown" : "nothing" };
  if (kind === "creating") {
    const made = await provider.client.read(resource.urn, "", resource.inputs, {}, operationId);
    if (made === undefined) return { kind: "nothing" };
    const state: ResourceState = { ...resource, id: made.id };
    take(state, made, provider);
    return { kind: "made", state };
  }
  if (kind === "reading" || kind === "importing") return { kind: "nothing" };
  const read = await provider.client.read(resource.urn, resource.id, resource.inputs, resource.outputs);
  if (read === undefined) return { kind: "gone" };
  const state: ResourceState = { ...resource, inputs: read.inputs ?? resource.inputs };
  take(state, read, provider);
  return { kind: "changed", state };
}

/**
 * Finds out what became of everything that an interrupted run had begun, and goes on from there: what was made
 * counts as existing, so that it is kept where the program still wants it and deleted where not.
 */
export async function settlePending(context: Context, pending: readonly PendingOperation[]): Promise<Context> {
  if (pending.length === 0) return context;
  const { recorder, report } = context;
  const found: ResourceState[] = [];
  const gone = new Set<ResourceState>();
  const open: PendingOperation[] = [];
  for (const operation of pending) {
    const { resource } = operation;
    const old = context.olds.find(
      (state) => state.urn === resource.urn && state.id === resource.id && resource.id !== "",
    );
    const provider = await providerFor(context, resource);
    const settlement: Settlement = provider === undefined ? { kind: "unknown" } : await settle(operation, provider);
    if (settlement.kind === "unknown") open.push(operation);
    if (settlement.kind === "gone" && old !== undefined) {
      recorder.done(old);
      gone.add(old);
    }
    if (settlement.kind === "changed" && old !== undefined) {
      Object.assign(old, { inputs: settlement.state.inputs, outputs: settlement.state.outputs });
      recorder.changed(old);
    }
    if (settlement.kind === "made" && !isKnown(context, settlement.state)) {
      found.push(settlement.state);
      // From here on it is like the states of before the run.
      recorder.put(settlement.state);
    }
  }
  recorder.settled();
  for (const operation of open) {
    recorder.begin(operation.kind, operation.resource, operation.operationId);
    report.log(
      "warning",
      operation.resource.urn,
      `an earlier run was interrupted while ${operation.kind} this resource, and its provider cannot say whether that was done; look there, then import or delete it`,
    );
  }
  const olds = [...context.olds.filter((state) => !gone.has(state)), ...found];
  return {
    ...context,
    olds,
    oldByUrn: new Map(olds.filter((state) => !state.delete).map((state) => [state.urn, state])),
  };
}

/**
 * A replacement's create may be recorded already, beside the one it replaces. One that was deleted ahead of it may have
 * had the same id, and is nothing that exists.
 */
const isKnown = (context: Context, state: ResourceState): boolean =>
  context.olds.some((old) => old.urn === state.urn && old.id === state.id && !old.pendingReplacement);

async function providerFor(context: Context, resource: ResourceState): Promise<ProviderInstance | undefined> {
  const { urn, id } = parseProviderReference(resource.provider);
  const provider = context.olds.find((state) => state.urn === urn && state.id === id);
  if (provider === undefined) return undefined;
  try {
    if (!context.providers.has(resource.provider)) await context.providers.configure(urn, id, provider.inputs);
    return context.providers.get(resource.provider);
  } catch (error) {
    context.report.log("warning", urn, serviceMessage(error));
    return undefined;
  }
}
