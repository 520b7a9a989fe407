import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";

const of = (type: string, props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type,
  name: type.slice(type.lastIndexOf(":") + 1),
  props: { bucket: "media-1a2b3c4", ...props },
  references,
});
const bucket = (props: Sent["props"] = {}, references: Sent["references"] = {}): Sent => ({
  ...of("aws:s3/bucket:Bucket", props, references),
  name: "media",
});
const bucketV2 = (props: Sent["props"]): Sent => ({ ...of("aws:s3/bucketV2:BucketV2", props), name: "media" });
/** What the provider finds of a bucket whose parts are described by other resources. */
const found = bucket({ versioning: { enabled: true }, lifecycleRules: [{ enabled: true }], region: "us-east-1" });
const late = bucket({ bucket: UNKNOWN });
const FROM_MEDIA = { bucket: ["media"] };

const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const versioning = (status: Json): Sent => of(VERSIONING, { versioningConfiguration: { status } });

const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const encryption = (byDefault: Json, more: Record<string, Json> = {}): Sent =>
  of(ENCRYPTION, { rules: [{ applyServerSideEncryptionByDefault: byDefault, ...more }] });
const inline = (byDefault: Json, more: Record<string, Json> = {}): Sent =>
  bucket({ serverSideEncryptionConfiguration: { rule: { applyServerSideEncryptionByDefault: byDefault, ...more } } });
const inlineV2 = (byDefault: Json): Sent =>
  bucketV2({
    serverSideEncryptionConfigurations: [{ rules: [{ applyServerSideEncryptionByDefaults: [byDefault] }] }],
  });

const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const lifecycle = (...rules: Json[]): Sent => of(LIFECYCLE, { rules });
const abort = (more: Record<string, Json> = {}): Json => ({
  id: "unfinished",
  status: "Enabled",
  filter: { prefix: "" },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
  ...more,
});
const expire = (more: Record<string, Json> = {}): Json => ({
  id: "old",
  status: "Enabled",
  filter: { prefix: "" },
  noncurrentVersionExpiration: { noncurrentDays: 30 },
  ...more,
});

export const cases: readonly Case[] = [
  ...casesOf("s3-bucket-encrypted", [
    ["S3 has the key", encryption({ sseAlgorithm: "AES256" }), "passes"],
    ["KMS has it", encryption({ sseAlgorithm: "aws:kms:dsse" }), "passes"],
    ["the algorithm is another", encryption({ sseAlgorithm: "none" }), [/sseAlgorithm: it is "none"/]],
    ["the algorithm is absent", encryption({}), [/rules\[0\]\.applyServerSideEncryptionByDefault\.sseAlgorithm/]],
    ["the algorithm is unknown", encryption({ sseAlgorithm: UNKNOWN }), [/its value is not known/]],
    ["no rule is there", of(ENCRYPTION, { rules: [] }), [/rules\.applyServer.*sseAlgorithm: it is not set/]],
    ["a bucket encrypts by itself", inline({ sseAlgorithm: "AES256" }), "passes"],
    ["a bucket's rule is empty", bucket({ serverSideEncryptionConfiguration: {} }), [/rule\.apply.*: it is not set/]],
    ["an older bucket encrypts by itself", inlineV2({ sseAlgorithm: "aws:kms" }), "passes"],
    ["an older bucket does it in a strange way", inlineV2({ sseAlgorithm: "XOR" }), [/Defaults\[0\]\.sseAlgorithm/]],
    ["a bucket says nothing itself", bucket(), "passes"],
    ["an older bucket says nothing itself", bucketV2({}), "passes"],
    ["its configuration names the bucket", [bucket(), encryption({ sseAlgorithm: "AES256" })], "passes"],
    ["a bucket has its own", [bucket({}, { serverSideEncryptionConfiguration: [] })], "passes"],
    ["there is none", [bucket()], [/bucket: nothing says how to encrypt "media"/]],
  ]),

  ...casesOf("s3-bucket-uses-own-key", [
    ["it does", encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:kms:us-east-1:1:key/2" }), "passes"],
    ["the key is unknown", encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: UNKNOWN }), "waits"],
    ["the key is AWS's own", encryption({ sseAlgorithm: "aws:kms" }), [/kmsMasterKeyId: it is not set/]],
    ["S3 has the key", encryption({ sseAlgorithm: "AES256" }), [/sseAlgorithm: it is "AES256"/]],
    ["the algorithm is unknown", encryption({ sseAlgorithm: UNKNOWN }), "waits"],
    ["the algorithm is absent", encryption({}), [/sseAlgorithm: it is not set/]],
    ["a bucket's own rule does not", inline({ sseAlgorithm: "AES256" }), [/rule\.apply.*sseAlgorithm/]],
    ["a bucket says nothing itself", bucket(), "passes"],
    ["an older bucket says nothing itself", bucketV2({}), "passes"],
  ]),

  ...casesOf("s3-bucket-key-enabled", [
    ["it is", encryption({ sseAlgorithm: "aws:kms" }, { bucketKeyEnabled: true }), "passes"],
    [
      "it is not",
      encryption({ sseAlgorithm: "aws:kms" }, { bucketKeyEnabled: false }),
      [/bucketKeyEnabled: it is false/],
    ],
    ["it is absent", encryption({ sseAlgorithm: "aws:kms" }), [/rules\[0\]\.bucketKeyEnabled: it is not set/]],
    ["it is unknown", encryption({ sseAlgorithm: "aws:kms" }, { bucketKeyEnabled: UNKNOWN }), [/not known at preview/]],
    ["the algorithm is unknown", encryption({ sseAlgorithm: UNKNOWN }), [/sseAlgorithm: its value is not known/]],
    ["it would not be used", encryption({ sseAlgorithm: "AES256" }), "passes"],
    ["objects are encrypted twice", encryption({ sseAlgorithm: "aws:kms:dsse" }), "passes"],
    ["a bucket's own rule lacks it", inline({ sseAlgorithm: "aws:kms" }), [/Configuration\.rule\.bucketKeyEnabled/]],
    ["an older bucket's rule lacks it", inlineV2({ sseAlgorithm: "aws:kms" }), [/rules\[0\]\.bucketKeyEnabled/]],
    ["a bucket says nothing itself", bucket(), "passes"],
  ]),

  ...casesOf("s3-bucket-versioned", [
    ["it is", versioning("Enabled"), "passes"],
    ["it is no longer", versioning("Suspended"), [/versioningConfiguration\.status: it is "Suspended"/]],
    ["the status is absent", of(VERSIONING, {}), [/versioningConfiguration\.status: it is not set/]],
    ["the status is unknown", versioning(UNKNOWN), [/versioningConfiguration\.status: its value is not known/]],
    ["a bucket keeps versions by itself", bucket({ versioning: { enabled: "true" } }), "passes"],
    [
      "a bucket says that it does not",
      bucket({ versioning: { enabled: false } }),
      [/versioning\.enabled: it is false/],
    ],
    ["an older bucket does", bucketV2({ versionings: [{ enabled: true }] }), "passes"],
    ["an older bucket does not", bucketV2({ versionings: [{ enabled: false }] }), [/versionings\[0\]\.enabled/]],
    ["a bucket says nothing itself", bucket(), "passes"],
    ["its versioning names the bucket", [bucket(), versioning("Enabled")], "passes"],
    [
      "its versioning is an older type's",
      [bucket(), { ...versioning("Enabled"), type: "aws:s3/bucketVersioningV2:BucketVersioningV2" }],
      "passes",
    ],
    [
      "its versioning refers to a bucket that is unknown yet",
      [late, { ...versioning("Enabled"), props: { bucket: UNKNOWN }, references: FROM_MEDIA }],
      "passes",
    ],
    ["the program sets it inline", [bucket({}, { versioning: [] })], "passes"],
    ["only the provider has seen versions", [found], [/bucket: nothing keeps old versions in "media"/]],
    [
      "the versioning is another bucket's",
      [late, { ...versioning("Enabled"), props: { bucket: UNKNOWN }, references: { bucket: ["other"] } }],
      [/nothing keeps old versions/],
    ],
  ]),

  ...casesOf("s3-bucket-aborts-unfinished-uploads", [
    ["a rule does", lifecycle(expire(), abort()), "passes"],
    ["no rule does", lifecycle(expire()), [/rules: no enabled rule .* aborts.*daysAfterInitiation: 7/]],
    ["the rule is off", lifecycle(abort({ status: "Disabled" })), [/rules: no enabled rule/]],
    ["the rule is about a part", lifecycle(abort({ filter: { prefix: "temp/" } })), [/for the whole bucket/]],
    ["the rule has no filter", lifecycle(abort({ filter: {} })), "passes"],
    [
      "it comes too late",
      lifecycle(abort({ abortIncompleteMultipartUpload: { daysAfterInitiation: 8 } })),
      [/in time/],
    ],
    [
      "the setting allows more",
      lifecycle(abort({ abortIncompleteMultipartUpload: { daysAfterInitiation: 8 } })),
      "passes",
      { days: 8 },
    ],
    ["the days are unknown", lifecycle(abort({ abortIncompleteMultipartUpload: UNKNOWN })), "waits"],
    ["the rules are unknown", of(LIFECYCLE, { rules: UNKNOWN }), "waits"],
    ["an unknown rule stands beside it", lifecycle(UNKNOWN, abort()), "passes"],
    ["there are no rules", of(LIFECYCLE, {}), [/rules: no enabled rule/]],
    [
      "a bucket's own rule does",
      bucket({ lifecycleRules: [{ enabled: true, abortIncompleteMultipartUploadDays: "7" }] }),
      "passes",
    ],
    [
      "a bucket's own rules do not",
      bucket({ lifecycleRules: [{ enabled: true }] }),
      [/lifecycleRules: no enabled rule/],
    ],
    ["a bucket has no rules itself", bucket(), "passes"],
    ["a configuration names the bucket", [bucket(), lifecycle(abort())], "passes"],
    ["there is none", [found], [/bucket: nothing clears up "media"/]],
  ]),

  ...casesOf("s3-bucket-expires-old-versions", [
    ["a rule does", lifecycle(abort(), expire()), "passes"],
    ["no rule does", lifecycle(abort()), [/rules: no enabled rule .* expires old versions.*at most 365/]],
    ["it comes too late", lifecycle(expire({ noncurrentVersionExpiration: { noncurrentDays: 366 } })), [/in time/]],
    ["it is about some objects", lifecycle(expire({ filter: { tag: { key: "a", value: "b" } } })), [/whole bucket/]],
    ["the days are unknown", lifecycle(expire({ noncurrentVersionExpiration: { noncurrentDays: UNKNOWN } })), "waits"],
    ["there are no rules", of(LIFECYCLE, {}), [/rules: no enabled rule/]],
    [
      "an older bucket's own rule does",
      bucketV2({ lifecycleRules: [{ enabled: true, noncurrentVersionExpirations: [{ days: 30 }] }] }),
      "passes",
    ],
    [
      "a bucket's own rule is about a part",
      bucket({ lifecycleRules: [{ enabled: true, prefix: "a/", noncurrentVersionExpiration: { days: 30 } }] }),
      [/lifecycleRules: no enabled rule/],
    ],
    ["a bucket has no rules itself", bucket(), "passes"],
  ]),

  ...casesOf("s3-bucket-not-force-destroyed", [
    ["it is not", bucket({ forceDestroy: false }), "passes"],
    ["nothing is said", bucket(), "passes"],
    ["nothing is said of an older bucket", bucketV2({}), "passes"],
    ["it is", bucket({ forceDestroy: true }), [/forceDestroy: it is true, and must be false/]],
    ["an older bucket is", bucketV2({ forceDestroy: "true" }), [/forceDestroy: it is "true"/]],
    ["it is unknown", bucket({ forceDestroy: UNKNOWN }), [/forceDestroy: its value is not known/]],
  ]),
];
