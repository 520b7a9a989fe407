import assert from "node:assert/strict";
import { BSON } from "mongodb";
import { checksumOf, documentOf, fingerprintOf, isSame, lineOf, NotStorableError } from "./canonical.ts";

const everything = {
  _id: new BSON.ObjectId("65f0c0ffee65f0c0ffee65f0"),
  whole: new BSON.Int32(3),
  fraction: new BSON.Double(3),
  large: BSON.Long.fromString("9007199254740993"),
  exact: BSON.Decimal128.fromString("0.10"),
  at: new Date("2026-01-12T08:00:00.123Z"),
  bytes: new BSON.Binary(Buffer.from([0, 255])),
  nothing: null,
  nested: { list: [{ b: "2", a: "ä\u2028" }, true], empty: {} },
};

describe("the canonical form of a document", () => {
  it("survives a line of the dump with every type", () => {
    const back = documentOf(lineOf(everything));
    assert.equal(checksumOf(back), checksumOf(everything));
    assert.equal(lineOf(back), lineOf(everything));
  });

  it("is the same in whatever order the fields stand, and not in whatever order a list stands", () => {
    assert.equal(checksumOf({ a: { x: 1, y: 2 }, b: 3 }), checksumOf({ b: 3, a: { y: 2, x: 1 } }));
    assert.notEqual(checksumOf({ a: [1, 2] }), checksumOf({ a: [2, 1] }));
  });

  it("tells a whole number from the same one with a fraction, and a date from its text", () => {
    assert.notEqual(checksumOf({ n: new BSON.Int32(3) }), checksumOf({ n: new BSON.Double(3) }));
    assert.notEqual(checksumOf({ at: everything.at }), checksumOf({ at: everything.at.toISOString() }));
  });

  it("refuses a field that would come back as a type", () => {
    assert.throws(() => lineOf({ a: [{ $date: "2026-01-12" }] }), NotStorableError);
  });
});

describe("the fingerprint of documents", () => {
  it("does not depend on the order, and sees one too many, one too few, and one changed", () => {
    const whole = fingerprintOf(["a", "b", "c"]);
    assert.ok(isSame(whole, fingerprintOf(["c", "a", "b"])));
    for (const other of [["a", "b"], ["a", "b", "c", "c"], ["a", "b", "d"], []])
      assert.ok(!isSame(whole, fingerprintOf(other)));
  });
});
