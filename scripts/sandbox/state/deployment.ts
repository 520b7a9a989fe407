import type { SecretsManager } from "./secrets-manager.ts";
import { fromFields, SIGNATURE_KEY, SIGNATURES, UNKNOWN_MARK } from "../values/wire.ts";
import {
  Archive,
  Asset,
  OutputValue,
  type Properties,
  ResourceReference,
  Secret,
  UNKNOWN,
  Unknown,
  type Value,
} from "../values/value.ts";
import type { CustomTimeouts, PendingKind, PendingOperation, ResourceState, Snapshot } from "./resource.ts";

/** How secrets are written: encrypted, or shown as `plaintext` for `export --show-secrets`. */
export type SecretWriter = (plaintext: string) => { ciphertext: string } | { plaintext: string };
export type SecretReader = (sealed: { ciphertext?: string; plaintext?: string }) => string;

export const encrypting =
  (secrets: SecretsManager): SecretWriter =>
  (plaintext) => ({ ciphertext: secrets.encrypt(plaintext) });
export const showing: SecretWriter = (plaintext) => ({ plaintext });
export const decrypting =
  (secrets: SecretsManager): SecretReader =>
  ({ ciphertext, plaintext }) =>
    plaintext ?? secrets.decrypt(ciphertext ?? "");

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, Json>;

export function valueToJson(value: Value, seal: SecretWriter): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => valueToJson(item, seal));
  if (value instanceof Unknown) return UNKNOWN_MARK;
  if (value instanceof Secret)
    return { [SIGNATURE_KEY]: SIGNATURES.secret, ...seal(JSON.stringify(valueToJson(value.value, showing))) };
  if (value instanceof OutputValue) {
    const inner = value.value ?? UNKNOWN_MARK;
    return valueToJson(value.secret ? new Secret(inner) : inner, seal);
  }
  if (value instanceof ResourceReference)
    return {
      [SIGNATURE_KEY]: SIGNATURES.resource,
      urn: value.urn,
      ...(value.id === undefined ? {} : { id: value.id instanceof Unknown ? "" : value.id }),
      packageVersion: value.packageVersion,
    };
  if (value instanceof Asset) return { [SIGNATURE_KEY]: SIGNATURES.asset, hash: value.hash, ...value.source };
  if (value instanceof Archive) {
    const { assets, ...rest } = value.source;
    return {
      [SIGNATURE_KEY]: SIGNATURES.archive,
      hash: value.hash,
      ...rest,
      ...(assets === undefined ? {} : { assets: valueToJson(assets, seal) }),
    };
  }
  return propertiesToJson(value, seal);
}

export function propertiesToJson(properties: Properties, seal: SecretWriter): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(properties)) result[key] = valueToJson(value, seal);
  return result;
}

export function valueFromJson(json: Json, open: SecretReader): Value {
  if (json === null || typeof json !== "object") return json === UNKNOWN_MARK ? UNKNOWN : json;
  if (Array.isArray(json)) return json.map((item) => valueFromJson(item, open));
  if (json[SIGNATURE_KEY] === SIGNATURES.secret) {
    const text = open({
      ...(typeof json["ciphertext"] === "string" ? { ciphertext: json["ciphertext"] } : {}),
      ...(typeof json["plaintext"] === "string" ? { plaintext: json["plaintext"] } : {}),
    });
    return new Secret(valueFromJson(JSON.parse(text) as Json, open));
  }
  return fromFields(propertiesFromJson(json, open));
}

export function propertiesFromJson(json: JsonObject | undefined, open: SecretReader): Properties {
  const result: Properties = {};
  for (const [key, value] of Object.entries(json ?? {})) result[key] = valueFromJson(value, open);
  return result;
}

/** Optional fields are left out where empty, as Pulumi does. */
export function resourceToJson(state: ResourceState, seal: SecretWriter): JsonObject {
  const json: JsonObject = { urn: state.urn, custom: state.custom };
  const put = (key: string, value: Json, present: boolean): void => {
    if (present) json[key] = value;
  };
  put("delete", true, state.delete);
  put("id", state.id, state.id !== "");
  json["type"] = state.type;
  put("inputs", propertiesToJson(state.inputs, seal), Object.keys(state.inputs).length > 0);
  put("outputs", propertiesToJson(state.outputs, seal), Object.keys(state.outputs).length > 0);
  put("parent", state.parent, state.parent !== "");
  put("protect", true, state.protect);
  put("external", true, state.external);
  put("dependencies", state.dependencies, state.dependencies.length > 0);
  put("initErrors", state.initErrors, state.initErrors.length > 0);
  put("provider", state.provider, state.provider !== "");
  put("propertyDependencies", state.propertyDependencies, Object.keys(state.propertyDependencies).length > 0);
  put("pendingReplacement", true, state.pendingReplacement);
  put("additionalSecretOutputs", state.additionalSecretOutputs, state.additionalSecretOutputs.length > 0);
  put("customTimeouts", timeoutsToJson(state.customTimeouts), state.customTimeouts !== undefined);
  put("importID", state.importId, state.importId !== "");
  put("retainOnDelete", true, state.retainOnDelete);
  put("deletedWith", state.deletedWith, state.deletedWith !== "");
  put("created", state.created, state.created !== "");
  put("modified", state.modified, state.modified !== "");
  put("sourcePosition", state.sourcePosition, state.sourcePosition !== "");
  put("ignoreChanges", state.ignoreChanges, state.ignoreChanges.length > 0);
  put("hideDiff", state.hideDiffs, state.hideDiffs.length > 0);
  put("replaceOnChanges", state.replaceOnChanges, state.replaceOnChanges.length > 0);
  put("replaceWith", state.replaceWith, state.replaceWith.length > 0);
  if (state.replacementTrigger !== undefined)
    json["replacementTrigger"] = valueToJson(state.replacementTrigger["value"] ?? null, seal);
  put("resourceHooks", state.resourceHooks, Object.keys(state.resourceHooks).length > 0);
  return json;
}

function timeoutsToJson(timeouts: CustomTimeouts | undefined): JsonObject {
  return timeouts === undefined
    ? {}
    : Object.fromEntries(Object.entries({ ...timeouts }).filter(([, seconds]) => seconds !== 0));
}

export function resourceFromJson(json: JsonObject, open: SecretReader): ResourceState {
  const text = (key: string): string => (typeof json[key] === "string" ? json[key] : "");
  const flag = (key: string): boolean => json[key] === true;
  const list = (key: string): string[] => {
    const value = json[key];
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  };
  const map = (key: string): JsonObject => {
    const value = json[key];
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  };
  const lists = (key: string): Record<string, string[]> =>
    Object.fromEntries(
      Object.entries(map(key)).map(([name, urns]) => [name, Array.isArray(urns) ? urns.map(String) : []]),
    );
  const timeouts = map("customTimeouts");
  const seconds = (key: string): number => (typeof timeouts[key] === "number" ? timeouts[key] : 0);
  return {
    urn: text("urn"),
    type: text("type"),
    custom: flag("custom"),
    id: text("id"),
    inputs: propertiesFromJson(map("inputs"), open),
    outputs: propertiesFromJson(map("outputs"), open),
    parent: text("parent"),
    provider: text("provider"),
    dependencies: list("dependencies"),
    propertyDependencies: lists("propertyDependencies"),
    protect: flag("protect"),
    external: flag("external"),
    delete: flag("delete"),
    pendingReplacement: flag("pendingReplacement"),
    initErrors: list("initErrors"),
    additionalSecretOutputs: list("additionalSecretOutputs"),
    ignoreChanges: list("ignoreChanges"),
    replaceOnChanges: list("replaceOnChanges"),
    customTimeouts:
      json["customTimeouts"] === undefined
        ? undefined
        : { create: seconds("create"), update: seconds("update"), delete: seconds("delete") },
    importId: text("importID"),
    retainOnDelete: flag("retainOnDelete"),
    deletedWith: text("deletedWith"),
    replaceWith: list("replaceWith"),
    replacementTrigger:
      json["replacementTrigger"] === undefined ? undefined : { value: valueFromJson(json["replacementTrigger"], open) },
    hideDiffs: list("hideDiff"),
    resourceHooks: lists("resourceHooks"),
    sourcePosition: text("sourcePosition"),
    created: text("created"),
    modified: text("modified"),
  };
}

export interface Deployment {
  readonly manifest: JsonObject;
  readonly secrets_providers: JsonObject;
  readonly resources: JsonObject[];
  readonly pending_operations?: JsonObject[];
  readonly metadata: JsonObject;
}

export interface VersionedDeployment {
  readonly version: 3;
  readonly deployment: Deployment;
}

export const DEPLOYMENT_VERSION = 3;

/** What a deployment says of itself: when it was written (ISO 8601), and how its secrets are sealed. */
export const deploymentHead = (
  secrets: Pick<SecretsManager, "type" | "state">,
  time: string,
): Pick<Deployment, "manifest" | "secrets_providers"> => ({
  manifest: { time, magic: "", version: "" },
  secrets_providers: { type: secrets.type, state: { ...secrets.state } },
});

/** `time` is ISO 8601. */
export function snapshotToDeployment(
  snapshot: Snapshot,
  seal: SecretWriter,
  secrets: Pick<SecretsManager, "type" | "state">,
  time: string,
): VersionedDeployment {
  const pending = snapshot.pending.map((operation) => pendingToJson(operation, seal));
  return {
    version: DEPLOYMENT_VERSION,
    deployment: {
      ...deploymentHead(secrets, time),
      resources: snapshot.resources.map((state) => resourceToJson(state, seal)),
      ...(pending.length === 0 ? {} : { pending_operations: pending }),
      metadata: {},
    },
  };
}

export function pendingToJson(operation: PendingOperation, seal: SecretWriter): JsonObject {
  return {
    resource: resourceToJson(operation.resource, seal),
    type: operation.kind,
    ...(operation.operationId === "" ? {} : { operationId: operation.operationId }),
  };
}

export function pendingFromJson(json: JsonObject, open: SecretReader): PendingOperation {
  const resource = json["resource"];
  return {
    kind: json["type"] as PendingKind,
    resource: resourceFromJson(isJsonObject(resource) ? resource : {}, open),
    operationId: typeof json["operationId"] === "string" ? json["operationId"] : "",
  };
}

export function deploymentToSnapshot(deployment: Deployment, open: SecretReader): Snapshot {
  return {
    resources: deployment.resources.map((json) => resourceFromJson(json, open)),
    pending: (deployment.pending_operations ?? []).map((json) => pendingFromJson(json, open)),
  };
}

export function isJsonObject(json: unknown): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
