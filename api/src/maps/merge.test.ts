import assert from "node:assert/strict";
import fc from "fast-check";
import { merge, reverse } from "./merge.ts";
import type { Json, PracticeData } from "./practice-data.ts";

/** Few names, so that patches meet what is stored; the names of Object's own members among them. */
const name = fc.constantFrom("a", "b", "c", "7", "toString", "hasOwnProperty", "__proto__");
const value = fc.jsonValue({ maxDepth: 2 }).map((json) => json as Json);
const patches = fc
  .array(fc.tuple(name, value), { maxLength: 5 })
  .map((entries): PracticeData => Object.fromEntries(entries));
const maps = patches.map((patch) => merge({}, patch));

describe("maps: merge", () => {
  it("replaces, adds, and removes entries, and leaves the rest and its inputs alone", () => {
    const stored = { kept: { deep: [1] }, replaced: { old: 1 }, removed: 0 };
    const merged = merge(stored, { replaced: { young: null }, removed: null, added: false, absent: null });
    assert.deepEqual(merged, { kept: { deep: [1] }, replaced: { young: null }, added: false });
    assert.deepEqual(Object.keys(stored), ["kept", "replaced", "removed"]);
  });

  it("has each entry of the patch or of what was stored, and no null", () => {
    fc.assert(
      fc.property(maps, patches, (stored, patch) => {
        const merged = merge(stored, patch);
        for (const key of new Set([...Object.keys(stored), ...Object.keys(patch)])) {
          const expected = Object.hasOwn(patch, key) ? patch[key] : stored[key];
          if (expected === null) assert.ok(!Object.hasOwn(merged, key));
          else assert.deepEqual(Object.getOwnPropertyDescriptor(merged, key)?.value, expected);
        }
        assert.equal(Object.getPrototypeOf(merged), Object.prototype);
      }),
    );
  });

  it("does the same twice as once, and nothing of a patch is lost to one of other entries", () => {
    fc.assert(
      fc.property(maps, patches, patches, (stored, patch, other) => {
        assert.deepEqual(merge(merge(stored, patch), patch), merge(stored, patch));
        const apart = Object.fromEntries(Object.entries(other).filter(([key]) => !Object.hasOwn(patch, key)));
        assert.deepEqual(merge(merge(stored, patch), apart), merge(merge(stored, apart), patch));
      }),
    );
  });

  it("is undone by the reverse patch", () => {
    fc.assert(
      fc.property(maps, patches, (stored, patch) => {
        assert.deepEqual(merge(merge(stored, patch), reverse(stored, patch)), stored);
      }),
    );
  });
});
