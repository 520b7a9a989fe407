import assert from "node:assert/strict";
import { resource, unknown } from "../../test/resource.ts";
import type { Resource } from "../rule.ts";
import type { PlainMap } from "../unknown.ts";
import { isTagged, tagsOf } from "./tagged.ts";

const tagged = (type: string, props: PlainMap, provider?: PlainMap): Resource => ({
  ...resource(type, "example", props),
  provider,
});
const KEY = "aws:kms/key:Key";
const read = (from: Resource): Record<string, unknown> => Object.fromEntries(tagsOf(from).values);

describe("tags", () => {
  it("of an AWS resource are its provider's, and over them its own", () => {
    const provider = { defaultTags: JSON.stringify({ tags: { Owner: "platform", Service: "platform" } }) };
    assert.deepEqual(read(tagged(KEY, { tags: { Service: "api" } }, provider)), {
      Owner: "platform",
      Service: "api",
    });
  });

  it("of an Auto Scaling group are a list, which the provider's do not reach", () => {
    const group = tagged(
      "aws:autoscaling/group:Group",
      { tags: [{ key: "Service", value: "api" }] },
      { defaultTags: { tags: { Owner: "platform" } } },
    );
    assert.deepEqual(read(group), { Service: "api" });
  });

  it("of Atlas are a map or a list", () => {
    const type = "mongodbatlas:index/project:Project";
    assert.deepEqual(read(tagged(type, { tags: { Owner: "a" } })), { Owner: "a" });
    assert.deepEqual(read(tagged(type, { tags: [{ key: "Owner", value: "a" }] })), { Owner: "a" });
  });

  it("of Datadog are texts", () => {
    const type = "datadog:index/monitor:Monitor";
    assert.deepEqual(read(tagged(type, { tags: ["env:staging", "alone", "url:https://a"] })), {
      env: "staging",
      alone: "",
      url: "https://a",
    });
  });

  it("keep what is known beside what is not", () => {
    const { values, waiting } = tagsOf(tagged(KEY, { tags: { Owner: unknown, Service: "api" } }));
    assert.deepEqual(
      [...values],
      [
        ["Owner", unknown],
        ["Service", "api"],
      ],
    );
    assert.equal(waiting, undefined);
    assert.equal(tagsOf(tagged(KEY, { tags: unknown })).waiting, unknown);
  });

  it("are carried by types of three providers", () => {
    assert.equal(isTagged(KEY), true);
    assert.equal(isTagged("datadog:index/monitor:Monitor"), true);
    assert.equal(isTagged("mongodbatlas:index/project:Project"), true);
    assert.equal(isTagged("cloudflare:index/dnsRecord:DnsRecord"), false);
  });
});
