import { Archive, Asset, OutputValue, ResourceReference, Secret, Unknown, type Value } from "../../values/value.ts";

export const SECRET_TEXT = "[secret]";
export const UNKNOWN_TEXT = "[unknown]";

export type Shown = null | boolean | number | string | Shown[] | { [key: string]: Shown };

/** Plain JSON for people and for --json: secrets masked, keys sorted. */
export function shown(value: Value): Shown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(shown);
  if (value instanceof Secret) return SECRET_TEXT;
  if (value instanceof Unknown) return UNKNOWN_TEXT;
  if (value instanceof OutputValue) {
    if (value.secret) return SECRET_TEXT;
    return value.value === undefined ? UNKNOWN_TEXT : shown(value.value);
  }
  if (value instanceof ResourceReference) return value.id instanceof Unknown ? UNKNOWN_TEXT : (value.id ?? value.urn);
  if (value instanceof Asset) return `asset ${value.hash.slice(0, 12)}`;
  if (value instanceof Archive) return `archive ${value.hash.slice(0, 12)}`;
  return shownProperties(value);
}

export function shownProperties(properties: Readonly<Record<string, Value>>): Record<string, Shown> {
  const result: Record<string, Shown> = {};
  for (const key of Object.keys(properties).sort()) {
    const value = properties[key];
    if (value !== undefined) result[key] = shown(value);
  }
  return result;
}

/** One line, at most `width` characters; masks and marks stand without quotes. */
export function valueText(value: Value | undefined, width: number): string {
  if (value === undefined) return "(none)";
  const plain = shown(value);
  const isMark = typeof plain === "string" && typeof value !== "string";
  return cut(isMark ? plain : JSON.stringify(plain), width);
}

/** Cuts at the end and says how long the whole was. */
export function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const note = `… (${text.length} characters)`;
  return `${text.slice(0, Math.max(8, width - note.length))}${note}`;
}
