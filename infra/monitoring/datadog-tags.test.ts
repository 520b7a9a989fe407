import assert from "node:assert/strict";
import { tagKeys, tagsOf } from "../tags.ts";
import { datadogTags } from "./datadog-tags.ts";

const source = {
  project: "groundwork",
  stack: "production",
  environment: "production",
  owner: "Platform Team",
  costCenter: "engineering",
};

describe("tags for Datadog", () => {
  it("are the whole set in lower case, and the three that its pages group by", () => {
    const tags = datadogTags(tagsOf(source), "cache");
    for (const key of tagKeys)
      assert.ok(
        tags.some((tag) => tag.startsWith(`${key.toLowerCase()}:`)),
        key,
      );
    for (const tag of ["env:production", "service:cache", "team:platform_team", "stack:production"])
      assert.ok(tags.includes(tag), tag);
  });

  it("are what Datadog keeps as it is", () => {
    for (const tag of datadogTags({ Owner: "Ü & Söhne", Stack: "x".repeat(300) }))
      assert.match(tag, /^[a-z][a-z0-9_:./-]{0,199}$/);
  });

  it("leave out what is not given", () => {
    assert.deepEqual(datadogTags({ Stack: "staging" }), ["stack:staging"]);
  });
});
