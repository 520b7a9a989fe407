import assert from "node:assert/strict";
import type { Properties } from "../values/value.ts";
import { UNKNOWN } from "../values/value.ts";
import { textAt } from "./fields.ts";
import { type Naming, isGenerated, namingOf, needsDeleteFirst, withName } from "./names.ts";
import { openSchemas } from "./schema/schemas.ts";

const schemas = openSchemas({ directories: [import.meta.dirname] });
const naming = (type: string): Naming | undefined => namingOf(type, schemas.type(type), undefined);
const seed = Buffer.alloc(32, 7);

function named(type: string, name: string, news: Properties, olds: Properties = {}): Properties {
  const found = naming(type);
  assert.ok(found !== undefined);
  const { inputs, failures } = withName({ naming: found, name, type, olds, news, seed });
  assert.deepEqual(failures, []);
  return inputs;
}

describe("a generated name", () => {
  const forms: [type: string, property: string, name: string, news: Properties, form: RegExp][] = [
    ["aws:s3/bucket:Bucket", "bucket", "Media", {}, /^media-[0-9a-f]{7}$/],
    ["aws:iam/role:Role", "name", "Task", {}, /^Task-[0-9a-f]{7}$/],
    ["aws:ec2/securityGroup:SecurityGroup", "name", "web", {}, /^web-[0-9a-f]{7}$/],
    ["aws:kms/alias:Alias", "name", "data", {}, /^alias\/data-[0-9a-f]{7}$/],
    ["aws:sqs/queue:Queue", "name", "jobs", { fifoQueue: true }, /^jobs-[0-9a-f]{7}\.fifo$/],
    ["aws:rds/instance:Instance", "identifier", "Main", {}, /^main-[0-9a-f]{7}$/],
    ["aws:elasticache/replicationGroup:ReplicationGroup", "replicationGroupId", "Cache", {}, /^cache-[0-9a-f]{7}$/],
    ["aws:cloudwatch/logGroup:LogGroup", "name", "api", {}, /^api-[0-9a-f]{7}$/],
    ["mongodbatlas:index/project:Project", "name", "app", {}, /^app-[0-9a-f]{7}$/],
  ];
  for (const [type, property, name, news, form] of forms)
    it(`of ${type} is made for ${property} like ${form.source}`, () => {
      const inputs = named(type, name, news);
      assert.match(textAt(inputs, property) ?? "", form);
      assert.deepEqual(named(type, name, news), inputs, "the same seed gives the same name");
      const found = naming(type);
      assert.ok(found !== undefined && isGenerated(found, textAt(inputs, property) ?? ""));
    });

  it("is not made for types that do not do it", () => {
    for (const type of [
      "aws:ec2/vpc:Vpc",
      "aws:route53/record:Record",
      "datadog:index/monitor:Monitor",
      "cloudflare:index/dnsRecord:DnsRecord",
    ])
      assert.equal(naming(type), undefined, type);
  });

  it("gives way to the program's name, to a prefix, and to an unknown", () => {
    const type = "aws:iam/role:Role";
    for (const news of [{ name: "fixed" }, { namePrefix: "app-" }, { name: UNKNOWN }])
      assert.deepEqual(named(type, "r", news), news);
  });

  it("stays, also when the resource is renamed", () => {
    assert.deepEqual(named("aws:iam/role:Role", "after", {}, { name: "before-0a1b2c3" }), { name: "before-0a1b2c3" });
  });

  it("replaces a name that the program fixed before", () => {
    assert.match(textAt(named("aws:iam/role:Role", "r", {}, { name: "fixed" }), "name") ?? "", /^r-[0-9a-f]{7}$/);
  });

  it("is refused where it would not fit", () => {
    const found = naming("aws:lb/loadBalancer:LoadBalancer");
    assert.ok(found !== undefined);
    const name = "a-balancer-with-a-long-name";
    const { inputs, failures } = withName({
      naming: found,
      name,
      type: "aws:lb/loadBalancer:LoadBalancer",
      olds: {},
      news: {},
      seed,
    });
    assert.deepEqual(inputs, {});
    assert.match(
      failures[0]?.reason ?? "",
      /name 'a-balancer-with-a-long-name-' plus 7 random chars is longer than maximum length 32/,
    );
  });

  it("differs between seeds", () => {
    const found = naming("aws:iam/role:Role");
    assert.ok(found !== undefined);
    const one = withName({ naming: found, name: "r", type: "aws:iam/role:Role", olds: {}, news: {}, seed });
    const other = withName({
      naming: found,
      name: "r",
      type: "aws:iam/role:Role",
      olds: {},
      news: {},
      seed: Buffer.alloc(32, 8),
    });
    assert.notDeepEqual(one.inputs, other.inputs);
  });
});

describe("a replacement", () => {
  const role = naming("aws:iam/role:Role");
  it("deletes first where the program's fixed name stays", () => {
    assert.equal(needsDeleteFirst(role, { name: "fixed" }, { name: "fixed" }), true);
  });
  it("creates first where the name is generated, new, or none", () => {
    assert.equal(needsDeleteFirst(role, { name: "r-0a1b2c3" }, { name: "r-0a1b2c3" }), false);
    assert.equal(needsDeleteFirst(role, { name: "one" }, { name: "two" }), false);
    assert.equal(needsDeleteFirst(undefined, { name: "x" }, { name: "x" }), false);
  });
});
