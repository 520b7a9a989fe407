import { isProperties, type Properties, sameValue, Secret, type Value } from "../values/value.ts";

/** `a.b[0]["c.d"]` as its parts. `*` stands for every key or index. */
export type PropertyPath = readonly (string | number)[];

const PART = /\.?([^.[\]"]+)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]/gy;

export function parsePath(text: string): PropertyPath {
  const parts: (string | number)[] = [];
  PART.lastIndex = 0;
  for (let match = PART.exec(text); match !== null; match = PART.exec(text)) {
    const [, name, quoted, index] = match;
    if (name !== undefined) parts.push(name);
    else if (quoted !== undefined) parts.push(quoted.replaceAll(/\\(.)/g, "$1"));
    else if (index !== undefined) parts.push(index === "*" ? "*" : Number(index));
    if (PART.lastIndex === text.length) return parts;
  }
  // What is no path names the property of that very name.
  return [text];
}

export function formatPath(path: PropertyPath): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(part) || part === "*") text += text === "" ? part : `.${part}`;
    else text += `["${part.replaceAll(/["\\]/g, "\\$&")}"]`;
  }
  return text;
}

/** Whether `pattern` is the path or stands above it. */
export function covers(pattern: PropertyPath, path: PropertyPath): boolean {
  return pattern.length <= path.length && pattern.every((part, index) => part === "*" || part === path[index]);
}

export function getPath(value: Value | undefined, path: PropertyPath): Value | undefined {
  let now = value;
  for (const part of path) {
    if (now instanceof Secret) now = now.value;
    if (Array.isArray(now) && typeof part === "number") now = now[part];
    else if (isProperties(now)) now = now[String(part)];
    else return undefined;
  }
  return now;
}

/** A path to ignore that only one side has, so that it cannot be put back. */
export class MissingPath extends Error {
  constructor(paths: readonly string[]) {
    super(
      `cannot ignore changes to the following properties because one or more elements of the path are missing: ${JSON.stringify(paths.join(", "))}`,
    );
    this.name = "MissingPath";
  }
}

/**
 * The new inputs with every ignored path as it was: taken from the old inputs, or left out where those have none.
 * A path that neither side has is no error: the program may ignore what only some versions set. Throws MissingPath
 * where one side lacks what leads to the property, or an item of a list.
 */
export function ignoreChanges(olds: Properties, news: Properties, paths: readonly string[]): Properties {
  let result: Value = news;
  const missing: string[] = [];
  for (const path of paths) {
    const changed: Reset = reset(olds, result, parsePath(path), NOT_SECRET);
    if (changed === MISSING) missing.push(path);
    else result = changed;
  }
  if (missing.length > 0) throw new MissingPath(missing);
  return isProperties(result) ? result : news;
}

const MISSING = Symbol("missing");
type Reset = Value | typeof MISSING;

/** Whether a secret encloses the place, on each side. */
interface Enclosed {
  readonly old: boolean;
  readonly now: boolean;
}
const NOT_SECRET: Enclosed = { old: false, now: false };

/** `now` with the part at `path` replaced by that of `old`. */
function reset(old: Value | undefined, now: Value, path: PropertyPath, secret: Enclosed): Reset {
  if (old instanceof Secret) return reset(old.value, now, path, { ...secret, old: true });
  if (now instanceof Secret) {
    const inner = reset(old, now.value, path, { ...secret, now: true });
    return inner === MISSING ? MISSING : new Secret(inner);
  }
  const [part, ...rest] = path;
  if (part === undefined) return MISSING;
  if (part === "*") return resetEach(old, now, rest, secret);
  return typeof part === "number" ? resetItem(old, now, part, rest, secret) : resetKey(old, now, part, rest, secret);
}

/** What stood in a secret stays one where it is put. */
const kept = (value: Value, secret: Enclosed): Value =>
  secret.old && !secret.now && !(value instanceof Secret) ? new Secret(value) : value;

function resetItem(old: Value | undefined, now: Value, index: number, rest: PropertyPath, secret: Enclosed): Reset {
  if (!Array.isArray(old) || !Array.isArray(now)) return Array.isArray(old) || Array.isArray(now) ? MISSING : now;
  const former = old[index];
  const present = now[index];
  if (rest.length === 0 && former === undefined && present === undefined) return now;
  if (former === undefined || present === undefined) return MISSING;
  const item = rest.length === 0 ? kept(former, secret) : reset(former, present, rest, secret);
  return item === MISSING ? MISSING : now.with(index, item);
}

function resetKey(old: Value | undefined, now: Value, key: string, rest: PropertyPath, secret: Enclosed): Reset {
  const olds = isProperties(old) ? old : undefined;
  const former = olds?.[key];
  if (rest.length === 0) {
    if (former !== undefined) return isProperties(now) ? { ...now, [key]: kept(former, secret) } : MISSING;
    return isProperties(now) ? without(now, key) : now;
  }
  if (olds === undefined || !isProperties(now)) return olds !== undefined || isProperties(now) ? MISSING : now;
  const present = now[key];
  if (present === undefined) return former === undefined ? now : MISSING;
  const item = reset(former, present, rest, secret);
  return item === MISSING ? MISSING : { ...now, [key]: item };
}

/** Every key or item. The two sides must have the same ones, but for the keys of a map that is put back whole. */
function resetEach(old: Value | undefined, now: Value, rest: PropertyPath, secret: Enclosed): Reset {
  const whole = rest.length === 0;
  if (whole && isProperties(now))
    return isProperties(old)
      ? Object.fromEntries(Object.entries(old).map(([key, value]) => [key, kept(value, secret)]))
      : now;
  if (whole && Array.isArray(now)) {
    if (!Array.isArray(old)) return now;
    return old.length === now.length ? old.map((value) => kept(value, secret)) : MISSING;
  }
  const keys: PropertyPath =
    !whole && isProperties(old) && isProperties(now)
      ? Object.keys(old)
      : !whole && Array.isArray(old) && Array.isArray(now) && old.length === now.length
        ? [...old.keys()]
        : [MISSING_KEY];
  let result: Reset = now;
  for (const key of keys) {
    if (key === MISSING_KEY || getPath(now, [key]) === undefined) return MISSING;
    result = reset(old, result, [key, ...rest], secret);
    if (result === MISSING) return MISSING;
  }
  return result;
}

const MISSING_KEY = -1;

function without(properties: Properties, key: string): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== key));
}

/** Every path at which two values differ, down to the leaves. Secrets are compared by content. */
export function differingPaths(
  old: Value | undefined,
  now: Value | undefined,
  path: PropertyPath = [],
): { path: PropertyPath; old: Value | undefined; now: Value | undefined }[] {
  if (sameValue(old, now)) return [];
  if (isProperties(old) && isProperties(now)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
    return keys.flatMap((key) => differingPaths(old[key], now[key], [...path, key]));
  }
  if (Array.isArray(old) && Array.isArray(now)) {
    const length = Math.max(old.length, now.length);
    return Array.from({ length }, (_, index) => differingPaths(old[index], now[index], [...path, index])).flat();
  }
  return [{ path, old, now }];
}
