import type { Key } from "./idempotency-key.ts";
import { mapLimits } from "./limits.ts";
import { entryOf, merge, reverse } from "./merge.ts";
import type { PracticeData } from "./practice-data.ts";

/**
 * A request that had its effect, and how to give its answer again. The answers of 20 keys would be 20 maps; kept is what
 * later writes changed: each key's `undo` makes the map that it answered with of the next key's, the newest key's of the
 * map as it is.
 */
export interface RememberedKey extends Key {
  readonly version: number;
  readonly updatedAt: Date;
  /** A patch, as JSON. */
  readonly undo: string;
}

/** A write, as far as the keys must know of it. */
export interface Change {
  readonly before: PracticeData;
  readonly patch: PracticeData;
  readonly after: PracticeData;
  readonly version: number;
  readonly updatedAt: Date;
  readonly key: Key | undefined;
}

/** The keys, oldest first, after a write. */
export function remember(keys: readonly RememberedKey[], change: Change): readonly RememberedKey[] {
  const { key, version, updatedAt } = change;
  const newest = keys.at(-1);
  const known = newest === undefined ? [] : [...keys.slice(0, -1), { ...newest, undo: undoAfter(newest, change) }];
  return withinLimits(key === undefined ? known : [...known, { ...key, version, updatedAt, undo: "{}" }]);
}

const patchOf = ({ undo }: RememberedKey): PracticeData => JSON.parse(undo) as PracticeData;

/** The undo of the newest key, once the map has changed again: the older value of an entry is the one to go back to. */
function undoAfter(newest: RememberedKey, { before, patch, after }: Change): string {
  const all = { ...reverse(before, patch), ...patchOf(newest) };
  // What neither had nor has an entry needs none, or names that came and went would pile up.
  const needed = Object.entries(all).filter(([name, value]) => value !== null || entryOf(after, name) !== null);
  return JSON.stringify(Object.fromEntries(needed));
}

function withinLimits(keys: readonly RememberedKey[]): readonly RememberedKey[] {
  const newest = keys.length - 1;
  let bytes = 0;
  const forgotten = keys.findLastIndex(({ undo }, index) => {
    bytes += Buffer.byteLength(undo);
    return newest - index >= mapLimits.rememberedKeys || (bytes > mapLimits.rememberedBytes && index < newest);
  });
  return keys.slice(forgotten + 1);
}

/** What a key's request answered with: the undos of it and of every newer key, applied to the map as it is. */
export const restore = (current: PracticeData, keys: readonly RememberedKey[], key: RememberedKey): PracticeData =>
  keys.slice(keys.indexOf(key)).reduceRight((data, newer) => merge(data, patchOf(newer)), current);
