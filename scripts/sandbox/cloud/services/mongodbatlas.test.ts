import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { openSchemas } from "../schema/schemas.ts";
import type { Operation } from "../service.ts";
import { mongodbatlas } from "./mongodbatlas.ts";
import { encodedId } from "./mongodbatlas-lookup.ts";

const NOWHERE = { partition: "", account: "", region: "" };
const require = createRequire(import.meta.url);
const schemas = openSchemas({ directories: [dirname(fileURLToPath(import.meta.url))] });
const facts = JSON.parse(readFileSync(new URL("../facts/mongodbatlas.json", import.meta.url), "utf8")) as Readonly<
  Record<string, unknown>
>;

const bare = (type: string): Operation => ({
  type,
  urn: `urn:pulumi:test::test::${type}::x`,
  name: "x",
  stack: "test",
  location: NOWHERE,
  inputs: {},
  existing: undefined,
  world: { byId: () => undefined, all: () => [] },
  hex: (_label, length) => "0".repeat(length),
});

describe("the tables of MongoDB Atlas", () => {
  it("have rules for every type whose facts are recorded", () => {
    assert.deepEqual(
      Object.keys(facts).filter((type) => mongodbatlas.resources[type] === undefined),
      [],
    );
  });

  for (const [type, rules] of Object.entries(mongodbatlas.resources)) {
    it(`name outputs that the SDK's ${type.split(":")[2] ?? type} has, and stand an operation without inputs`, () => {
      const schema = schemas.type(type);
      const operation = bare(type);
      for (const output of Object.keys(rules.computed?.(operation, "id") ?? {}))
        assert.ok(output in schema.outputs, `${type} has no output ${output}`);
      assert.doesNotThrow(() => {
        rules.check?.({}, NOWHERE);
        rules.id?.(operation);
        rules.refuseCreate?.(operation);
        rules.refuseUpdate?.(operation);
        rules.refuseDelete?.(operation);
      });
    });
  }

  it("answer invokes that the SDK asks", () => {
    for (const token of Object.keys(mongodbatlas.invokes ?? {})) {
      const file = (token.split(":")[1] ?? "").split("/")[1] ?? "";
      const source = readFileSync(require.resolve(`@pulumi/mongodbatlas/${file}.js`), "utf8");
      assert.match(source, new RegExp(`invoke\\("${token}"`));
    }
  });

  it("write ids as the provider does: names and values in base 64, by name", () => {
    assert.equal(encodedId({ project_id: "p", cluster_name: "c" }), "Y2x1c3Rlcl9uYW1l:Yw==-cHJvamVjdF9pZA==:cA==");
  });
});
