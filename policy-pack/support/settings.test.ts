import assert from "node:assert/strict";
import type { Rule } from "./rule.ts";
import { configOf, configSchemaOf } from "./settings.ts";

const rule: Rule = {
  name: "t-kept",
  description: "It is kept.",
  why: "It is needed.",
  severity: "low",
  level: "mandatory",
  standards: [],
  settings: {
    days: { type: "number", description: "Days at least.", default: 7 },
    regions: { type: "array", description: "Regions.", default: ["us-east-1"] },
  },
};

describe("the settings of a rule", () => {
  it("are its defaults, and over them what the file says", () => {
    assert.deepEqual(configOf(rule, {}), { days: 7, regions: ["us-east-1"] });
    assert.deepEqual(configOf(rule, { days: 30 }), { days: 30, regions: ["us-east-1"] });
  });

  it("are its defaults where an engine sends something else than settings", () => {
    assert.deepEqual(configOf(rule, []), { days: 7, regions: ["us-east-1"] });
  });

  it("have a schema, in which each environment may give its reason", () => {
    const { properties } = configSchemaOf(rule);
    assert.deepEqual(Object.keys(properties), ["reason", "days", "regions"]);
    assert.deepEqual(properties["days"], { type: "number", description: "Days at least.", default: 7 });
    const { settings: _, ...bare } = rule;
    assert.deepEqual(Object.keys(configSchemaOf(bare).properties), ["reason"]);
  });
});
