import assert from "node:assert/strict";
import fc from "fast-check";
import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { iam } from "./iam.ts";
import { bucketNameProblem } from "./s3-names.ts";
import { s3 } from "./s3.ts";
import { assertRefused, PRODUCTION, STAGING, type TinyWorld, tinyWorld } from "./tiny-world.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const CORS = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const LOGGING = "aws:s3/bucketLogging:BucketLogging";
const ACL = "aws:s3/bucketAcl:BucketAcl";
const OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";

const IRELAND = { ...PRODUCTION, region: "eu-west-1" };

function withBucket(): { cloud: TinyWorld; bucket: CloudResource } {
  const cloud = tinyWorld(s3, iam);
  return { cloud, bucket: cloud.create(BUCKET, "media", { bucket: "media" }) };
}

describe("S3: a bucket's name", () => {
  const bad = [
    "ab",
    "a".repeat(64),
    "Media",
    "my_bucket",
    "-media",
    "media-",
    "a..b",
    "192.168.5.4",
    "xn--media",
    "sthree-a",
    "media-s3alias",
    "media--x-s3",
  ];
  for (const name of bad)
    it(`is not ${name.slice(0, 20)}, and preview says so`, () => {
      const [failure] = tinyWorld(s3).check(BUCKET, { bucket: name });
      assert.equal(failure?.property, "bucket");
      assert.match(failure.reason, /^InvalidBucketName: /);
    });

  for (const name of ["media", "a1b", "my.bucket-2", "a".repeat(63)])
    it(`may be ${name.slice(0, 20)}`, () => assert.equal(bucketNameProblem(name), undefined));

  it("may be whatever Pulumi makes of a logical name in small letters", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{0,40}$/), (name) => {
        fc.pre(!/^(xn--|sthree-|amzn-s3-demo-)/.test(name));
        assert.equal(bucketNameProblem(`${name}-1a2b3c4`), undefined);
      }),
    );
  });

  it("is one in the world", () => {
    const { cloud } = withBucket();
    assertRefused(() => cloud.create(BUCKET, "b", { bucket: "media" }), "BucketAlreadyOwnedByYou");
    assertRefused(() => cloud.create(BUCKET, "b", { bucket: "media" }, IRELAND), "BucketAlreadyOwnedByYou");
    assertRefused(() => cloud.create(BUCKET, "b", { bucket: "media" }, STAGING), "BucketAlreadyExists");
  });
});

describe("S3: a bucket", () => {
  it("has the addresses of its region", () => {
    const { outputs } = tinyWorld(s3).create(BUCKET, "media", { bucket: "media" }, IRELAND);
    assert.equal(outputs["arn"], "arn:aws:s3:::media");
    assert.equal(outputs["bucketDomainName"], "media.s3.amazonaws.com");
    assert.equal(outputs["bucketRegionalDomainName"], "media.s3.eu-west-1.amazonaws.com");
    assert.equal(outputs["hostedZoneId"], "Z1BKCTXD74EZPE");
  });

  it("stays while it has objects, unless it may take them with it", () => {
    const { cloud, bucket } = withBucket();
    const object = cloud.create(OBJECT, "o", { bucket: "media", key: "a/b.txt", content: "x" });
    assert.equal(object.outputs["arn"], "arn:aws:s3:::media/a/b.txt");
    assertRefused(() => cloud.delete(bucket), "BucketNotEmpty");
    cloud.delete(cloud.update(bucket, { bucket: "media", forceDestroy: true }));
  });

  it("has objects that are others under another key, or in another bucket", () => {
    const object = { bucket: "media", key: "a", content: "x" };
    const replaced = (over: object) => s3.resources[OBJECT]?.replaces?.(object, { ...object, ...over });
    assert.deepEqual(replaced({ key: "b" }), ["key"]);
    assert.deepEqual(replaced({ bucket: "other" }), ["bucket"]);
    assert.deepEqual(replaced({ content: "y" }), []);
  });

  it("is found by an invoke in its own account", () => {
    const { cloud } = withBucket();
    assert.equal(cloud.invoke("aws:s3/getBucket:getBucket", { bucket: "media" })["arn"], "arn:aws:s3:::media");
    assertRefused(() => cloud.invoke("aws:s3/getBucket:getBucket", { bucket: "media" }, STAGING), "NoSuchBucket");
  });

  it("is refused to its companions where it does not exist, is another's, or is elsewhere", () => {
    const { cloud } = withBucket();
    for (const type of [POLICY, BLOCK, VERSIONING, OBJECT, CORS, LIFECYCLE, OWNERSHIP]) {
      const inputs = { bucket: "media", key: "k", rules: [{ id: "a", expiration: { days: 1 } }] };
      assertRefused(() => cloud.create(type, "a", { ...inputs, bucket: "none" }), "NoSuchBucket");
      assertRefused(() => cloud.create(type, "b", inputs, STAGING), "AccessDenied");
      assertRefused(() => cloud.create(type, "c", inputs, IRELAND), "PermanentRedirect");
      cloud.create(type, "d", inputs);
    }
  });
});

describe("S3: a bucket policy", () => {
  const policy = (statement: object): string =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: "s3:GetObject",
          Resource: "arn:aws:s3:::media/*",
          ...statement,
        },
      ],
    });

  const good: [string, object][] = [
    ["one service", {}],
    [
      "the refusal of plain HTTP",
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["arn:aws:s3:::media", "arn:aws:s3:::media/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
    ["a list of the bucket", { Action: "s3:ListBucket", Resource: "arn:aws:s3:::media" }],
    [
      "both kinds of action on both kinds of resource",
      { Action: ["s3:ListBucket", "s3:GetObject"], Resource: ["arn:aws:s3:::media", "arn:aws:s3:::media/*"] },
    ],
    ["log delivery", { Principal: { Service: "logging.s3.amazonaws.com" }, Action: "s3:PutObject" }],
  ];
  for (const [name, statement] of good)
    it(`may say ${name}`, () => {
      const { cloud } = withBucket();
      assert.equal(cloud.create(POLICY, "p", { bucket: "media", policy: policy(statement) }).id, "media");
    });

  const bad: [string, string, string][] = [
    ["nothing", "{}", "MalformedPolicy"],
    ["no principal", policy({ Principal: undefined }), "MalformedPolicy"],
    ["another bucket", policy({ Resource: "arn:aws:s3:::other/*" }), "MalformedPolicy"],
    ["a bucket whose name only begins the same", policy({ Resource: "arn:aws:s3:::media2/*" }), "MalformedPolicy"],
    ["another service's action", policy({ Action: "sqs:SendMessage" }), "MalformedPolicy"],
    ["an action that S3 lacks", policy({ Action: "s3:ReadObject" }), "MalformedPolicy"],
    ["an action in the plural", policy({ Action: ["s3:GetObject", "s3:PutObjects"] }), "MalformedPolicy"],
    ["an object's action on the bucket alone", policy({ Resource: "arn:aws:s3:::media" }), "MalformedPolicy"],
    ["a bucket's action on objects alone", policy({ Action: "s3:ListBucket" }), "MalformedPolicy"],
    [
      "a role that does not exist",
      policy({ Principal: { AWS: "arn:aws:iam::111122223333:role/none" } }),
      "MalformedPolicy",
    ],
    ["everybody, which a new bucket blocks", policy({ Principal: "*" }), "AccessDenied"],
    ["too much", policy({ Sid: "x".repeat(21_000) }), "PolicyTooLarge"],
  ];
  for (const [name, text, code] of bad)
    it(`may not say ${name}`, () => {
      const { cloud } = withBucket();
      assertRefused(() => cloud.create(POLICY, "p", { bucket: "media", policy: text }), code);
    });

  it("must begin with a brace, and preview says so", () => {
    assert.equal(tinyWorld(s3).check(POLICY, { policy: ` ${policy({})}` })[0]?.property, "policy");
  });

  it("may be public where bucket and account let it", () => {
    const { cloud } = withBucket();
    cloud.create(BLOCK, "open", { bucket: "media", blockPublicPolicy: false });
    const account = cloud.create("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "a", {
      blockPublicPolicy: true,
    });
    const inputs = { bucket: "media", policy: policy({ Principal: "*" }) };
    assertRefused(() => cloud.create(POLICY, "p", inputs), "AccessDenied");
    cloud.delete(account);
    cloud.create(POLICY, "p", inputs);
  });
});

describe("S3: a bucket's settings", () => {
  it("let versioning be suspended and not disabled", () => {
    const { cloud } = withBucket();
    const inputs = (status: string): Properties => ({ bucket: "media", versioningConfiguration: { status } });
    const versioning = cloud.create(VERSIONING, "v", inputs("Enabled"));
    assertRefused(() => cloud.update(versioning, inputs("Disabled")), "InvalidVersioningState");
    cloud.update(versioning, inputs("Suspended"));
  });

  it("give objects versions where versioning is on", () => {
    const { cloud } = withBucket();
    const object = { bucket: "media", key: "k", content: "x" };
    assert.equal(cloud.create(OBJECT, "before", object).outputs["versionId"], "");
    cloud.create(VERSIONING, "v", { bucket: "media", versioningConfiguration: { status: "Enabled" } });
    assert.notEqual(cloud.create(OBJECT, "after", { ...object, key: "l" }).outputs["versionId"], "");
  });

  const cors: [string, Properties, string, RegExp][] = [
    ["a method that S3 lacks", { allowedMethods: ["PATCH"] }, "corsRules[0].allowedMethods", /PATCH/],
    [
      "an origin with two stars",
      { allowedOrigins: ["https://*.*.example"] },
      "corsRules[0].allowedOrigins",
      /wildcard/,
    ],
    ["no origin", { allowedOrigins: [] }, "corsRules[0].allowedOrigins", /at least one/],
    ["an exposed header with a star", { exposeHeaders: ["x-*"] }, "corsRules[0].exposeHeaders", /wildcard/],
  ];
  for (const [name, rule, property, reason] of cors)
    it(`do not take CORS rules with ${name}`, () => {
      const base = { allowedMethods: ["GET"], allowedOrigins: ["*"] };
      const [failure] = tinyWorld(s3).check(CORS, { corsRules: [{ ...base, ...rule }] });
      assert.equal(failure?.property, property);
      assert.match(failure.reason, reason);
    });

  const day = { id: "a", status: "Enabled", filter: { prefix: "temp/" }, expiration: { days: 1 } };
  const tagged = { tag: { key: "kind", value: "x" } };
  const lifecycle: [string, Properties[], string, RegExp][] = [
    ["two rules of one id", [day, day], "rules", /unique/],
    ["a rule that does nothing", [{ id: "a", status: "Enabled" }], "rules[0]", /action/],
    [
      "two filters side by side",
      [{ ...day, filter: { prefix: "a", objectSizeLessThan: 5 } }],
      "rules[0].filter",
      /and/,
    ],
    ["an expiration after no days", [{ ...day, expiration: { days: 0 } }], "rules[0].expiration.days", /positive/],
    [
      "days beside a delete marker",
      [{ ...day, expiration: { days: 1, expiredObjectDeleteMarker: true } }],
      "rules[0].expiration",
      /one of/,
    ],
    [
      "an early transition",
      [{ id: "a", transitions: [{ days: 7, storageClass: "STANDARD_IA" }] }],
      "rules[0].transitions[0].days",
      /30/,
    ],
    [
      "an expiration before the transition",
      [{ ...day, expiration: { days: 30 }, transitions: [{ days: 30, storageClass: "GLACIER" }] }],
      "rules[0].transitions[0].days",
      /Expiration/,
    ],
    ["no rules", [], "rules", /at least one/],
    [
      "an expiration at noon",
      [{ id: "a", expiration: { date: "2030-01-01T12:00:00Z" } }],
      "rules[0].expiration.date",
      /midnight/,
    ],
    [
      "uploads by their tags",
      [{ id: "a", filter: tagged, abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }],
      "rules[0].filter",
      /Tags/,
    ],
    [
      "delete markers by their tags",
      [{ id: "a", filter: tagged, expiration: { expiredObjectDeleteMarker: true } }],
      "rules[0].filter",
      /Tags/,
    ],
    [
      "one class twice",
      [{ id: "a", transitions: [30, 60].map((days) => ({ days, storageClass: "GLACIER" })) }],
      "rules[0].transitions",
      /different/,
    ],
    [
      "a warmer class later",
      [
        {
          id: "a",
          transitions: [
            { days: 30, storageClass: "GLACIER" },
            { days: 60, storageClass: "STANDARD_IA" },
          ],
        },
      ],
      "rules[0].transitions",
      /30 days more/,
    ],
  ];
  for (const [name, rules, property, reason] of lifecycle)
    it(`do not take a lifecycle with ${name}`, () => {
      const [failure] = tinyWorld(s3).check(LIFECYCLE, { rules });
      assert.equal(failure?.property, property);
      assert.match(failure.reason, reason);
    });

  it("take a lifecycle of objects, old versions, and uploads", () => {
    const rules = [
      day,
      {
        id: "b",
        status: "Enabled",
        noncurrentVersionExpiration: { noncurrentDays: 1 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
      {
        id: "c",
        status: "Enabled",
        filter: tagged,
        expiration: { date: "2030-01-01T00:00:00Z" },
      },
      {
        id: "d",
        status: "Enabled",
        transitions: [
          { days: 30, storageClass: "STANDARD_IA" },
          { days: 60, storageClass: "GLACIER" },
        ],
      },
    ];
    assert.deepEqual(tinyWorld(s3).check(LIFECYCLE, { rules }), []);
  });

  it("log into a bucket of the same account and region", () => {
    const { cloud } = withBucket();
    cloud.create(BUCKET, "logs", { bucket: "logs" });
    cloud.create(BUCKET, "far", { bucket: "far" }, IRELAND);
    cloud.create(BUCKET, "foreign", { bucket: "foreign" }, STAGING);
    const log = (targetBucket: string): unknown =>
      cloud.create(LOGGING, "l", { bucket: "media", targetBucket, targetPrefix: "" });
    assertRefused(() => log("none"), "InvalidTargetBucketForLogging");
    assertRefused(() => log("foreign"), "InvalidTargetBucketForLogging");
    assertRefused(() => log("far"), "CrossLocationLoggingProhibitted");
    log("logs");
  });

  it("have no access lists unless ownership allows them", () => {
    const { cloud } = withBucket();
    const acl = { bucket: "media", acl: "private" };
    assertRefused(() => cloud.create(ACL, "a", acl), "AccessControlListNotSupported");
    cloud.create(OWNERSHIP, "o", { bucket: "media", rule: { objectOwnership: "BucketOwnerPreferred" } });
    assert.equal(cloud.create(ACL, "a", acl).id, "media,private");
  });

  it("have no objects with access lists, either", () => {
    const { cloud } = withBucket();
    const object = { bucket: "media", key: "k" };
    assertRefused(() => cloud.create(OBJECT, "o", { ...object, acl: "public-read" }), "AccessControlListNotSupported");
    cloud.create(OBJECT, "o", { ...object, acl: "bucket-owner-full-control" });
  });

  it("ask for a second factor where one is to be asked for", () => {
    const { cloud } = withBucket();
    const inputs = { bucket: "media", versioningConfiguration: { status: "Enabled", mfaDelete: "Enabled" } };
    assertRefused(() => cloud.create(VERSIONING, "v", inputs), "AccessDenied", /mfa/);
    cloud.create(VERSIONING, "v", { ...inputs, mfa: "arn:aws:iam::111122223333:mfa/root 123456" });
  });

  it("notify functions that let S3 call them", () => {
    const { cloud } = withBucket();
    const arn = "arn:aws:lambda:us-east-1:111122223333:function:resize";
    cloud.create("aws:lambda/function:Function", "resize", { name: "resize", arn });
    const inputs = {
      bucket: "media",
      lambdaFunctions: [{ lambdaFunctionArn: arn, events: ["s3:ObjectCreated:*"] }],
    };
    const type = "aws:s3/bucketNotification:BucketNotification";
    assertRefused(() => cloud.create(type, "n", inputs), "InvalidArgument", /does not let s3.amazonaws.com invoke/);
    cloud.create("aws:lambda/permission:Permission", "p", {
      function: "resize",
      action: "lambda:InvokeFunction",
      principal: "s3.amazonaws.com",
      sourceArn: "arn:aws:s3:::media",
    });
    cloud.create(type, "n", inputs);
  });

  it("notify what exists", () => {
    const { cloud } = withBucket();
    const queues = [{ queueArn: "arn:aws:sqs:us-east-1:111122223333:none", events: ["s3:ObjectCreated:*"] }];
    const type = "aws:s3/bucketNotification:BucketNotification";
    assertRefused(() => cloud.create(type, "n", { bucket: "media", queues }), "InvalidArgument");
    cloud.create(type, "n", { bucket: "media", eventbridge: true });
  });

  it("take no key with AES256", () => {
    const rules = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256", kmsMasterKeyId: "k" } }];
    const type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    assert.match(tinyWorld(s3).check(type, { rules })[0]?.reason ?? "", /not applicable/);
  });
});
