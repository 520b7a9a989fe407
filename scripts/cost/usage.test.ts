import assert from "node:assert/strict";
import { choices, stated, usages } from "./usage.ts";

describe("usage assumptions", () => {
  for (const [environment, usage] of Object.entries(usages))
    it(`ascend from low to high in ${environment}, and none is negative`, () => {
      for (const [name, { low, expected, high }] of Object.entries(usage)) {
        assert.ok(!low.isNegative(), name);
        assert.ok(low.lessThanOrEqualTo(expected) && expected.lessThanOrEqualTo(high), name);
      }
    });

  it("are never written as binary fractions, and each says why", () => {
    for (const [name, { what, why, production, staging, preview }] of Object.entries(choices)) {
      for (const level of [production, staging, preview].flat())
        assert.ok(typeof level === "string" || Number.isInteger(level), `${name}: write ${level} as a text`);
      assert.match(why, /^[A-Z].*\.$/, name);
      assert.doesNotMatch(what, /\.$/, name);
    }
  });

  it("are stated with their span", () => {
    assert.match(stated(usages.production.requests), /^5000000 requests .*\(1000000 to 20000000\)\. /);
    assert.doesNotMatch(stated({ ...usages.preview.flowLogGb }), /to/);
  });
});
