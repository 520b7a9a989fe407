import { OutputValue, type Properties, Secret, UNKNOWN, type Value, isProperties } from "../../values/value.ts";
import { invalid } from "./args.ts";
import { dependenciesOf } from "../construct.ts";

/**
 * Maps laid over each other, the later winning. Absent ones are left out.
 * One map that is unknown as a whole makes all unknown; one that is secret makes all secret.
 */
export function mergeTags(...maps: readonly (Value | undefined)[]): Value {
  const merged: Properties = {};
  let secret = false;
  let known = true;
  for (const map of maps) {
    if (map === undefined || map === null) continue;
    const { value, isSecret } = opened(map);
    secret ||= isSecret;
    if (value === undefined) known = false;
    else Object.assign(merged, value);
  }
  const wrapped = maps.filter((map) => map instanceof OutputValue);
  if (wrapped.length === 0) {
    const value = known ? merged : UNKNOWN;
    return secret ? new Secret(value) : value;
  }
  const dependencies = new Set(wrapped.flatMap((map) => [...dependenciesOf(map)]));
  return new OutputValue(known ? merged : undefined, secret, [...dependencies]);
}

function opened(map: Value): { value: Properties | undefined; isSecret: boolean } {
  if (map instanceof Secret) return { ...opened(map.value), isSecret: true };
  if (map instanceof OutputValue) {
    const inner = map.value === undefined ? { value: undefined, isSecret: false } : opened(map.value);
    return { value: inner.value, isSecret: map.secret || inner.isSecret };
  }
  if (map === UNKNOWN) return { value: undefined, isSecret: false };
  if (!isProperties(map)) throw invalid("tags", "must be a map of texts");
  return { value: map, isSecret: false };
}
