import { UNKNOWN, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";

const named = (name: string, type: string, props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type,
  name,
  props,
  references,
});
const bucket = (name = "media", references: Sent["references"] = {}): Sent =>
  named(name, "aws:s3/bucket:Bucket", { bucket: `${name}-1a2b3c4`, logging: { targetBucket: "found" } }, references);
const late = (name: string): Sent => named(name, "aws:s3/bucket:Bucket", { bucket: UNKNOWN });
const logging = (targetBucket: string): Sent =>
  named("media-logging", "aws:s3/bucketLogging:BucketLogging", {
    bucket: "media-1a2b3c4",
    targetBucket,
    targetPrefix: "",
  });
const part = (type: string): Sent => named("media-part", type, { bucket: "media-1a2b3c4" });
const versioning = (versioningConfiguration: Sent["props"]): Sent =>
  named("media-versioning", "aws:s3/bucketVersioning:BucketVersioning", { versioningConfiguration });
const balancer = named("alb", "aws:lb/loadBalancer:LoadBalancer", { accessLogs: { bucket: "logs-1a2b3c4" } });

export const cases: readonly Case[] = [
  ...casesOf("s3-bucket-logs-access", [
    ["a bucket logs to another", [bucket(), bucket("logs"), logging("logs-1a2b3c4")], "passes"],
    ["nothing logs a bucket", [bucket()], [/bucket: nothing records the requests to "media"/]],
    ["a bucket's own input does", [bucket("media", { logging: [] })], "passes"],
    ["a bucket holds a load balancer's logs", [bucket("logs"), balancer], "passes"],
    [
      "all is unknown yet",
      [
        late("media"),
        late("logs"),
        named(
          "media-logging",
          "aws:s3/bucketLoggingV2:BucketLoggingV2",
          { bucket: UNKNOWN, targetBucket: UNKNOWN },
          { bucket: ["media"], targetBucket: ["logs"] },
        ),
      ],
      "passes",
    ],
  ]),
  ...casesOf("s3-bucket-does-not-log-into-itself", [
    ["it logs to another", [bucket(), logging("logs-1a2b3c4")], "passes"],
    ["it does", [bucket(), logging("media-1a2b3c4")], [/targetBucket: "media" logs into itself/]],
    [
      "it does, and is unknown yet",
      [
        late("media"),
        named(
          "media-logging",
          "aws:s3/bucketLogging:BucketLogging",
          { bucket: UNKNOWN, targetBucket: UNKNOWN },
          { bucket: ["media"], targetBucket: ["media"] },
        ),
      ],
      [/logs into itself/],
    ],
  ]),
  ...casesOf("s3-bucket-object-lock", [
    ["they are", [bucket(), part("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration")], "passes"],
    ["they can", [bucket()], [/bucket: nothing locks the objects of "media"/]],
  ]),
  ...casesOf("s3-bucket-replicated", [
    ["they are", [bucket(), part("aws:s3/bucketReplicationConfig:BucketReplicationConfig")], "passes"],
    ["a bucket says so itself", [bucket("media", { replicationConfiguration: [] })], "passes"],
    ["they are not", [bucket()], [/bucket: nothing replicates "media"/]],
  ]),
  ...casesOf("s3-bucket-notifies", [
    ["they are", [bucket(), part("aws:s3/bucketNotification:BucketNotification")], "passes"],
    ["they are not", [bucket()], [/bucket: nothing announces changes in "media"/]],
  ]),
  ...casesOf("s3-bucket-mfa-delete", [
    ["they are", versioning({ status: "Enabled", mfaDelete: "Enabled" }), "passes"],
    ["they are not", versioning({ status: "Enabled", mfaDelete: "Disabled" }), [/mfaDelete: it is "Disabled"/]],
    ["nothing is said", versioning({ status: "Enabled" }), [/versioningConfiguration\.mfaDelete: it is not set/]],
    ["it is unknown", versioning({ status: "Enabled", mfaDelete: UNKNOWN }), [/its value is not known/]],
    [
      "a bucket's own versions are not",
      named("media", "aws:s3/bucket:Bucket", { versioning: { enabled: true } }),
      [/versioning\.mfaDelete: it is not set/],
    ],
    ["a bucket has no versions itself", bucket(), "passes"],
  ]),
];
