import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { accepts, advanced, firstKeySet, keyBytes, parseKeySet, signingKey, type KeySet } from "./key-set.ts";

const bytes = fc.uint8Array({ minLength: keyBytes, maxLength: keyBytes });
const distinctKeys = fc.uniqueArray(bytes.map(signingKey), { minLength: 3, maxLength: 8, selector: ({ k }) => k });

describe("a signing key", () => {
  it("is a JWK of 256 bits whose id is its RFC 7638 thumbprint", () => {
    const k = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const kid = createHash("sha256").update(`{"k":"${k}","kty":"oct"}`).digest("base64url");
    assert.deepEqual(signingKey(new Uint8Array(keyBytes)), { kty: "oct", use: "sig", alg: "HS256", kid, k });
  });

  for (const length of [0, 16, 31, 33])
    it(`has no ${length} bytes`, () => assert.throws(() => signingKey(new Uint8Array(length)), RangeError));
});

describe("a key set", () => {
  const first = firstKeySet(Uint8Array.from({ length: 2 * keyBytes }, (_, index) => index));

  it("begins without a previous key", () => {
    assert.equal(first.previous, null);
    assert.notEqual(first.current.kid, first.next.kid);
  });

  it("lets each key be next, current, previous, and gone, in that order", () => {
    const roleOf = (kid: string, set: KeySet) =>
      (["next", "current", "previous"] as const).find((role) => set[role]?.kid === kid) ?? "gone";
    fc.assert(
      fc.property(distinctKeys, ([current, next, ...later]) => {
        const sets = later.reduce<KeySet[]>(
          (before, key) => [...before, advanced(before.at(-1)!, key)],
          [{ current: current!, previous: null, next: next! }],
        );
        const roles = sets.map((set) => roleOf(next!.kid, set));
        const expected = ["next", "current", "previous", ...sets.map(() => "gone")];
        assert.deepEqual(roles, expected.slice(0, roles.length));
      }),
    );
  });

  it("accepts what its neighbours in time sign, and not what was retired", () => {
    const sets = [1, 2, 3].reduce<KeySet[]>(
      (before, seed) => [...before, advanced(before.at(-1)!, signingKey(new Uint8Array(keyBytes).fill(seed)))],
      [first],
    );
    for (const [index, after] of sets.slice(1).entries()) {
      const before = sets[index]!;
      assert.ok(accepts(after, before.current) && accepts(before, after.current));
    }
    assert.ok(!accepts(sets[2]!, first.current));
  });

  it("is read back from what was written", () => {
    fc.assert(
      fc.property(distinctKeys, ([current, previous, next]) => {
        const set = { current: current!, previous: previous!, next: next! };
        assert.deepEqual(parseKeySet(JSON.stringify(set)), set);
      }),
    );
    assert.deepEqual(parseKeySet(JSON.stringify(first)), first);
  });

  const refused: readonly [what: string, text: string, says: RegExp][] = [
    ["text", "a password", /is no JSON/],
    ["nothing", "null", /current key has no 256 bits/],
    ["a set without a next key", JSON.stringify({ ...first, next: undefined }), /next key has no 256 bits/],
    ["a short key", JSON.stringify({ ...first, next: { ...first.next, k: "AAAA" } }), /next key has no 256 bits/],
    ["a foreign id", JSON.stringify({ ...first, next: { ...first.next, kid: "key-1" } }), /next key has a kid/],
    ["another algorithm", JSON.stringify({ ...first, next: { ...first.next, alg: "none" } }), /alg HS256/],
    ["a previous key that is left out", JSON.stringify({ ...first, previous: undefined }), /previous key/],
  ];
  for (const [what, text, says] of refused)
    it(`is not ${what}, and the message has no value in it`, () => {
      assert.throws(
        () => parseKeySet(text),
        (error: Error) => says.test(error.message) && !error.message.includes(first.next.k),
      );
    });
});
