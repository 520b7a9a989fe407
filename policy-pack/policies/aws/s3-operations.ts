import { bucketsWithout, lacking, whereGiven, type BucketPart } from "../../support/data/buckets.ts";
import { companions, joinTo, unnamed } from "../../support/join.ts";
import { expects, isTrue, oneOf } from "../../support/property.ts";
import type { Find, Rule, StackResource, Violation } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { BUCKETS, LOAD_BALANCERS } from "../../support/tokens.ts";

const [BUCKET = "", BUCKET_V2 = ""] = BUCKETS;

const LOGGING: BucketPart = {
  types: ["aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2"],
  inline: ["logging", "loggings"],
};
const OBJECT_LOCK: BucketPart = {
  types: [
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2",
  ],
  inline: ["objectLockConfiguration"],
};
const REPLICATION: BucketPart = {
  types: ["aws:s3/bucketReplicationConfig:BucketReplicationConfig"],
  inline: ["replicationConfiguration", "replicationConfigurations"],
};
const NOTIFICATION: BucketPart = { types: ["aws:s3/bucketNotification:BucketNotification"], inline: [] };
const VERSIONING = ["aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"];

/** Who writes logs into a bucket, and which property names it. */
const LOG_WRITERS: readonly (readonly [readonly string[], string])[] = [
  [LOGGING.types, "targetBucket"],
  [BUCKETS, "logging.targetBucket"],
  [LOAD_BALANCERS, "accessLogs.bucket"],
  [LOAD_BALANCERS, "connectionLogs.bucket"],
  [["aws:cloudtrail/trail:Trail"], "s3BucketName"],
  [["aws:ec2/flowLog:FlowLog"], "logDestination"],
];

/** Buckets whose requests nobody records; those that hold logs themselves would only log their own writers. */
function unlogged(stack: Stack): readonly Violation[] {
  return LOG_WRITERS.reduce(
    (left, [types, path]) => unnamed(left, stack.ofType(types), path),
    bucketsWithout(stack, LOGGING),
  ).map(({ urn, name }) => ({
    urn,
    property: "bucket",
    wrong: `nothing records the requests to "${name}"`,
    fix: "add an aws.s3.BucketLogging for it with a targetBucket for logs",
  }));
}

/** Access logs that are written into the bucket that they are about, each of which is a request to log again. */
function loops(stack: Stack): readonly Violation[] {
  const buckets = stack.ofType(BUCKETS);
  const loggingsOf = companions(buckets, stack.ofType(LOGGING.types), "bucket");
  const toBucket = joinTo(buckets);
  const own = (bucket: StackResource) =>
    loggingsOf(bucket).filter((logging) => toBucket(logging, "targetBucket").includes(bucket));
  return buckets.flatMap((bucket) =>
    own(bucket).map((logging) => ({
      urn: logging.urn,
      property: "targetBucket",
      wrong: `"${bucket.name}" logs into itself`,
      fix: "set targetBucket to another bucket",
    })),
  );
}

const mfaDelete = (path: string, expectation: typeof isTrue): Find =>
  expects(path, expectation, `set ${path.replace("[]", "[0]")} as the root user, with its device`);

export const rules: readonly Rule[] = [
  {
    name: "s3-bucket-logs-access",
    description: "Requests to S3 buckets of data are recorded in a bucket for logs.",
    why: "Without such a record nobody can say afterwards who read what.",
    severity: "medium",
    level: "advisory",
    standards: [
      ...[
        "FSBP S3.9",
        "CKV_AWS_18",
        "AwsSolutions-S1",
        "AWS-0089",
        "Prowler s3_bucket_server_access_logging_enabled",
        "awsguard",
      ],
    ],
    stack: unlogged,
  },
  {
    name: "s3-bucket-does-not-log-into-itself",
    description: "No S3 bucket's access log is written into the same bucket.",
    why: "Each entry would be a request that makes another entry, without an end.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    stack: loops,
  },
  {
    name: "s3-bucket-object-lock",
    description: "Objects of S3 buckets cannot be deleted before their time.",
    why: "A lock stops whoever has stolen credentials from deleting what they cannot sell.",
    severity: "low",
    level: "advisory",
    standards: ["FSBP S3.15", "CKV_AWS_143", "cdk-nag S3BucketDefaultLockEnabled"],
    stack: lacking(
      OBJECT_LOCK,
      "locks the objects of",
      "add an aws.s3.BucketObjectLockConfiguration for it with rule.defaultRetention",
    ),
  },
  {
    name: "s3-bucket-replicated",
    description: "Objects of S3 buckets are replicated to another bucket.",
    why: "A replica in another region survives the loss of a region or of an account.",
    severity: "low",
    level: "advisory",
    standards: ["FSBP S3.7", "CKV_AWS_144", "cdk-nag S3BucketReplicationEnabled", "compliance-policies"],
    stack: lacking(
      REPLICATION,
      "replicates",
      "add an aws.s3.BucketReplicationConfig for it with a destination in another region",
    ),
  },
  {
    name: "s3-bucket-notifies",
    description: "Changes of objects in S3 buckets are announced.",
    why: "An announcement lets something react at once to what should not have changed.",
    severity: "low",
    level: "advisory",
    standards: ["FSBP S3.11", "CKV2_AWS_62"],
    stack: lacking(NOTIFICATION, "announces changes in", "add an aws.s3.BucketNotification for it"),
  },
  {
    name: "s3-bucket-mfa-delete",
    description: "Versions in S3 buckets are deleted with a second factor alone.",
    why: "Stolen keys alone are not enough then to delete old versions.",
    severity: "low",
    level: "advisory",
    standards: ["FSBP S3.20", "CIS 3.1.2", "AWS-0170"],
    resources: [
      {
        types: VERSIONING,
        unknown: "refuse",
        find: mfaDelete("versioningConfiguration.mfaDelete", oneOf("Enabled")),
      },
      { types: [BUCKET], unknown: "refuse", find: whereGiven("versioning", mfaDelete("versioning.mfaDelete", isTrue)) },
      {
        types: [BUCKET_V2],
        unknown: "refuse",
        find: whereGiven("versionings", mfaDelete("versionings[].mfaDelete", isTrue)),
      },
    ],
  },
];
