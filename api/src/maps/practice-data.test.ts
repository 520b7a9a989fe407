import assert from "node:assert/strict";
import fc from "fast-check";
import { findingsOf } from "./practice-data.ts";

describe("maps: practice data", () => {
  it("takes what comes back from storage as it was, and refuses the rest with a path to it", () => {
    const odd = fc.constantFrom(
      "$a",
      "a.b",
      "",
      "\0",
      "\ud800",
      "__proto__",
      "constructor",
      "_bsontype",
      2 ** 53,
      "fine",
    );
    const text = fc.oneof(fc.string({ unit: "binary" }), odd.map(String));
    const values = fc.object({
      key: text,
      values: [text, fc.double(), odd, fc.boolean()],
      maxDepth: 10,
      withNullPrototype: true,
    });
    fc.assert(
      fc.property(values, (value) => {
        // As a client would have sent it.
        const sent = JSON.parse(JSON.stringify(value)) as object;
        const found = findingsOf(sent);
        for (const { path } of found) assert.ok(isPath(sent, path));
        if (found.length > 0) return;
        assert.ok(JSON.stringify(sent).isWellFormed());
        assert.deepEqual(JSON.parse(Buffer.from(JSON.stringify(sent)).toString()), sent);
        const names = JSON.stringify(sent).match(/"(?:\$|__proto__|constructor|_bsontype)[^"]*":/g);
        assert.equal(names, null);
      }),
      { numRuns: 150 },
    );
  });

  it("stops looking once it has found twenty", () => {
    const wrong = Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`$${index}`, 1]));
    assert.equal(findingsOf(wrong).length, 20);
  });

  it("refuses what is no JSON at all", () => {
    for (const value of [undefined, null, "text", 1, [], true]) assert.equal(findingsOf(value).length, 1);
    assert.deepEqual(
      findingsOf({ a: undefined, b: Number.NaN, c: 1n }).map(({ path }) => path[0]),
      ["a", "b", "c"],
    );
  });
});

function isPath(value: unknown, path: readonly (string | number)[]): boolean {
  let at: unknown = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return false;
    at = Object.getOwnPropertyDescriptor(at, step)?.value;
  }
  return true;
}
