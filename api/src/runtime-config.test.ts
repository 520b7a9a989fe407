import assert from "node:assert/strict";
import { defaultRuntimeConfig, runtimeConfig, runtimeConfigJsonSchema } from "./runtime-config.ts";

describe("the configuration at run time", () => {
  it("has a default for everything, which is a configuration itself", () => {
    assert.deepEqual(runtimeConfig.parse(defaultRuntimeConfig), defaultRuntimeConfig);
    assert.equal(defaultRuntimeConfig.traceSampleRatio, 0.1);
  });

  for (const wrong of [{ logLevel: "loud" }, { traceSampleRatio: 2 }, { requestsPerMinute: 0 }, { readonly: true }]) {
    it(`refuses ${JSON.stringify(wrong)}`, () => {
      assert.equal(runtimeConfig.safeParse(wrong).success, false);
    });
  }

  it("is described to AppConfig in draft 4: every key may be left out, and no other is allowed", () => {
    const { $schema, properties, required, additionalProperties } = runtimeConfigJsonSchema;
    assert.equal($schema, "http://json-schema.org/draft-04/schema#");
    assert.deepEqual(Object.keys(properties as object), Object.keys(defaultRuntimeConfig));
    assert.equal(required, undefined);
    assert.equal(additionalProperties, false);
  });
});
