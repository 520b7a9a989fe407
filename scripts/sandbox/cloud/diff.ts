import { Archive, Asset, type Properties, Unknown, type Value, isProperties, sameValue } from "../values/value.ts";
import { factsOf } from "./facts/facts.ts";
import { join, segmentsOf } from "./facts/path.ts";
import { REPLACE_WHEN } from "./facts/replace-when.ts";
import { type Naming, needsDeleteFirst } from "./names.ts";
import type { ResourceRules } from "./service.ts";

export type ChangeKind = "add" | "delete" | "update";

export interface Change {
  readonly kind: ChangeKind;
  readonly replaces: boolean;
}

export interface Difference {
  /** By path with indices: `rules[0].priority`, `tags.Name`. */
  readonly changes: ReadonlyMap<string, Change>;
  /** Top-level properties, in the order of the changes. */
  readonly diffs: readonly string[];
  /** Paths that force a replacement. */
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

export interface DiffRequest {
  readonly type: string;
  readonly olds: Properties;
  readonly news: Properties;
  /** The old outputs. */
  readonly outputs: Properties;
  readonly ignored: readonly string[];
  readonly rules: ResourceRules | undefined;
  readonly naming: Naming | undefined;
}

/** What an update of the inputs would change, and whether the provider must replace for it. */
export function difference(request: DiffRequest): Difference {
  const { type, rules, naming } = request;
  const olds = without(request.olds, request.ignored);
  const news = without(request.news, request.ignored);
  const found: Found[] = [];
  for (const key of new Set([...Object.keys(olds), ...Object.keys(news)]))
    compare(olds[key], news[key], join("", key), rules?.equivalent?.bind(rules), looseEmpty(type), found);
  const facts = factsOf(type);
  const patterns = [...(facts?.replace ?? []), "region"].map(segmentsOf);
  const topLevel = new Set([
    ...(REPLACE_WHEN[type]?.(olds, news, request.outputs) ?? []),
    ...(rules?.replaces?.(olds, news) ?? []),
  ]);
  const changes = new Map<string, Change>();
  for (const { path, kind, side } of found) {
    const segments = concrete(path);
    const replaces =
      topLevel.has(path) ||
      topLevel.has(segments[0] ?? "") ||
      patterns.some((pattern) => reaches(pattern, segments, side));
    changes.set(path, { kind, replaces });
  }
  const replaces = [...changes].flatMap(([path, change]) => (change.replaces ? [path] : []));
  return {
    changes,
    diffs: [...new Set([...changes.keys()].map((path) => concrete(path)[0] ?? path))],
    replaces,
    deleteBeforeReplace: replaces.length > 0 && needsDeleteFirst(naming, olds, news),
  };
}

interface Found {
  readonly path: string;
  readonly kind: ChangeKind;
  /** What was added or deleted, where the path itself came or went. */
  readonly side: Value | undefined;
}

type Equivalent = ((property: string, old: Value, now: Value) => boolean) | undefined;

// Providers on Terraform's first plugin SDK cannot tell an empty list or map from an absent one.
const looseEmpty = (type: string): boolean => /^(aws|datadog):/.test(type);

function compare(
  old: Value | undefined,
  now: Value | undefined,
  path: string,
  equivalent: Equivalent,
  loose: boolean,
  found: Found[],
): void {
  if (isAbsent(old, loose) && isAbsent(now, loose)) return;
  if (isAbsent(old, loose) || old === undefined) {
    found.push({ path, kind: "add", side: now });
    return;
  }
  if (isAbsent(now, loose) || now === undefined) {
    found.push({ path, kind: "delete", side: old });
    return;
  }
  if (sameValue(old, now) || equivalent?.(path, old, now) === true) return;
  if (Array.isArray(old) && Array.isArray(now)) {
    for (let index = 0; index < Math.max(old.length, now.length); index++)
      compare(old[index], now[index], `${path}[${index}]`, equivalent, false, found);
    return;
  }
  if (isMap(old) && isMap(now)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)]))
      compare(old[key], now[key], join(path, key), equivalent, loose, found);
    return;
  }
  found.push({ path, kind: "update", side: undefined });
}

const isMap = (value: Value): value is Properties =>
  isProperties(value) && !(value instanceof Asset) && !(value instanceof Archive) && !(value instanceof Unknown);

const isAbsent = (value: Value | undefined, loose: boolean): boolean =>
  value === undefined ||
  value === null ||
  (loose && ((Array.isArray(value) && value.length === 0) || (isProperties(value) && Object.keys(value).length === 0)));

/** `rules[0].tags["a.b"]` as `rules`, `0`, `tags`, `a.b`. */
function concrete(path: string): string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? "",
  );
}

/**
 * Whether a change at the path touches the pattern: at it, below it, or above it where the part
 * that came or went holds the pattern's property.
 */
function reaches(pattern: readonly string[], path: readonly string[], side: Value | undefined): boolean {
  const shared = Math.min(pattern.length, path.length);
  for (let at = 0; at < shared; at++) {
    const wanted = pattern[at];
    const is = path[at] ?? "";
    if (wanted === "[]" ? !/^\d+$/.test(is) : wanted !== "*" && wanted !== is) return false;
  }
  if (path.length >= pattern.length) return true;
  return side !== undefined && holds(side, pattern.slice(path.length));
}

function holds(value: Value | undefined, segments: readonly string[]): boolean {
  const [segment, ...rest] = segments;
  if (segment === undefined) return value !== undefined && value !== null;
  if (segment === "[]") return Array.isArray(value) && value.some((item) => holds(item, rest));
  if (!isProperties(value)) return false;
  if (segment === "*") return Object.values(value).some((item) => holds(item, rest));
  return holds(value[segment], rest);
}

/** Top-level properties that are not to be compared; Pulumi's own marks are none. */
function without(properties: Properties, ignored: readonly string[]): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([key]) => !key.startsWith("__") && !ignored.includes(key)),
  );
}
