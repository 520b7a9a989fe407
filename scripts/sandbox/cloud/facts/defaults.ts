import { type Properties, type Value, isProperties } from "../../values/value.ts";
import type { TypeFacts } from "./facts.ts";
import { segmentsOf } from "./path.ts";

/** Adds the provider's defaults where a block is there and the property is not. Blocks are never made. */
export function withDefaults(facts: TypeFacts | undefined, properties: Properties): Properties {
  let result: Value = properties;
  for (const [path, value] of Object.entries(facts?.defaults ?? {})) result = filled(result, segmentsOf(path), value);
  return isProperties(result) ? result : properties;
}

function filled(target: Value, segments: readonly string[], value: Value): Value {
  const [segment, ...rest] = segments;
  if (segment === undefined) return target;
  if (segment === "[]") return Array.isArray(target) ? target.map((item) => filled(item, rest, value)) : target;
  if (!isProperties(target)) return target;
  if (segment === "*")
    return Object.fromEntries(Object.entries(target).map(([key, item]) => [key, filled(item, rest, value)]));
  const inner = target[segment];
  if (rest.length === 0) return inner === undefined || inner === null ? { ...target, [segment]: value } : target;
  return inner === undefined ? target : { ...target, [segment]: filled(inner, rest, value) };
}
