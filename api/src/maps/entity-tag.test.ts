import assert from "node:assert/strict";
import { entityTags, etagOf, names, versionsOf } from "./entity-tag.ts";

describe("maps: entity tags", () => {
  it("takes the grammar of RFC 9110, and nothing else", () => {
    for (const header of ["*", '"1"', 'W/"1"', '"", "a,b" ,\t W/"c"']) assert.ok(entityTags.test(header), header);
    for (const header of ["", "1", "* ", '*, "1"', '"1', '"1" "2"', 'w/"1"', '"a"b"', '"ü"'])
      assert.ok(!entityTags.test(header), header);
    // No input takes long.
    assert.ok(!entityTags.test(`"1"${", \t".repeat(50_000)}`));
  });

  it("names versions: all, some, or none", () => {
    assert.equal(versionsOf("*", "strong"), "any");
    assert.deepEqual(versionsOf('"1", W/"2", "x", "03", "-4", "5.0", "6"', "strong"), new Set([1, 6]));
    assert.deepEqual(versionsOf('"1", W/"2", "x"', "weak"), new Set([1, 2]));
    assert.ok(names("any", 7) && names(versionsOf(etagOf(7), "strong"), 7) && !names(new Set([6]), 7));
  });

  it("does not look into a tag for another", () => {
    assert.deepEqual(versionsOf('"a", "1"', "strong"), new Set([1]));
    assert.deepEqual(versionsOf('W/"1", "b"', "strong"), new Set());
  });
});
