import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { typesWithFacts } from "../facts/facts.ts";
import { type Schemas, UnknownType, openSchemas } from "./schemas.ts";
import { type PropertyType, type PropertyTypes, isComputed, taggable } from "./type.ts";

const directories = [import.meta.dirname];

describe("the schema of the installed SDKs", () => {
  const schemas = openSchemas({ directories });

  it("tells inputs, outputs, and secrets of a type apart", () => {
    const bucket = schemas.type("aws:s3/bucket:Bucket");
    assert.deepEqual(bucket.inputs["bucket"], { type: { kind: "string" }, required: false });
    assert.deepEqual(bucket.outputs["arn"], { type: { kind: "string" }, required: true });
    assert.equal("arn" in bucket.inputs, false);
    assert.equal(isComputed(bucket, "arn"), true);
    assert.equal(isComputed(bucket, "bucket"), false);
    assert.deepEqual(bucket.outputs["forceDestroy"], { type: { kind: "boolean" }, required: false });
    const version = schemas.type("aws:secretsmanager/secretVersion:SecretVersion");
    assert.equal(version.inputs["secretId"]?.required, true);
    assert.ok(version.secretInputs.includes("secretString"));
    assert.ok(version.secretOutputs.includes("secretString"));
  });

  it("reads nested types, and a document as text or object", () => {
    const bucket = schemas.type("aws:s3/bucket:Bucket");
    assert.deepEqual(bucket.inputs["corsRules"]?.type, {
      kind: "list",
      item: { kind: "object", name: "aws/input/s3.BucketCorsRule" },
    });
    const rule = schemas.object("aws/input/s3.BucketCorsRule");
    assert.equal(rule?.["allowedMethods"]?.required, true);
    assert.deepEqual(rule["maxAgeSeconds"], { type: { kind: "number" }, required: false });
    assert.deepEqual(bucket.inputs["policy"]?.type, {
      kind: "union",
      of: [{ kind: "string" }, { kind: "object", name: "aws/input/s3.PolicyDocument" }],
    });
  });

  it("knows types of every package, components, and files that are named unlike their type", () => {
    for (const token of [
      "cloudflare:index/dnsRecord:DnsRecord",
      "cloudflare:index/r2Bucket:R2Bucket",
      "datadog:aws/integrationAccount:IntegrationAccount",
      "mongodbatlas:index/project:Project",
      "random:index/randomPassword:RandomPassword",
      "aws:kendra/index:Index",
      "aws:dms/s3Endpoint:S3Endpoint",
    ])
      assert.equal(schemas.type(token).token, token);
    assert.equal(schemas.type("awsx:ec2:Vpc").component, true);
    assert.equal(schemas.type("awsx:ecs:FargateService").component, true);
  });

  it("says which types carry tags, and how", () => {
    assert.equal(taggable(schemas.type("aws:ec2/vpc:Vpc")), "map");
    assert.equal(taggable(schemas.type("datadog:index/monitor:Monitor")), "list");
    assert.equal(taggable(schemas.type("aws:iam/rolePolicy:RolePolicy")), undefined);
  });

  it("has the provider's own settings, and which of them are JSON text", () => {
    const { inputs, json } = schemas.provider("aws");
    assert.ok("region" in inputs);
    assert.ok(json.has("defaultTags"));
    assert.ok(!json.has("region"));
  });

  it("resolves every nested type of every type with recorded facts", () => {
    const seen = new Set<string>();
    for (const token of typesWithFacts()) {
      const { inputs, outputs } = schemas.type(token);
      assert.ok(Object.keys(outputs).length > 0, `${token} has no outputs`);
      walk(schemas, inputs, seen, token);
      walk(schemas, outputs, seen, token);
    }
    assert.ok(seen.size > 1000, `only ${seen.size} nested types`);
  });

  const unknown: [token: string, message: RegExp][] = [
    [
      "aws:s3/bucet:Bucket",
      /"aws:s3\/bucet:Bucket" is not in @pulumi\/aws [\d.]+; did you mean "aws:s3\/bucket:Bucket"\?/,
    ],
    ["awsx:ec2:Vcp", /did you mean "awsx:ec2:Vpc"\?/],
    ["gcp:storage/bucket:Bucket", /package "gcp" is not installed: add @pulumi\/gcp/],
    ["../../etc:passwd", /package "\.\.\/\.\.\/etc" is not installed/],
    ["aws:../../package:Package", /is not in @pulumi\/aws/],
    ["nonsense", /package "" is not installed/],
  ];
  for (const [token, message] of unknown)
    it(`refuses ${token} and says what was meant`, () => {
      assert.throws(
        () => schemas.type(token),
        (error) => error instanceof UnknownType && message.test(error.message),
      );
    });
});

describe("the schema's cache", () => {
  let cacheDirectory: string;
  beforeEach(() => (cacheDirectory = mkdtempSync(join(tmpdir(), "schemas-"))));
  afterEach(() => rmSync(cacheDirectory, { recursive: true, force: true }));

  const vpc = "aws:ec2/vpc:Vpc";
  const cacheFiles = (): string[] =>
    readdirSync(cacheDirectory, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".json"))
      .map((name) => join(cacheDirectory, name));

  it("gives what parsing gave, from a folder of the package's version", () => {
    const first = openSchemas({ directories, cacheDirectory }).type(vpc);
    const [file = ""] = cacheFiles();
    assert.match(file, /aws-\d+\.\d+\.\d+-\d+\//);
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), first);
    assert.deepEqual(openSchemas({ directories, cacheDirectory }).type(vpc), first);
  });

  it("parses again what was cut short, and remembers that a type does not exist", () => {
    const first = openSchemas({ directories, cacheDirectory }).type(vpc);
    for (const file of cacheFiles()) writeFileSync(file, "{");
    assert.deepEqual(openSchemas({ directories, cacheDirectory }).type(vpc), first);
    for (let run = 0; run < 2; run++)
      assert.throws(() => openSchemas({ directories, cacheDirectory }).type("aws:ec2/vcp:Vcp"), UnknownType);
  });

  it("works where nothing can be written", () => {
    const file = join(cacheDirectory, "occupied");
    writeFileSync(file, "");
    assert.equal(openSchemas({ directories, cacheDirectory: file }).type(vpc).token, vpc);
  });
});

function walk(schemas: Schemas, properties: PropertyTypes, seen: Set<string>, from: string): void {
  for (const [name, { type }] of Object.entries(properties))
    for (const object of objectsOf(type)) {
      if (seen.has(object)) continue;
      seen.add(object);
      const nested = schemas.object(object);
      assert.ok(nested !== undefined, `${from} ${name}: ${object} is not declared`);
      walk(schemas, nested, seen, object);
    }
}

function objectsOf(type: PropertyType): string[] {
  if (type.kind === "object") return [type.name];
  if (type.kind === "list" || type.kind === "map") return objectsOf(type.item);
  return type.kind === "union" ? type.of.flatMap(objectsOf) : [];
}
