import assert from "node:assert/strict";
import fc from "fast-check";
import { escaped } from "./pattern.ts";

describe("escaped", () => {
  it("matches its text and nothing else", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const pattern = new RegExp(`^${escaped(text)}$`);
        assert.ok(pattern.test(text));
        assert.equal(pattern.test(other), text === other);
      }),
    );
  });

  it("stands inside a class of characters too", () => {
    assert.ok(!new RegExp(`[${escaped("a-c]")}]`).test("b"));
  });
});
