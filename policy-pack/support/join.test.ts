import assert from "node:assert/strict";
import { joinTo } from "./join.ts";
import type { StackResource } from "./rule.ts";
import { Unknown, type PlainMap } from "./unknown.ts";

const unknown = new Unknown(new Error("not known"));

const resource = (
  name: string,
  props: PlainMap,
  references: Readonly<Record<string, readonly string[]>> = {},
): StackResource => ({
  type: "t",
  name,
  urn: `urn:${name}`,
  props,
  protect: false,
  provider: undefined,
  parent: "",
  dependencies: new Set(),
  references: new Map(Object.entries(references).map(([key, names]) => [key, new Set(names)])),
});

const a = resource("a", { id: "id-a", arn: "arn-a" });
const b = resource("b", { id: unknown });
const named = joinTo([a, b]);

describe("joinTo", () => {
  for (const [when, from, path, expected] of [
    ["an id is known", resource("x", { to: "id-a" }), "to", ["a"]],
    ["an ARN stands in a list", resource("x", { to: ["other", "arn-a"] }), "to[]", ["a"]],
    ["it stands in a block", resource("x", { block: { to: "id-a" } }), "block.to", ["a"]],
    ["it is unknown on both sides", resource("x", { to: unknown }, { to: ["urn:b"] }), "to", ["b"]],
    ["it is unknown in a list", resource("x", { to: ["id-a", unknown] }, { to: ["urn:b"] }), "to[]", ["a", "b"]],
    ["it is known and names another", resource("x", { to: "id-c" }, { to: ["urn:a"] }), "to", []],
    ["its candidate has no id yet", resource("x", { to: "id-b" }, { to: ["urn:b"] }), "to", ["b"]],
    ["it is absent", resource("x", {}), "to", []],
  ] as const)
    it(`finds what is named where ${when}`, () => {
      assert.deepEqual(
        named(from, path).map(({ name }) => name),
        expected,
      );
    });
});
