import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { cloudtrail } from "./cloudtrail.ts";
import { cloudwatch } from "./cloudwatch.ts";
import { iam } from "./iam.ts";
import { kms } from "./kms.ts";
import { s3 } from "./s3.ts";
import { assertRefused, textIn, tinyWorld } from "./tiny-world.ts";

const TRAIL = "aws:cloudtrail/trail:Trail";
const ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit";

const allow = (actions: string[], resource: string, trail = ARN): Properties => ({
  Effect: "Allow",
  Principal: { Service: "cloudtrail.amazonaws.com" },
  Action: actions,
  Resource: resource,
  Condition: { StringEquals: { "aws:SourceArn": trail } },
});
const bucketPolicy = (trail = ARN): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      allow(["s3:GetBucketAcl"], "arn:aws:s3:::trail-logs", trail),
      allow(["s3:PutObject"], "arn:aws:s3:::trail-logs/*", trail),
    ],
  });
const keyPolicy = (...statements: Properties[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "kms:*", Resource: "*" },
      ...statements,
    ],
  });

function account(policy = bucketPolicy()) {
  const cloud = tinyWorld(cloudtrail, s3, kms, cloudwatch, iam);
  cloud.create("aws:s3/bucket:Bucket", "b", { bucket: "trail-logs" });
  cloud.create("aws:s3/bucketPolicy:BucketPolicy", "p", { bucket: "trail-logs", policy });
  const inputs: Properties = { name: "audit", s3BucketName: "trail-logs", isMultiRegionTrail: true };
  return { cloud, inputs };
}

describe("a trail of CloudTrail", () => {
  it("is known by its ARN", () => {
    const { cloud, inputs } = account();
    const { id, outputs } = cloud.create(TRAIL, "t", inputs);
    assert.equal(id, ARN);
    assert.equal(outputs["homeRegion"], "us-east-1");
  });

  const refused: readonly [what: string, over: Properties, code: string][] = [
    ["a name with two hyphens in a row", { name: "au--dit" }, "InvalidTrailNameException"],
    ["a bucket that does not exist", { s3BucketName: "none" }, "S3BucketDoesNotExistException"],
    ["a key that does not exist", { kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/0" }, "KmsKeyNotFoundException"],
    [
      "every region without global events",
      { includeGlobalServiceEvents: false },
      "InvalidParameterCombinationException",
    ],
    [
      "a log group without a role",
      { cloudWatchLogsGroupArn: "arn:aws:logs:::x" },
      "InvalidParameterCombinationException",
    ],
    [
      "a log group that does not exist",
      {
        cloudWatchLogsGroupArn: "arn:aws:logs:us-east-1:111122223333:log-group:x:*",
        cloudWatchLogsRoleArn: "arn:aws:iam::111122223333:role/r",
      },
      "InvalidCloudWatchLogsLogGroupArnException",
    ],
    [
      "data of a type for advanced selectors",
      { eventSelectors: [{ dataResources: [{ type: "AWS::SNS::Topic", values: ["arn"] }] }] },
      "InvalidEventSelectorsException",
    ],
    [
      "an advanced selector of no category",
      { advancedEventSelectors: [{ fieldSelectors: [{ field: "readOnly", equals: ["true"] }] }] },
      "InvalidEventSelectorsException",
    ],
    [
      "an advanced selector by a field that is none",
      { advancedEventSelectors: [{ fieldSelectors: [{ field: "eventcategory", equals: ["Data"] }] }] },
      "InvalidEventSelectorsException",
    ],
    [
      "data of no type",
      { advancedEventSelectors: [{ fieldSelectors: [{ field: "eventCategory", equals: ["Data"] }] }] },
      "InvalidEventSelectorsException",
    ],
  ];
  for (const [what, over, code] of refused)
    it(`is refused with ${what}`, () => {
      const { cloud, inputs } = account();
      assertRefused(() => cloud.create(TRAIL, "t", { ...inputs, ...over }), code);
      const made = cloud.create(TRAIL, "t", inputs);
      assertRefused(() => cloud.update(made, { ...inputs, ...over }), code);
    });

  it("is refused by a bucket whose policy lets it not write, or lets another trail write", () => {
    const other = account(bucketPolicy(ARN.replace("audit", "other")));
    assertRefused(() => other.cloud.create(TRAIL, "t", other.inputs), "InsufficientS3BucketPolicyException");
    const reader = account(
      JSON.stringify({ Version: "2012-10-17", Statement: [allow(["s3:GetBucketAcl"], "arn:aws:s3:::trail-logs")] }),
    );
    assertRefused(() => reader.cloud.create(TRAIL, "t", reader.inputs), "InsufficientS3BucketPolicyException");
  });

  it("is refused by a key whose policy does not let it encrypt", () => {
    const { cloud, inputs } = account();
    const key = (name: string, policy: string): string =>
      textIn(cloud.create("aws:kms/key:Key", name, { policy }).outputs, "arn");
    const closed = key("closed", keyPolicy());
    const open = key("open", keyPolicy(allow(["kms:GenerateDataKey*"], "*")));
    assertRefused(
      () => cloud.create(TRAIL, "t", { ...inputs, kmsKeyId: closed }),
      "InsufficientEncryptionPolicyException",
    );
    cloud.create(TRAIL, "t", { ...inputs, kmsKeyId: open });
  });

  it("writes to a log group by a role that it may take, and that may write there", () => {
    const { cloud, inputs } = account();
    const group = textIn(cloud.create("aws:cloudwatch/logGroup:LogGroup", "g", { name: "g" }).outputs, "arn");
    const role = (service: string): string => {
      const Principal = { Service: service };
      const statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal };
      const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      return textIn(cloud.create("aws:iam/role:Role", service, { name: service, assumeRolePolicy }).outputs, "arn");
    };
    const logging = (cloudWatchLogsRoleArn: string) => () =>
      cloud.create(TRAIL, "t", { ...inputs, cloudWatchLogsGroupArn: `${group}:*`, cloudWatchLogsRoleArn });
    assertRefused(logging(role("ec2.amazonaws.com")), "InvalidCloudWatchLogsRoleArnException");
    const right = role("cloudtrail.amazonaws.com");
    assertRefused(logging(right), "InvalidCloudWatchLogsRoleArnException");
    cloud.create("aws:iam/rolePolicy:RolePolicy", "p", {
      role: "cloudtrail.amazonaws.com",
      name: "p",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "logs:*", Resource: `${group}:*` }],
      }),
    });
    logging(right)();
  });

  it("takes selectors of both kinds", () => {
    const { cloud, inputs } = account();
    const basic = [{ dataResources: [{ type: "AWS::S3::Object", values: ["arn:aws:s3:::media/"] }] }];
    const made = cloud.create(TRAIL, "t", { ...inputs, eventSelectors: basic });
    const fieldSelectors = [{ field: "eventCategory", equals: ["Management"] }];
    cloud.update(made, { ...inputs, advancedEventSelectors: [{ fieldSelectors }] });
  });

  it("has a name of its own, and at most four others beside it", () => {
    const { cloud, inputs } = account(bucketPolicy("arn:aws:cloudtrail:us-east-1:111122223333:trail/*"));
    cloud.create(TRAIL, "t", inputs);
    assertRefused(() => cloud.create(TRAIL, "u", inputs), "TrailAlreadyExistsException");
    for (const name of ["two", "three", "four", "five"]) cloud.create(TRAIL, name, { ...inputs, name });
    assertRefused(
      () => cloud.create(TRAIL, "six", { ...inputs, name: "six" }),
      "MaximumNumberOfTrailsExceededException",
    );
  });
});
