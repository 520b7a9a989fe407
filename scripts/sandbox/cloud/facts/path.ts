import { OutputValue, UNKNOWN, Unknown, type Value, isProperties } from "../../values/value.ts";

/** `rules[].filter.tags.*` as `rules`, `[]`, `filter`, `tags`, `*`. */
export const segmentsOf = (pattern: string): string[] =>
  pattern
    .replaceAll("[]", ".[]")
    .split(".")
    .filter((segment) => segment !== "");

/** A place where a pattern leads. `value` is absent where the last key is; UNKNOWN where an ancestor is unknown. */
export interface Place {
  /** With indices: `rules[0].filter`. */
  readonly path: string;
  readonly value: Value | undefined;
}

export function join(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** Every place that the segments lead to. A place counts only where everything above it exists. */
export function places(value: Value | undefined, segments: readonly string[], path = ""): Place[] {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [{ path, value }];
  if (value instanceof Unknown || value instanceof OutputValue) return [{ path, value: UNKNOWN }];
  if (segment === "[]")
    return Array.isArray(value) ? value.flatMap((item, index) => places(item, rest, `${path}[${index}]`)) : [];
  if (!isProperties(value)) return [];
  if (segment === "*") return Object.entries(value).flatMap(([key, item]) => places(item, rest, join(path, key)));
  return places(value[segment], rest, join(path, segment));
}

/** Given at all: an empty list or null is as good as nothing. */
export const isGiven = (value: Value | undefined): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
