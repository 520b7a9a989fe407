import type { ResourceState } from "../state/resource.ts";
import { hasSecret, type Properties, Secret, type Value } from "../values/value.ts";

const secret = (value: Value): Value => (value instanceof Secret ? value : new Secret(value));

/** Marks every property whose namesake holds a secret: for providers that are sent secrets in the clear. */
export function remark(values: Properties, marked: Properties): Properties {
  const result: Properties = {};
  for (const [key, value] of Object.entries(values)) {
    const namesake = marked[key];
    result[key] = namesake !== undefined && hasSecret(namesake) ? secret(value) : value;
  }
  return result;
}

/** A resource's outputs with those marked that the program names, or whose input of the same name is secret. */
export function markedOutputs(state: ResourceState, outputs: Properties): Properties {
  const result: Properties = {};
  for (const [key, value] of Object.entries(outputs)) {
    const hidden = (key !== "id" && state.additionalSecretOutputs.includes(key)) || state.inputs[key] instanceof Secret;
    result[key] = hidden ? secret(value) : value;
  }
  return result;
}
