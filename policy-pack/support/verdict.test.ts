import assert from "node:assert/strict";
import { unknown } from "../test/resource.ts";
import { everyOf, someOf, verdictOf } from "./verdict.ts";

describe("a verdict", () => {
  it("waits for a value that is not known", () => {
    assert.equal(
      verdictOf("on", (value) => value === "on"),
      true,
    );
    assert.equal(
      verdictOf(undefined, (value) => value === "on"),
      false,
    );
    assert.equal(
      verdictOf(unknown, () => true),
      unknown,
    );
  });

  it("of some is true for one of them, and of every false for one of them, known or not beside it", () => {
    assert.equal(someOf([false, unknown, true]), true);
    assert.equal(someOf([false, unknown]), unknown);
    assert.equal(someOf([false]), false);
    assert.equal(someOf([]), false);
    assert.equal(everyOf([true, unknown, false]), false);
    assert.equal(everyOf([true, unknown]), unknown);
    assert.equal(everyOf([true]), true);
    assert.equal(everyOf([]), true);
  });
});
