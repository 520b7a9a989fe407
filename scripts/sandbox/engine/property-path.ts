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
  return parts.length === 0 ? [text] : parts;
}

export function formatPath(path: PropertyPath): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(part) || part === "*") text += text === "" ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
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

/**
 * The new inputs with every ignored path as it was: taken from the old inputs, or left out where those have none.
 * A path that neither side has is no error: the program may ignore what only some versions set.
 */
export function ignoreChanges(olds: Properties, news: Properties, paths: readonly string[]): Properties {
  let result: Value = news;
  for (const path of paths) result = reset(olds, result, parsePath(path)) ?? {};
  return isProperties(result) ? result : news;
}

/** `now` with the part at `path` replaced by that of `old`. Undefined where it goes away. */
function reset(old: Value | undefined, now: Value | undefined, path: PropertyPath): Value | undefined {
  const [part, ...rest] = path;
  if (part === undefined) return old;
  if (now instanceof Secret || old instanceof Secret) {
    const inner = reset(old instanceof Secret ? old.value : old, now instanceof Secret ? now.value : now, path);
    return inner === undefined ? undefined : new Secret(inner);
  }
  if (Array.isArray(now)) {
    const olds = Array.isArray(old) ? old : [];
    const indexes = part === "*" ? [...now.keys()] : [Number(part)];
    const result = [...now];
    for (const index of indexes) {
      const item = reset(olds[index], now[index], rest);
      if (item !== undefined && index <= result.length) result[index] = item;
    }
    return result;
  }
  if (now !== undefined && !isProperties(now)) return now;
  const olds = isProperties(old) ? old : {};
  if (now === undefined && Object.keys(olds).length === 0) return undefined;
  const news = now ?? {};
  const keys = part === "*" ? [...new Set([...Object.keys(olds), ...Object.keys(news)])] : [String(part)];
  const result: Properties = { ...news };
  for (const key of keys) {
    const item = reset(olds[key], news[key], rest);
    if (item === undefined) delete result[key];
    else result[key] = item;
  }
  return now === undefined && Object.keys(result).length === 0 ? undefined : result;
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
