import assert from "node:assert/strict";
import { defaultRuntimeConfig, runtimeConfig, runtimeConfigJsonSchema } from "./runtime-config.ts";

describe("the configuration at run time", () => {
  it("has a default for everything, which is a configuration itself", () => {
    assert.deepEqual(runtimeConfig.parse(defaultRuntimeConfig), defaultRuntimeConfig);
    assert.equal(defaultRuntimeConfig.traceSampleRatio, 0.1);
  });

  for (const wrong of [
    { logLevel: "loud" },
    { traceSampleRatio: 2 },
    { writesPerMinute: 0 },
    { readonly: true },
    { flags: { "Has Spaces": { enabled: true } } },
    { flags: { a: { enabled: "yes" } } },
    { flags: { a: { enabled: true, percent: 5 } } },
  ]) {
    it(`refuses ${JSON.stringify(wrong)}`, () => {
      assert.equal(runtimeConfig.safeParse(wrong).success, false);
    });
  }

  it("takes what was deployed before there were flags and limits per class", () => {
    const before = {
      logLevel: "warn",
      traceSampleRatio: 0.5,
      requestsPerMinute: 600,
      failedSignInsPerMinute: 5,
    } as const;
    assert.deepEqual(runtimeConfig.parse(before), { ...defaultRuntimeConfig, ...before });
  });

  it("turns a flag on for everyone, for a part, or for some", () => {
    const flags = {
      everyone: { enabled: true },
      part: { enabled: true, rolloutPercent: 2.5, description: "until May" },
      some: { enabled: false, userIds: ["user-1"] },
    };
    assert.deepEqual(runtimeConfig.parse({ flags }).flags, flags);
  });

  it("is described to AppConfig in draft 4: every key may be left out, and no other is allowed", () => {
    const { $schema, properties, required, additionalProperties } = runtimeConfigJsonSchema;
    assert.equal($schema, "http://json-schema.org/draft-04/schema#");
    assert.deepEqual(Object.keys(properties as object), Object.keys(defaultRuntimeConfig));
    assert.equal(required, undefined);
    assert.equal(additionalProperties, false);
    // What later drafts would say of the names of flags.
    assert.doesNotMatch(JSON.stringify(runtimeConfigJsonSchema), /propertyNames|"const"|exclusiveMinimum":\s*\d/);
  });
});
