import type callbacks from "@pulumi/pulumi/proto/callback_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import { OutputValue, type Properties, Secret, someValue, Unknown, type Value } from "../values/value.ts";
import { FULL, fromStruct, toStruct } from "../values/wire.ts";
import type { Callbacks } from "./callbacks.ts";

/** What a transform may change of a registration: its inputs and its options, with the dependencies of both. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent: string;
  inputs: Properties;
  options: messages.TransformResourceOptions;
  /** Dependencies by property, from which those of the resource follow. */
  propertyDependencies: Record<string, string[]>;
}

/** Runs the transforms in order; each sees what the one before made. */
export async function applyTransforms(
  registration: Registration,
  transforms: readonly callbacks.Callback[],
  callbacks: Callbacks,
): Promise<void> {
  for (const transform of transforms) {
    const request = new messages.TransformRequest();
    request.setType(registration.type);
    request.setName(registration.name);
    request.setCustom(registration.custom);
    request.setParent(registration.parent);
    request.setProperties(toStruct(registration.inputs, FULL));
    request.setOptions(registration.options);
    const response = messages.TransformResponse.deserializeBinary(
      await callbacks.invoke(transform, request.serializeBinary()),
    );
    if (response.hasProperties()) registration.inputs = fromStruct(response.getProperties());
    const options = response.getOptions();
    if (options !== undefined) registration.options = options;
  }
}

/** Wraps each input in an output with the property's dependencies, so that a transform cannot lose them. */
export function withDependencies(
  inputs: Properties,
  propertyDependencies: Readonly<Record<string, readonly string[]>>,
): Properties {
  const result: Properties = {};
  for (const [key, value] of Object.entries(inputs)) {
    const dependencies = propertyDependencies[key] ?? [];
    result[key] = dependencies.length === 0 || value instanceof OutputValue ? value : asOutput(value, dependencies);
  }
  return result;
}

function asOutput(value: Value, dependencies: readonly string[]): OutputValue {
  const secret = value instanceof Secret;
  const inner = secret ? value.value : value;
  return new OutputValue(inner instanceof Unknown ? undefined : inner, secret, dependencies);
}

/** The dependencies that the output values in each input carry. */
export function dependenciesByProperty(inputs: Properties): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  for (const [key, value] of Object.entries(inputs)) result[key] = [...outputDependencies(value)];
  return result;
}

export function outputDependencies(value: Value): Set<string> {
  const found = new Set<string>();
  someValue(value, (node) => {
    if (node instanceof OutputValue) for (const urn of node.dependencies) found.add(urn);
    return false;
  });
  return found;
}

export function optionsOf(request: messages.RegisterResourceRequest): messages.TransformResourceOptions {
  const options = new messages.TransformResourceOptions();
  options.setDependsOnList(request.getDependenciesList());
  const protect = request.getProtect();
  if (request.hasProtect() && protect !== undefined) options.setProtect(protect);
  options.setIgnoreChangesList(request.getIgnorechangesList());
  options.setReplaceOnChangesList(request.getReplaceonchangesList());
  options.setVersion(request.getVersion());
  options.setAliasesList(request.getAliasesList());
  options.setProvider(request.getProvider());
  options.setCustomTimeouts(request.getCustomtimeouts());
  options.setPluginDownloadUrl(request.getPlugindownloadurl());
  const retain = request.getRetainondelete();
  if (request.hasRetainondelete() && retain !== undefined) options.setRetainOnDelete(retain);
  options.setDeletedWith(request.getDeletedwith());
  if (request.getDeletebeforereplacedefined() || request.getDeletebeforereplace())
    options.setDeleteBeforeReplace(request.getDeletebeforereplace());
  options.setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList());
  request.getProvidersMap().forEach((reference, name) => {
    options.getProvidersMap().set(name, reference);
  });
  options.setHooks(request.getHooks());
  options.setImport(request.getImportid());
  options.setHideDiffList(request.getHidediffsList());
  options.setReplaceWithList(request.getReplaceWithList());
  options.setReplacementTrigger(request.getReplacementTrigger());
  return options;
}

export async function applyInvokeTransforms(
  token: string,
  args: Properties,
  options: messages.TransformInvokeOptions,
  transforms: readonly callbacks.Callback[],
  callbacks: Callbacks,
): Promise<{ args: Properties; options: messages.TransformInvokeOptions }> {
  let now = { args, options };
  for (const transform of transforms) {
    const request = new messages.TransformInvokeRequest();
    request.setToken(token);
    request.setArgs(toStruct(now.args, FULL));
    request.setOptions(now.options);
    const response = messages.TransformInvokeResponse.deserializeBinary(
      await callbacks.invoke(transform, request.serializeBinary()),
    );
    now = {
      args: response.hasArgs() ? fromStruct(response.getArgs()) : now.args,
      options: response.getOptions() ?? now.options,
    };
  }
  return now;
}
