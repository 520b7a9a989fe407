import assert from "node:assert/strict";
import { Asset, OutputValue, type Properties, Secret, UNKNOWN } from "../../values/value.ts";
import { openSchemas } from "./schemas.ts";
import { checkSchema, normalized } from "./validate.ts";

const schemas = openSchemas({ directories: [import.meta.dirname] });

const failuresOf = (token: string, inputs: Properties): [string, string][] =>
  checkSchema(schemas, schemas.type(token).inputs, inputs, token).map(({ property, reason }) => [property, reason]);

const bucket = "aws:s3/bucket:Bucket";
const subnet = "aws:ec2/subnet:Subnet";
const rule = { allowedMethods: ["GET"], allowedOrigins: ["*"] };

describe("inputs against the schema", () => {
  const good: [name: string, token: string, inputs: Properties][] = [
    ["what fits", bucket, { bucket: "b", forceDestroy: true, tags: { a: "b" }, corsRules: [rule] }],
    ["unknown values anywhere", bucket, { bucket: UNKNOWN, tags: { a: UNKNOWN }, corsRules: UNKNOWN }],
    [
      "secrets and outputs of the right kind",
      bucket,
      { bucket: new Secret("b"), acl: new OutputValue(undefined, false, []) },
    ],
    ["a document as text", bucket, { policy: "{}" }],
    ["a document as an object", bucket, { policy: { Version: "2012-10-17", Statement: [] } }],
    ["an asset", "aws:s3/bucketObject:BucketObject", { bucket: "b", source: new Asset("h", { text: "x" }) }],
    ["Pulumi's own marks", bucket, { __defaults: ["bucket"] }],
    ["nulls", bucket, { bucket: null }],
  ];
  for (const [name, token, inputs] of good)
    it(`accepts ${name}`, () => {
      assert.deepEqual(failuresOf(token, inputs), []);
    });

  const bad: [name: string, token: string, inputs: Properties, failures: [string, string][]][] = [
    [
      "an unknown name",
      bucket,
      { buckt: "b" },
      [["buckt", `${bucket} has no property "buckt"; the nearest that it has is "bucket"`]],
    ],
    [
      "an unknown nested name",
      bucket,
      { corsRules: [rule, { ...rule, maxAge: 1 }] },
      [["corsRules[1].maxAge", 'corsRules[1] has no property "maxAge"; the nearest that it has is "maxAgeSeconds"']],
    ],
    ["a number for a text", bucket, { bucket: 1 }, [["bucket", "bucket must be a string, not a number"]]],
    [
      "a text for a flag",
      bucket,
      { forceDestroy: "yes" },
      [["forceDestroy", "forceDestroy must be a boolean, not a string"]],
    ],
    ["an object for a list", bucket, { corsRules: rule }, [["corsRules", "corsRules must be a list, not an object"]]],
    ["a list for an object", bucket, { logging: [] }, [["logging", "logging must be an object, not a list"]]],
    ["a wrong item", bucket, { tags: { "a.b": 1 } }, [['tags["a.b"]', 'tags["a.b"] must be a string, not a number']]],
    [
      "a secret of the wrong kind",
      bucket,
      { bucket: new Secret(1) },
      [["bucket", "bucket must be a string, not a number"]],
    ],
    ["what is missing", subnet, {}, [["vpcId", `${subnet} needs the property "vpcId"`]]],
    [
      "what is missing in a block that is given",
      bucket,
      { corsRules: [{ allowedMethods: ["GET"] }] },
      [["corsRules[0].allowedOrigins", 'corsRules[0] needs the property "allowedOrigins"']],
    ],
  ];
  for (const [name, token, inputs, failures] of bad)
    it(`refuses ${name}`, () => {
      assert.deepEqual(failuresOf(token, inputs), failures);
    });

  it("are checked without nulls, and with documents as JSON text", () => {
    const { inputs } = schemas.type(bucket);
    assert.deepEqual(
      normalized(inputs, { bucket: null, tags: { a: "b", c: null }, policy: { Version: "1" }, acl: "private" }),
      { tags: { a: "b" }, policy: '{"Version":"1"}', acl: "private" },
    );
    assert.deepEqual(normalized(inputs, { policy: { Resource: UNKNOWN } }), { policy: UNKNOWN });
  });
});
