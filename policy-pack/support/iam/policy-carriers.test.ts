import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { CARRIERS, carriersOf, policiesOn } from "./policy-carriers.ts";

const SDK = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));

describe("the types that carry a policy", () => {
  for (const { type, path } of CARRIERS)
    it(`${type} is a type of the provider, and has ${path}`, () => {
      const module = join(SDK, type.split(":")[1] ?? "");
      assert.ok(readFileSync(`${module}.js`, "utf8").includes(`__pulumiType = '${type}'`));
      const property = path.split(/[.[]/)[0] ?? "";
      assert.match(readFileSync(`${module}.d.ts`, "utf8"), new RegExp(`^ {4}${property}\\??: pulumi\\.Input<`, "m"));
    });

  it("are found by kind, each once", () => {
    assert.deepEqual(carriersOf("trust"), ["aws:iam/role:Role"]);
    const identity = carriersOf("identity", "trust");
    assert.equal(new Set(identity).size, identity.length);
  });

  it("give their policies with the place of each, and none that is absent", () => {
    const role = {
      type: "aws:iam/role:Role",
      props: { assumeRolePolicy: "{}", inlinePolicies: [{ name: "a", policy: "1" }, { name: "b" }] },
    };
    assert.deepEqual(policiesOn(role, "identity"), [
      { property: "inlinePolicies[0].policy", value: "1", kind: "identity" },
    ]);
    assert.deepEqual(policiesOn(role, "trust"), [{ property: "assumeRolePolicy", value: "{}", kind: "trust" }]);
    assert.equal(policiesOn({ type: "aws:s3/bucket:Bucket", props: {} }).length, 0);
  });
});
