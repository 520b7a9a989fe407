import assert from "node:assert/strict";
import { tagKeys, tagsOf } from "./tags.ts";

const source = {
  project: "groundwork",
  stack: "preview-fix-login",
  environment: "preview",
  owner: "platform",
  costCenter: "engineering",
};

describe("the tags of a stack", () => {
  it("are the whole set, each with a value that AWS takes", () => {
    const tags = tagsOf(source);
    assert.deepEqual(Object.keys(tags), [...tagKeys]);
    for (const value of Object.values(tags)) assert.match(value, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
  });

  it("say which part of the system a resource serves", () => {
    assert.equal(tagsOf(source).Service, "platform");
    assert.equal(tagsOf(source, "media").Service, "media");
  });
});
