import assert from "node:assert/strict";
import { factsKnown } from "../facts/facts.ts";
import { openSchemas } from "../schema/schemas.ts";
import type { Operation } from "../service.ts";
import { cloudflare } from "./cloudflare.ts";
import { PRODUCTION } from "./tiny-world.ts";

const schemas = openSchemas({ directories: [import.meta.dirname] });

const bare = (type: string): Operation => ({
  type,
  urn: `urn:pulumi:test::test::${type}::x`,
  name: "x",
  stack: "test",
  location: PRODUCTION,
  inputs: {},
  existing: undefined,
  world: { byId: () => undefined, all: () => [] },
  hex: (_label, length) => "0".repeat(length),
});

describe("Cloudflare's table", () => {
  for (const [type, rules] of Object.entries(cloudflare.resources)) {
    it(`knows of ${type} what the SDK has, and what replaces it`, () => {
      const schema = schemas.type(type);
      for (const output of Object.keys(rules.computed?.(bare(type), "id") ?? {}))
        assert.ok(output in schema.outputs, `no output ${output}`);
      for (const changed of rules.replaces?.({}, { accountId: "a", zoneId: "z", certificate: "c" }) ?? [])
        assert.ok(changed in schema.inputs, `no input ${changed}`);
      assert.ok(factsKnown(type) || rules.replaces !== undefined);
    });

    it(`stands a ${type} without inputs`, () => {
      const operation = bare(type);
      assert.doesNotThrow(() => {
        rules.check?.({}, PRODUCTION);
        rules.id?.(operation);
        rules.refuseCreate?.(operation);
        rules.refuseUpdate?.(operation);
        rules.refuseDelete?.(operation);
      });
    });
  }
});
