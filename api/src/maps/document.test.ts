import assert from "node:assert/strict";
import fc from "fast-check";
import { bodyOf, type MapDocument, nextDocument, stateOf, stateOfKey } from "./document.ts";
import type { Key } from "./idempotency-key.ts";
import { mapLimits } from "./limits.ts";
import type { Json, PracticeData } from "./practice-data.ts";

const at = new Date(1_800_000_000_000);
const keyNamed = (id: string): Key => ({ id, fingerprint: `fingerprint of ${id}` });

function write(current: MapDocument | undefined, patch: PracticeData, key?: string): MapDocument {
  return nextDocument(current, {
    userId: "u",
    patch,
    key: key === undefined ? undefined : keyNamed(key),
    at,
    floor: 0,
  });
}

const patches = fc
  .array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.oneof(fc.constant(null), fc.nat(9))), { maxLength: 3 })
  .map((entries): PracticeData => Object.fromEntries(entries) as Record<string, Json>);

describe("maps: document", () => {
  it("gives each remembered key its first answer, after any other writes", () => {
    const writes = fc.array(fc.tuple(patches, fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(writes, (all) => {
        const answers = new Map<string, unknown>();
        let document: MapDocument | undefined;
        for (const [index, [patch, keyed]] of all.entries()) {
          document = write(document, patch, keyed ? String(index) : undefined);
          if (keyed) answers.set(String(index), JSON.parse(bodyOf(stateOf(document))));
        }
        const kept = document?.keys ?? [];
        assert.deepEqual(
          kept.map(({ id }) => id),
          [...answers.keys()].slice(-mapLimits.rememberedKeys),
        );
        for (const key of kept) {
          const again: unknown = document && JSON.parse(bodyOf(stateOfKey(document, key)));
          assert.deepEqual(again, answers.get(key.id));
        }
      }),
    );
  });

  it("does not grow by entries that come and go", () => {
    let document = write(undefined, { a: 1 }, "k");
    for (let round = 0; round < 50; round++) {
      document = write(document, { [`n${round}`]: round });
      document = write(document, { [`n${round}`]: null, a: round });
    }
    assert.equal(document.keys[0]?.undo, '{"a":1}');
  });

  it("forgets the oldest keys where their answers would take too much, and never the newest", () => {
    const long = (letter: string) =>
      Object.fromEntries(Array.from({ length: 4 }, (_, index) => [`n${index}`, letter.repeat(60_000)]));
    let document: MapDocument | undefined;
    for (const letter of ["a", "b", "c", "d", "e"]) document = write(document, long(letter), letter);
    // An undo has 240 KB, and the newest has none yet.
    assert.deepEqual(
      document?.keys.map(({ id }) => id),
      ["c", "d", "e"],
    );
    const bytes = Buffer.byteLength(JSON.stringify(document));
    assert.ok(bytes < mapLimits.mapBytes + mapLimits.rememberedBytes + 20_000, String(bytes));
  });

  it("begins after the version that was removed", () => {
    const first = nextDocument(undefined, { userId: "u", patch: {}, key: undefined, at, floor: 6 });
    assert.equal(first.version, 7);
    assert.equal(write(first, {}).version, 8);
  });

  it("throws where the map would be too large", () => {
    const many = Object.fromEntries(Array.from({ length: mapLimits.entries + 1 }, (_, index) => [index, 0]));
    assert.throws(() => write(undefined, many), { kind: "too-large" });
    assert.throws(() => write(undefined, { a: "é".repeat(mapLimits.mapBytes / 2) }), { kind: "too-large" });
  });
});
