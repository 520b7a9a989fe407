import assert from "node:assert/strict";
import fc from "fast-check";
import { autoNameSuffix, nameRules, physicalName, qualifiedName, type NamedType } from "./naming.ts";
import { slugMaxLength } from "./settings/stacks.ts";

const types = Object.keys(nameRules) as NamedType[];
const longestStack = `preview-${"x".repeat(slugMaxLength)}`;

describe("names", () => {
  it("say project, stack, area, and purpose", () => {
    const component = qualifiedName({ project: "groundwork", stack: "staging" }, "media");
    assert.equal(component, "groundwork-staging-media");
    assert.equal(physicalName("aws:iam/role:Role", component, "writer"), "groundwork-staging-media-writer");
    assert.equal(
      physicalName("aws:secretsmanager/secret:Secret", component, "jwt", "/"),
      "groundwork-staging-media/jwt",
    );
  });

  for (const type of types) {
    it(`of ${type} fit, with Pulumi's suffix, for the longest stack and any purpose`, () => {
      fc.assert(
        fc.property(fc.stringMatching(/^[a-z]([a-z-]{0,22}[a-z])?$/), (purpose) => {
          const component = qualifiedName({ project: "groundwork", stack: longestStack }, "network");
          const name = physicalName(type, component, purpose);
          assert.ok(name.length + autoNameSuffix <= nameRules[type].max, name);
          assert.ok(name.endsWith(purpose));
          if (type !== "aws:kms/alias:Alias") assert.match(`${name}-0a1b2c3`, nameRules[type].pattern);
        }),
      );
    });
  }

  it("of two stacks differ, also where they were cut", () => {
    const bucket = (slug: string) =>
      physicalName(
        "aws:s3/bucket:Bucket",
        qualifiedName({ project: "groundwork", stack: `preview-${slug}` }, "media"),
        "temporary",
      );
    assert.notEqual(bucket(`${"x".repeat(29)}a`), bucket(`${"x".repeat(29)}b`));
  });
});
