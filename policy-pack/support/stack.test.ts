import assert from "node:assert/strict";
import { resource } from "../test/resource.ts";
import { stackFrom } from "./stack.ts";

describe("a stack", () => {
  it("finds by type and by URN, and knows its name", () => {
    const one = resource("t", "one");
    const stack = stackFrom([one, resource("u", "two")]);
    assert.equal(stack.name, "staging");
    assert.deepEqual(stack.ofType(["t"]), [one]);
    assert.equal(stack.byUrn(one.urn), one);
    assert.equal(stackFrom([]).name, "");
  });
});
