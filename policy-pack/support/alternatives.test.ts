import assert from "node:assert/strict";
import { anySet } from "./alternatives.ts";
import type { Resource } from "./rule.ts";
import { Unknown, type PlainMap } from "./unknown.ts";

const value = new Unknown(new Error("not known"));
const find = anySet(["users", "token.text"], "set users");
const on = (props: PlainMap): readonly unknown[] =>
  find({ type: "t", name: "n", urn: "u", props, protect: false, provider: undefined } satisfies Resource, {});

describe("anySet", () => {
  it("passes where one of them is set", () => {
    assert.deepEqual(on({ users: ["a"] }), []);
    assert.deepEqual(on({ users: [], token: { text: "t" } }), []);
    assert.deepEqual(on({ users: [value] }), []);
    assert.deepEqual(on({ users: value, token: { text: "t" } }), []);
  });

  it("cannot decide where one of them is unknown", () => {
    assert.deepEqual(on({ users: [], token: value }), [{ property: "token.text", unknown: value }]);
  });

  it("finds where none of them is set", () => {
    const finding = { property: "users", wrong: "neither it nor token.text is set", fix: "set users" };
    assert.deepEqual(on({}), [finding]);
    assert.deepEqual(on({ users: [], token: { text: "" } }), [finding]);
  });
});
