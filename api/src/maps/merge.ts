import type { Json, PracticeData } from "./practice-data.ts";

/**
 * Each entry of the patch replaces the one of its name, and null removes it: RFC 7396 at the top level, so that writers
 * of different entries lose nothing. What lies within an entry is not merged.
 */
export function merge(stored: PracticeData, patch: PracticeData): PracticeData {
  const merged = new Map<string, Json>(Object.entries(stored));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, value);
  }
  return Object.fromEntries(merged);
}

/** The patch that makes `stored` again of what `patch` makes of it. */
export const reverse = (stored: PracticeData, patch: PracticeData): PracticeData =>
  Object.fromEntries(Object.keys(patch).map((name) => [name, entryOf(stored, name)]));

/** No entry of a map is null at the top level, so that null says that there is none. */
export const entryOf = (data: PracticeData, name: string): Json =>
  Object.hasOwn(data, name) ? (data[name] ?? null) : null;
