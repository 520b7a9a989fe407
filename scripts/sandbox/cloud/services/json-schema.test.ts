import assert from "node:assert/strict";
import { schemaProblem, type Json } from "./json-schema.ts";

const schema: Json = {
  type: "object",
  additionalProperties: false,
  required: ["level"],
  properties: {
    level: { type: "string", enum: ["info", "warn"] },
    ratio: { type: "number", minimum: 0, maximum: 1 },
    limit: { type: "integer", minimum: 0, exclusiveMinimum: true },
    name: { type: "string", minLength: 2, pattern: "^[a-z]+$" },
    hosts: { type: "array", maxItems: 2, items: { type: "string" } },
    nested: { type: "object", additionalProperties: { type: "boolean" } },
    maybe: { type: ["null", "boolean"] },
  },
};

describe("JSON Schema", () => {
  for (const value of [
    { level: "info" },
    { level: "warn", ratio: 0.5, limit: 1, name: "ab", hosts: ["a"], nested: { a: true }, maybe: null },
  ] as const) {
    it(`takes ${JSON.stringify(value)}`, () =>
      assert.equal(schemaProblem(schema, value as unknown as Json), undefined));
  }

  for (const [value, says] of [
    [[], /^#: expected type: object/],
    [{}, /^#: required key \[level\] not found/],
    [{ level: "loud" }, /^#\/level: "loud" is not a valid enum value/],
    [{ level: "info", lever: 1 }, /extraneous key \[lever\]/],
    [{ level: "info", ratio: 2 }, /^#\/ratio: 2 is above the maximum of 1/],
    [{ level: "info", limit: 1.5 }, /expected type: integer/],
    [{ level: "info", limit: 0 }, /below the minimum/],
    [{ level: "info", name: "a" }, /below the minimum of 2/],
    [{ level: "info", name: "AB" }, /does not match pattern/],
    [{ level: "info", hosts: ["a", "b", "c"] }, /above the maximum of 2/],
    [{ level: "info", hosts: [1] }, /^#\/hosts\/0: expected type: string/],
    [{ level: "info", nested: { a: 1 } }, /^#\/nested\/a: expected type: boolean/],
    [{ level: "info", maybe: "x" }, /expected type: null or boolean/],
  ] as const) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.match(schemaProblem(schema, value as unknown as Json) ?? "", says);
    });
  }
});
