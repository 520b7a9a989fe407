import assert from "node:assert/strict";
import { tagKeys } from "../infra/tags.ts";
import { REQUIRED_TAGS } from "../policy-pack/policies/stack/tags.ts";

describe("the tags", () => {
  it("that the policy pack asks for are those that the program sets", () => {
    assert.deepEqual([...REQUIRED_TAGS].sort(), [...tagKeys].sort());
  });
});
