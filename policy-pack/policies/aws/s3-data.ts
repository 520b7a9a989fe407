import { lacking, whereGiven, type BucketPart } from "../../support/data/buckets.ts";
import {
  at,
  elements,
  expects,
  firstUnknown,
  isNotTrue,
  isSet,
  isTrue,
  judged,
  locate,
  numberOf,
  oneOf,
  type Expectation,
  type Located,
} from "../../support/property.ts";
import type { Config, Find, Finding, Remedy, Resource, ResourceCheck, Rule } from "../../support/rule.ts";
import { BUCKETS } from "../../support/tokens.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";

const [BUCKET = "", BUCKET_V2 = ""] = BUCKETS;

const VERSIONING: BucketPart = {
  types: ["aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"],
  inline: ["versioning", "versionings"],
};
const ENCRYPTION: BucketPart = {
  types: [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
  ],
  inline: ["serverSideEncryptionConfiguration", "serverSideEncryptionConfigurations"],
};
const LIFECYCLE: BucketPart = {
  types: [
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
  ],
  inline: ["lifecycleRules"],
};

/** One check for the three ways to write a part of a bucket: its own resource, and the inputs of both bucket types. */
const threeWays = (
  part: BucketPart,
  unknown: ResourceCheck["unknown"],
  own: Find,
  inline: Find,
  inlineV2: Find,
): readonly ResourceCheck[] => {
  const [input = "", inputV2 = input] = part.inline;
  return [
    { types: part.types, unknown, find: own },
    { types: [BUCKET], unknown, find: whereGiven(input, inline) },
    { types: [BUCKET_V2], unknown, find: whereGiven(inputV2, inlineV2) },
  ];
};

/** Where the encryption rules of each way stand, and the block inside a rule that names the algorithm. */
const ENCRYPTION_RULES = [
  ["rules[]", "applyServerSideEncryptionByDefault"],
  ["serverSideEncryptionConfiguration.rule", "applyServerSideEncryptionByDefault"],
  ["serverSideEncryptionConfigurations[].rules[]", "applyServerSideEncryptionByDefaults[]"],
] as const;

type EncryptionCheck = (rule: Located, block: string) => readonly Finding[];

/** Asks about every encryption rule; a configuration without any is asked about as one absent rule. */
function perEncryptionRule(unknown: ResourceCheck["unknown"], ask: EncryptionCheck): readonly ResourceCheck[] {
  const finds = ENCRYPTION_RULES.map(([path, block]): Find => ({ props }) => {
    const found = locate(props, path);
    const asked = found.length === 0 ? [{ property: path.replace(/\[\]$/, ""), value: undefined }] : found;
    return asked.flatMap((rule) =>
      rule.value instanceof Unknown ? [{ property: rule.property, unknown: rule.value }] : ask(rule, block),
    );
  });
  const [own, inline, inlineV2] = finds;
  return own && inline && inlineV2 ? threeWays(ENCRYPTION, unknown, own, inline, inlineV2) : [];
}

const inRule = ({ property, value }: Located, path: string): readonly Located[] => {
  const found = locate(value, path);
  const places = found.length === 0 ? [{ property: path.replaceAll("[]", ""), value: undefined }] : found;
  return places.map((place) => ({ property: `${property}.${place.property}`, value: place.value }));
};

const asExpected =
  (path: string, expectation: Expectation, fix: string): EncryptionCheck =>
  (rule, block) =>
    inRule(rule, `${block}.${path}`).flatMap((located) => judged(located, expectation, fix));

const isKms: Expectation = {
  is: (value) => value === "aws:kms" || value === "aws:kms:dsse",
  expected: '"aws:kms" or "aws:kms:dsse"',
};

/** A key of the account's own: where KMS is used without one, AWS takes its own. */
const ownKey: EncryptionCheck = (rule, block) => {
  const found = asExpected("sseAlgorithm", isKms, 'set sseAlgorithm: "aws:kms"')(rule, block);
  return found.length > 0
    ? found
    : asExpected("kmsMasterKeyId", isSet, "set kmsMasterKeyId to a key's ARN")(rule, block);
};

/** With a KMS key, the bucket key answers for all objects; without it every request asks KMS and is billed. */
const bucketKey: EncryptionCheck = (rule, block) => {
  const algorithms = inRule(rule, `${block}.sseAlgorithm`);
  const unknown = algorithms.find(({ value }) => value instanceof Unknown);
  if (unknown?.value instanceof Unknown && !isTrue.is(at(rule.value, "bucketKeyEnabled")))
    return [{ property: unknown.property, unknown: unknown.value }];
  // A bucket key is not for double encryption.
  if (!algorithms.some(({ value }) => value === "aws:kms")) return [];
  return inRule(rule, "bucketKeyEnabled").flatMap((place) => judged(place, isTrue, "set bucketKeyEnabled: true"));
};

const withBucketKeys = ({ props }: Resource): readonly Remedy[] =>
  elements({ property: "rules", value: props["rules"] }).flatMap(({ value }, index) =>
    at(value, "applyServerSideEncryptionByDefault.sseAlgorithm") === "aws:kms" &&
    !isTrue.is(at(value, "bucketKeyEnabled"))
      ? [{ path: ["rules", String(index), "bucketKeyEnabled"], value: true }]
      : [],
  );

/** What one lifecycle rule does, whichever of the three ways it was written. */
interface LifecycleRule {
  readonly enabled: Plain;
  /** What narrows it to a part of the bucket. */
  readonly filters: readonly Plain[];
  readonly abortsAfter: Plain;
  readonly dropsVersionsAfter: Plain;
}

type Reading = (rule: Plain) => LifecycleRule;

const ownRule: Reading = (rule) => ({
  enabled: at(rule, "status"),
  filters: [
    ...["prefix", "filter.prefix", "filter.tag", "filter.and"].map((path) => at(rule, path)),
    ...["filter.objectSizeGreaterThan", "filter.objectSizeLessThan"].map((path) => at(rule, path)),
  ],
  abortsAfter: at(rule, "abortIncompleteMultipartUpload.daysAfterInitiation"),
  dropsVersionsAfter: at(rule, "noncurrentVersionExpiration.noncurrentDays"),
});

const inlineRule: Reading = (rule) => ({
  enabled: at(rule, "enabled"),
  filters: [at(rule, "prefix"), at(rule, "tags")],
  abortsAfter: at(rule, "abortIncompleteMultipartUploadDays"),
  dropsVersionsAfter:
    at(rule, "noncurrentVersionExpiration.days") ?? locate(rule, "noncurrentVersionExpirations[].days")[0]?.value,
});

/** Whether some enabled rule about the whole bucket does something within some days. */
const someRule =
  (
    input: string,
    read: Reading,
    when: (rule: LifecycleRule) => Plain,
    most: (config: Config) => number,
    wrong: string,
    fix: (days: number) => string,
  ): Find =>
  ({ props }, config) => {
    const days = most(config);
    const rules = elements({ property: input, value: props[input] });
    const readable = rules.map(({ value }) => ({ value, rule: read(value) }));
    if (readable.some(({ rule }) => isOn(rule) && isWithin(when(rule), days))) return [];
    const unknown = rules.map(({ value }) => firstUnknown(value)).find((found) => found !== undefined);
    if (unknown !== undefined) return [{ property: input, unknown }];
    return [{ property: input, wrong, fix: fix(days) }];
  };

const isOn = ({ enabled, filters }: LifecycleRule): boolean =>
  (enabled === "Enabled" || isTrue.is(enabled)) && !filters.some((value) => isSet.is(value) && numberOf(value) !== 0);

const isWithin = (value: Plain, most: number): boolean => {
  const days = numberOf(value);
  return days !== undefined && days >= 1 && days <= most;
};

const lifecycleChecks = (
  when: (rule: LifecycleRule) => Plain,
  most: (config: Config) => number,
  wrong: string,
  fix: (days: number) => string,
): readonly ResourceCheck[] => {
  const [own, inline] = (
    [
      ["rules", ownRule],
      ["lifecycleRules", inlineRule],
    ] as const
  ).map(([input, read]) => someRule(input, read, when, most, wrong, fix));
  return own && inline ? threeWays(LIFECYCLE, "defer", own, inline, inline) : [];
};

const days = (config: Config): number => numberOf(config["days"]) ?? Number.POSITIVE_INFINITY;

const enabled = (path: string) => expects(path, isTrue, `set ${path.replace("[]", "[0]")}: true`);

export const rules: readonly Rule[] = [
  {
    name: "s3-bucket-encrypted",
    description: "Every S3 bucket says how its objects are encrypted.",
    why: "A bucket that leaves it to the service's default cannot show that nothing in it is in the clear.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_19", "AWS-0088", "Prowler s3_bucket_default_encryption", "compliance-policies"],
    resources: perEncryptionRule(
      "refuse",
      asExpected("sseAlgorithm", oneOf("AES256", "aws:kms", "aws:kms:dsse"), 'set sseAlgorithm: "AES256" or "aws:kms"'),
    ),
    stack: lacking(
      ENCRYPTION,
      "says how to encrypt",
      'add an aws.s3.BucketServerSideEncryptionConfiguration for it with sseAlgorithm: "AES256" or "aws:kms"',
    ),
  },
  {
    name: "s3-bucket-uses-own-key",
    description: "S3 buckets of data are encrypted with a KMS key of the account's own.",
    why: "With a key of its own, whoever may read the bucket still needs a right to the key, and each use is recorded.",
    severity: "low",
    level: "advisory",
    standards: [
      ...[
        "FSBP S3.17",
        "CKV_AWS_145",
        "cdk-nag S3DefaultEncryptionKMS",
        "AWS-0132",
        "Prowler s3_bucket_kms_encryption",
        "compliance-policies",
      ],
    ],
    resources: perEncryptionRule("defer", ownKey),
  },
  {
    name: "s3-bucket-key-enabled",
    description: "S3 buckets that are encrypted with a KMS key use a bucket key.",
    why: "Without it every read and write of an object is a request to KMS, which is billed and throttled.",
    severity: "low",
    level: "mandatory",
    standards: ["compliance-policies"],
    resources: perEncryptionRule("refuse", bucketKey),
    remedy: (resource) => (ENCRYPTION.types.includes(resource.type) ? withBucketKeys(resource) : []),
  },
  {
    name: "s3-bucket-versioned",
    description: "Every S3 bucket keeps old versions of its objects.",
    why: "Without versions an object that is overwritten or deleted by mistake is gone, and nothing can back it up.",
    severity: "medium",
    level: "mandatory",
    standards: [
      ...[
        "FSBP S3.14",
        "CKV_AWS_21",
        "cdk-nag S3BucketVersioningEnabled",
        "AWS-0090",
        "Prowler s3_bucket_object_versioning",
      ],
    ],
    resources: threeWays(
      VERSIONING,
      "refuse",
      expects("versioningConfiguration.status", oneOf("Enabled"), 'set versioningConfiguration.status: "Enabled"'),
      enabled("versioning.enabled"),
      enabled("versionings[].enabled"),
    ),
    stack: lacking(
      VERSIONING,
      "keeps old versions in",
      'add an aws.s3.BucketVersioning for it with versioningConfiguration.status: "Enabled"',
    ),
    remedy: ({ type, props }) =>
      VERSIONING.types.includes(type) && at(props, "versioningConfiguration.status") !== "Enabled"
        ? [{ path: ["versioningConfiguration", "status"], value: "Enabled" }]
        : [],
  },
  {
    name: "s3-bucket-aborts-unfinished-uploads",
    description: "Every S3 bucket drops the parts of uploads that were never finished.",
    why: "Such parts appear in no listing, are billed like objects, and stay for ever.",
    severity: "low",
    level: "mandatory",
    standards: ["FSBP S3.13", "CKV_AWS_300", "CKV2_AWS_61", "Prowler s3_bucket_lifecycle_enabled"],
    settings: { days: { type: "number", description: "Days after which they must be gone.", default: 7 } },
    resources: lifecycleChecks(
      ({ abortsAfter }) => abortsAfter,
      days,
      "no enabled rule for the whole bucket aborts unfinished uploads in time",
      (most) =>
        `add a rule with status: "Enabled", filter: { prefix: "" }, abortIncompleteMultipartUpload: { daysAfterInitiation: ${String(most)} }`,
    ),
    stack: lacking(
      LIFECYCLE,
      "clears up",
      "add an aws.s3.BucketLifecycleConfiguration for it whose rules abort unfinished uploads and expire old versions",
    ),
  },
  {
    name: "s3-bucket-expires-old-versions",
    description: "Every S3 bucket drops old versions of its objects after a time.",
    why: "Old versions are billed like objects, and what somebody asked to be deleted must be gone one day.",
    severity: "low",
    level: "mandatory",
    standards: ["FSBP S3.10", "CKV2_AWS_61"],
    settings: { days: { type: "number", description: "Days after which they must be gone.", default: 365 } },
    resources: lifecycleChecks(
      ({ dropsVersionsAfter }) => dropsVersionsAfter,
      days,
      "no enabled rule for the whole bucket expires old versions in time",
      (most) =>
        `add a rule with status: "Enabled", filter: { prefix: "" }, noncurrentVersionExpiration: { noncurrentDays: 30 }, at most ${String(most)}`,
    ),
  },
  {
    name: "s3-bucket-not-force-destroyed",
    description: "No S3 bucket is emptied in order to delete it.",
    why: "With it, one removed line deletes every object and every version, and no backup of the bucket's own is left.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      { types: BUCKETS, unknown: "refuse", find: expects("forceDestroy", isNotTrue, "set forceDestroy: false") },
    ],
  },
];
