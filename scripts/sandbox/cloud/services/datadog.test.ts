import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { openSchemas } from "../schema/schemas.ts";
import type { Operation } from "../service.ts";
import { datadog } from "./datadog.ts";

const schemas = openSchemas({ directories: [dirname(fileURLToPath(import.meta.url))] });
const location = { partition: "", account: "", region: "" };

const bare = (type: string): Operation => ({
  type,
  urn: `urn:pulumi:test::test::${type}::x`,
  name: "x",
  stack: "test",
  location,
  inputs: {},
  existing: undefined,
  world: { byId: () => undefined, all: () => [] },
  hex: (_label, length) => "0".repeat(length),
});

describe("the table of Datadog's types", () => {
  for (const [type, rules] of Object.entries(datadog.resources)) {
    it(`${type} names inputs and outputs that the SDK has`, () => {
      const schema = schemas.type(type);
      for (const { property } of rules.unique ?? []) assert.ok(property in schema.inputs, property);
      for (const output of Object.keys(rules.computed?.(bare(type), "id") ?? {}))
        assert.ok(output in schema.outputs, output);
    });

    it(`${type} stands an operation without inputs`, () => {
      assert.doesNotThrow(() => {
        rules.check?.({}, location);
        rules.id?.(bare(type));
        rules.refuseCreate?.(bare(type));
        rules.refuseUpdate?.(bare(type));
        rules.refuseDelete?.(bare(type));
      });
    });
  }
});
