import structs from "google-protobuf/google/protobuf/struct_pb.js";
import type messages from "@pulumi/pulumi/proto/resource_pb.js";
import { downgradedProperties, type Properties } from "../values/value.ts";
import { fromStruct } from "../values/wire.ts";
import type { PackageSource } from "./provider-resolution.ts";
import { outputDependencies, type Registration } from "./transforms.ts";

export function propertyDependencies(request: messages.RegisterResourceRequest): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((urns, key) => {
    result[key] = urns.getUrnsList();
  });
  return result;
}

/**
 * Dependencies by input. A caller that gives none at all means that every input depends on everything; what the
 * output values carry comes on top.
 */
export function withOutputDependencies(
  inputs: Properties,
  registration: Registration,
  request: messages.RegisterResourceRequest,
): Record<string, string[]> {
  const given = registration.propertyDependencies;
  const none = Object.keys(given).length === 0 && !request.getRemote();
  const all = new Set(registration.options.getDependsOnList());
  if (none) for (const value of Object.values(inputs)) for (const urn of outputDependencies(value)) all.add(urn);
  const result: Record<string, string[]> = {};
  for (const [key, value] of Object.entries(inputs))
    result[key] = none ? [...all] : [...new Set([...(given[key] ?? []), ...outputDependencies(value)])];
  return result;
}

export function withVersion(inputs: Properties, source: PackageSource): Properties {
  return {
    ...inputs,
    ...(source.version === "" || "version" in inputs ? {} : { version: source.version }),
    ...(source.downloadUrl === "" ? {} : { pluginDownloadURL: source.downloadUrl }),
  };
}

/** Null stands for no trigger. */
export function decodeTrigger(trigger: structs.Value | undefined): Properties | undefined {
  if (trigger === undefined) return undefined;
  const struct = new structs.Struct();
  struct.getFieldsMap().set("value", trigger);
  const decoded = downgradedProperties(fromStruct(struct));
  return decoded["value"] === null ? undefined : decoded;
}
