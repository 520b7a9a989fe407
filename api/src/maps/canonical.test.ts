import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalJson, fingerprintOf } from "./canonical.ts";
import { keyOf, type KeyedRequest } from "./idempotency-key.ts";
import type { Json } from "./practice-data.ts";

const values = fc.jsonValue({ maxDepth: 4 }).map((json) => json as Json);

/** The same value with the names of each object in the opposite order. */
function reordered(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => reordered(item));
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reordered(member)]),
  );
}

describe("maps: canonical JSON and fingerprints", () => {
  it("is JSON of the same value, whatever the order of the names", () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = canonicalJson(value);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
        assert.equal(canonicalJson(reordered(value)), text);
      }),
    );
    assert.equal(
      canonicalJson({ b: [1, { d: -0, c: "\n" }], "10": 1, "9": null }),
      '{"10":1,"9":null,"b":[1,{"c":"\\n","d":0}]}',
    );
  });

  it("differs where the values differ", () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const same = JSON.stringify(reordered(reordered(one))) === JSON.stringify(reordered(reordered(other)));
        if (canonicalJson(one) === canonicalJson(other)) assert.equal(fingerprintOf(one), fingerprintOf(other));
        else assert.ok(!same && fingerprintOf(one) !== fingerprintOf(other));
      }),
    );
  });

  it("tells requests apart by each of their parts, and keys by their callers", () => {
    const request: KeyedRequest = { callerId: "u", userId: "u", patch: { a: 1 }, ifMatch: undefined };
    const key = keyOf("k", request);
    assert.deepEqual(keyOf('"k"', { ...request, patch: { a: 1 } }), key);
    assert.match(key.id, /^[\w-]{43}$/);
    const others: readonly Partial<KeyedRequest>[] = [{ userId: "v" }, { patch: { a: 2 } }, { ifMatch: "*" }];
    for (const other of others) {
      assert.equal(keyOf("k", { ...request, ...other }).id, key.id);
      assert.notEqual(keyOf("k", { ...request, ...other }).fingerprint, key.fingerprint);
    }
    assert.notEqual(keyOf("k", { ...request, callerId: "admin" }).id, key.id);
    assert.notEqual(keyOf("l", request).id, key.id);
  });
});
