import assert from "node:assert/strict";
import { UNKNOWN, type Properties } from "../sandbox/values/value.ts";
import { tagsOf } from "./source-tags.ts";

const of = (type: string, inputs: Properties, outputs: Properties = {}) =>
  tagsOf({ urn: "", name: "", type, inputs, outputs });

describe("the tags with which a resource is billed", () => {
  const cases: readonly (readonly [what: string, tags: Readonly<Record<string, string>>, expected: object])[] = [
    [
      "AWS: what the provider made of its own and the default ones",
      of("aws:s3/bucket:Bucket", { tags: { a: "1" }, tagsAll: { a: "1", b: "2" } }, { tagsAll: { a: "1", b: "3" } }),
      { a: "1", b: "3" },
    ],
    [
      "AWS before a deployment",
      of("aws:s3/bucket:Bucket", { tags: { a: "1" }, tagsAll: { a: "1", b: "2" } }),
      { a: "1", b: "2" },
    ],
    ["AWS, as the program gives them", of("aws:s3/bucket:Bucket", { tags: { a: "1" } }), { a: "1" }],
    ["what is not known yet is none", of("aws:s3/bucket:Bucket", { tagsAll: { a: "1", b: UNKNOWN } }), { a: "1" }],
    ["AWS without any", of("aws:ec2/route:Route", {}), {}],
    ["Atlas: a map", of("mongodbatlas:index/advancedCluster:AdvancedCluster", { tags: { a: "1" } }), { a: "1" }],
    [
      "Datadog: texts with a colon",
      of("datadog:index/monitor:Monitor", { tags: ["env:production", "url:https://x", "lonely"] }),
      { env: "production", url: "https://x" },
    ],
    [
      "Datadog's account",
      of("datadog:aws/integrationAccount:IntegrationAccount", { accountTags: ["a:1"] }),
      { a: "1" },
    ],
    ["Cloudflare bills by none", of("cloudflare:index/dnsRecord:DnsRecord", { tags: ["a:1"] }), {}],
  ];
  for (const [what, tags, expected] of cases)
    it(what, () => {
      assert.deepEqual(tags, expected);
    });
});
