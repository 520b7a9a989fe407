import assert from "node:assert/strict";
import { UNKNOWN } from "../values/value.ts";
import { NO_TAGS, allTags } from "./tags.ts";

describe("all tags of an AWS resource", () => {
  const config = { defaults: { Owner: "a", Env: "s" }, ignoredKeys: ["Legacy"], ignoredPrefixes: ["aws:"] };
  it("are the provider's, overridden by its own", () => {
    assert.deepEqual(allTags({ Owner: "b", Name: "n" }, config), { Env: "s", Name: "n", Owner: "b" });
    assert.deepEqual(allTags(undefined, config), { Env: "s", Owner: "a" });
    assert.deepEqual(allTags(undefined, NO_TAGS), {});
  });
  it("leave out what the provider ignores", () => {
    assert.deepEqual(allTags({ Legacy: "x", "aws:made": "y" }, config), { Env: "s", Owner: "a" });
  });
  it("are unknown where one is", () => {
    assert.equal(allTags({ Name: UNKNOWN }, config), UNKNOWN);
  });
});
