import { createHash } from "node:crypto";
import { Asset, type Properties } from "../../values/value.ts";
import { parseArn } from "../arn.ts";
import { flagAt, mapAt, mapsAt, textAt } from "../fields.ts";
import { policyProblem, policyStatements, publicStatement } from "../iam-policy.ts";
import {
  type CloudResource,
  type Location,
  type Operation,
  Refusal,
  type Reference,
  type ResourceRules,
  type Service,
} from "../service.ts";
import { mayInvoke } from "./lambda-access.ts";
import { elsewhere, findBy, here, inAccount, policiesEquivalent, prefixedName, valueOf } from "./lookup.ts";
import { principalRefusal } from "./principals.ts";
import { isAction } from "./s3-actions.ts";
import { corsFailures } from "./s3-cors.ts";
import { lifecycleFailures } from "./s3-lifecycle.ts";
import { bucketNameProblem } from "./s3-names.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const BUCKETS = [BUCKET, "aws:s3/bucketV2:BucketV2"];
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";
const OBJECTS = ["aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"];

/** The hosted zone of a region's website endpoints. Source: the AWS general reference, S3 endpoints. */
const HOSTED_ZONES: Readonly<Record<string, string>> = {
  "ap-northeast-1": "Z2M4EHUR26P7ZW",
  "ap-northeast-2": "Z3W03O7B5YMIYP",
  "ap-south-1": "Z11RGJOFQNVJUP",
  "ap-southeast-1": "Z3O0J2DXBE1FTB",
  "ap-southeast-2": "Z1WCIGYICN2BYD",
  "ca-central-1": "Z1QDHH18159H29",
  "eu-central-1": "Z21DNDUVLTQW6Q",
  "eu-north-1": "Z3BAZG2TWCNX0D",
  "eu-west-1": "Z1BKCTXD74EZPE",
  "eu-west-2": "Z3GKZC51ZF0DB4",
  "eu-west-3": "Z3R1K369G5AVDG",
  "sa-east-1": "Z7KQH4QJS55SO",
  "us-east-1": "Z3AQBSTGFYJSTF",
  "us-east-2": "Z2O1EMRO9K5GLX",
  "us-west-1": "Z2F56UZL2M1ACD",
  "us-west-2": "Z3BJ6K6RIION7M",
};

/** Regions from before 2014 write the website endpoint with a hyphen. */
const HYPHEN_REGIONS = [
  "us-east-1",
  "us-west-1",
  "us-west-2",
  "eu-west-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-northeast-1",
  "sa-east-1",
];

const websiteDomain = (region: string): string =>
  `s3-website${HYPHEN_REGIONS.includes(region) ? "-" : "."}${region}.amazonaws.com`;

/** The id that S3 knows an account by. */
const canonicalUserId = ({ account }: Location): string =>
  createHash("sha256").update(`canonical-user/${account}`).digest("hex");

/** A bucket that is named and not in the account and region: S3's answer tells the three cases apart. */
function noSuchBucket(name: string, { world, location }: Operation): Refusal {
  const found = elsewhere(world, BUCKETS, name, "bucket");
  if (found === undefined) return new Refusal("NoSuchBucket", `The specified bucket does not exist: ${name}`);
  return found.location.account === location.account
    ? new Refusal(
        "PermanentRedirect",
        `The bucket ${name} is in ${found.location.region}: it must be addressed using that region's endpoint.`,
      )
    : new Refusal("AccessDenied", `Access Denied: the bucket ${name} belongs to another account`);
}

const bucketReference: Reference = { property: "bucket", types: BUCKETS, by: "bucket", refuse: noSuchBucket };

const nameOf = (operation: Operation): string =>
  textAt(operation.inputs, "bucket") ?? prefixedName(operation, textAt(operation.inputs, "bucketPrefix") ?? "");

const onBucket = (operation: Operation, type: string, name: string): CloudResource | undefined =>
  here(operation, type).find(({ inputs }) => textAt(inputs, "bucket") === name);

function bucketOutputs({ inputs, location }: Operation, id: string): Properties {
  const { partition, region } = location;
  const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  const website = inputs["website"] !== undefined;
  return {
    accelerationStatus: textAt(inputs, "accelerationStatus") ?? "",
    arn: `arn:${partition}:s3:::${id}`,
    bucket: id,
    bucketDomainName: `${id}.s3.${suffix}`,
    bucketPrefix: textAt(inputs, "bucketPrefix") ?? "",
    bucketRegion: region,
    bucketRegionalDomainName: `${id}.s3.${region}.${suffix}`,
    grants: inputs["grants"] ?? [
      { id: canonicalUserId(location), permissions: ["FULL_CONTROL"], type: "CanonicalUser", uri: "" },
    ],
    hostedZoneId: HOSTED_ZONES[region] ?? "Z3AQBSTGFYJSTF",
    objectLockEnabled: flagAt(inputs, "objectLockEnabled") ?? false,
    policy: textAt(inputs, "policy") ?? "",
    requestPayer: textAt(inputs, "requestPayer") ?? "BucketOwner",
    serverSideEncryptionConfiguration: inputs["serverSideEncryptionConfiguration"] ?? {
      rule: {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256", kmsMasterKeyId: "" },
        bucketKeyEnabled: false,
      },
    },
    versioning: inputs["versioning"] ?? { enabled: false, mfaDelete: false },
    websiteDomain: website ? websiteDomain(region) : "",
    websiteEndpoint: website ? `${id}.${websiteDomain(region)}` : "",
  };
}

const bucket: ResourceRules = {
  autoName: { property: "bucket", maxLength: 63, lowercase: true },
  unique: [
    {
      property: "bucket",
      within: "world",
      refuse: (name, { world, location }) =>
        elsewhere(world, BUCKETS, name, "bucket")?.location.account === location.account
          ? new Refusal(
              "BucketAlreadyOwnedByYou",
              `Your previous request to create the named bucket succeeded and you already own it: ${name}`,
            )
          : new Refusal(
              "BucketAlreadyExists",
              `The requested bucket name is not available: ${name}. The bucket namespace is shared by all users of the system. Please select a different name and try again.`,
            ),
    },
  ],
  check(inputs) {
    const name = textAt(inputs, "bucket");
    const problem = name === undefined ? undefined : bucketNameProblem(name);
    return [
      ...(problem === undefined ? [] : [{ property: "bucket", reason: `InvalidBucketName: ${problem}` }]),
      ...corsFailures(inputs, "corsRules"),
    ];
  },
  refuseCreate: (operation) => policyRefusal(operation, nameOf(operation)),
  refuseUpdate: (operation) => policyRefusal(operation, nameOf(operation)),
  refuseDelete(operation) {
    const name = operation.existing?.id ?? "";
    const objects = here(operation, ...OBJECTS).filter(({ inputs }) => textAt(inputs, "bucket") === name);
    const forced = flagAt(operation.existing?.inputs ?? operation.inputs, "forceDestroy") === true;
    return objects.length === 0 || forced
      ? undefined
      : new Refusal(
          "BucketNotEmpty",
          `The bucket you tried to delete is not empty: ${name} has ${objects.length} object(s). Delete them, or set forceDestroy.`,
        );
  },
  equivalent: policiesEquivalent("policy"),
  id: nameOf,
  computed: bucketOutputs,
};

/** The older type of the same thing has lists where the newer one has objects. */
const bucketV2: ResourceRules = {
  ...bucket,
  computed(operation, id) {
    const { serverSideEncryptionConfiguration, versioning, ...same } = bucketOutputs(operation, id);
    return {
      ...same,
      serverSideEncryptionConfigurations: [serverSideEncryptionConfiguration ?? {}],
      versionings: [versioning ?? {}],
    };
  },
};

const MAX_POLICY = 20_480;

const malformed = (message: string): Refusal => new Refusal("MalformedPolicy", message);

/** A policy must be well formed, speak of this bucket alone, and not be public where that is blocked. */
function policyRefusal(operation: Operation, name: string): Refusal | undefined {
  const text = textAt(operation.inputs, "policy");
  if (text === undefined) return undefined;
  const problem = policyProblem(text, "resource");
  if (problem !== undefined) return malformed(`${problem.path}: ${problem.reason}`);
  if (Buffer.byteLength(text) > MAX_POLICY) return new Refusal("PolicyTooLarge", `At most ${MAX_POLICY} bytes.`);
  const statements = policyStatements(text);
  for (const { resources, notResources, actions } of statements) {
    const foreign = [...resources, ...notResources].find((resource) => !speaksOf(resource, name));
    if (foreign !== undefined) return malformed(`Policy has invalid resource: ${foreign} is not ${name} or in it`);
    const action = actions.find((one) => one !== "*" && !/^(s3|s3express|s3-object-lambda):/i.test(one));
    const invalid = action ?? actions.find((one) => !isAction(one));
    if (invalid !== undefined) return malformed(`Policy has invalid action: ${invalid}`);
    if (resources.length > 0 && actions.length > 0 && !actions.some((one) => applies(one, resources)))
      return malformed(
        `Action does not apply to any resource(s) in statement: ${actions.join(", ")} needs ${
          resources.some((one) => one.includes("/")) ? `arn:aws:s3:::${name}` : `arn:aws:s3:::${name}/*`
        }`,
      );
  }
  return (
    principalRefusal(operation, text, "MalformedPolicy") ??
    (publicStatement(text) !== undefined && blocksPublicPolicy(operation, name)
      ? new Refusal(
          "AccessDenied",
          `s3:PutBucketPolicy on ${name} is denied because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
        )
      : undefined)
  );
}

function speaksOf(resource: string, name: string): boolean {
  if (resource === "*") return true;
  const path = parseArn(resource)?.resource ?? "";
  const owner = path.split("/")[0] ?? "";
  return new RegExp(
    `^${owner
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  ).test(name);
}

/** Actions on objects; what S3 does with all others is on the bucket. */
const OBJECT_ACTION =
  /^s3:(.*Object.*|AbortMultipartUpload|ListMultipartUploadParts|Replicate(Delete|Tags)|BypassGovernanceRetention)$/i;
const BUCKET_ONLY =
  /^s3:(ListBucket|GetBucket|PutBucket|DeleteBucket|CreateBucket|ListBucketMultipartUploads|PutLifecycle|GetLifecycle|PutEncryption|GetEncryption)/i;

function applies(action: string, resources: readonly string[]): boolean {
  if (action.includes("*") || action.includes("?")) return true;
  const objects = resources.some((resource) => resource === "*" || resource.includes("/") || resource.endsWith("*"));
  const whole = resources.some((resource) => resource === "*" || !resource.includes("/"));
  if (BUCKET_ONLY.test(action)) return whole;
  return OBJECT_ACTION.test(action) ? objects : true;
}

/** The bucket's own block, or the one that every new bucket has since 2023, or the account's. */
function blocksPublicPolicy(operation: Operation, name: string): boolean {
  const own = onBucket(operation, ACCESS_BLOCK, name);
  const account = inAccount(operation, "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock").some(
    ({ inputs }) => flagAt(inputs, "blockPublicPolicy") === true,
  );
  return account || (own === undefined ? true : flagAt(own.inputs, "blockPublicPolicy") === true);
}

/** A companion of a bucket: its id is the bucket's name. */
const companion = (rules: ResourceRules = {}): ResourceRules => ({
  id: ({ inputs }) => textAt(inputs, "bucket") ?? "",
  ...rules,
  references: [bucketReference, ...(rules.references ?? [])],
});

const bucketPolicy = companion({
  check: (inputs) => {
    const text = textAt(inputs, "policy");
    const starts = text === undefined || text.startsWith("{");
    return starts
      ? []
      : [{ property: "policy", reason: "MalformedPolicy: Policies must be valid JSON and the first byte must be '{'" }];
  },
  refuseCreate: (operation) => policyRefusal(operation, textAt(operation.inputs, "bucket") ?? ""),
  refuseUpdate: (operation) => policyRefusal(operation, textAt(operation.inputs, "bucket") ?? ""),
  equivalent: policiesEquivalent("policy"),
});

const accessBlock = companion();

/** Lists of access are off since 2023 unless the bucket's ownership controls turn them on. */
function listsRefusal(operation: Operation): Refusal | undefined {
  const controls = onBucket(operation, OWNERSHIP, textAt(operation.inputs, "bucket") ?? "");
  const ownership = textAt(mapAt(controls?.inputs ?? {}, "rule"), "objectOwnership") ?? "BucketOwnerEnforced";
  return ownership === "BucketOwnerEnforced"
    ? new Refusal("AccessControlListNotSupported", "The bucket does not allow ACLs")
    : undefined;
}

const bucketAcl = companion({
  refuseCreate: listsRefusal,
  id: ({ inputs }) => [textAt(inputs, "bucket"), textAt(inputs, "acl")].filter((part) => part !== undefined).join(","),
});

const versioning = companion({
  refuseCreate: ({ inputs }) =>
    textAt(mapAt(inputs, "versioningConfiguration"), "mfaDelete") === "Enabled" && textAt(inputs, "mfa") === undefined
      ? new Refusal("AccessDenied", "Mfa Authentication must be presented to enable MFA delete: give mfa.")
      : undefined,
  refuseUpdate({ inputs, existing }) {
    const status = (properties: Properties): string | undefined =>
      textAt(mapAt(properties, "versioningConfiguration"), "status");
    const before = status(existing?.inputs ?? {});
    return status(inputs) === "Disabled" && before !== undefined && before !== "Disabled"
      ? new Refusal(
          "InvalidVersioningState",
          `versioningConfiguration.status cannot be updated from '${before}' to 'Disabled': use 'Suspended'`,
        )
      : undefined;
  },
});

const encryption = companion({
  check(inputs) {
    const rules = mapsAt(inputs, "rules");
    return [
      ...(rules.length > 1 ? [{ property: "rules", reason: "MalformedXML: only one rule is supported" }] : []),
      ...rules.flatMap((rule, index) => {
        const byDefault = mapAt(rule, "applyServerSideEncryptionByDefault");
        return textAt(byDefault, "sseAlgorithm") === "AES256" && textAt(byDefault, "kmsMasterKeyId") !== undefined
          ? [
              {
                property: `rules[${index}].applyServerSideEncryptionByDefault.kmsMasterKeyId`,
                reason:
                  "InvalidArgument: a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
              },
            ]
          : [];
      }),
    ];
  },
});

const logging = companion({
  references: [
    {
      property: "targetBucket",
      types: BUCKETS,
      by: "bucket",
      within: "world",
      refuse: (name) =>
        new Refusal("InvalidTargetBucketForLogging", `The target bucket for logging does not exist: ${name}`),
    },
  ],
  refuseCreate({ inputs, world, location }) {
    const target = elsewhere(world, BUCKETS, textAt(inputs, "targetBucket") ?? "", "bucket");
    if (target === undefined) return undefined;
    if (target.location.account !== location.account)
      return new Refusal(
        "InvalidTargetBucketForLogging",
        "The owner for the bucket to be logged and the target bucket must be the same",
      );
    return target.location.region === location.region
      ? undefined
      : new Refusal("CrossLocationLoggingProhibitted", "Cross S3 location logging not allowed.");
  },
});

/** Where a notification may go: the list, the property with the ARN, the type that has it. */
const DESTINATIONS = [
  { list: "lambdaFunctions", property: "lambdaFunctionArn", type: "aws:lambda/function:Function" },
  { list: "queues", property: "queueArn", type: "aws:sqs/queue:Queue" },
  { list: "topics", property: "topicArn", type: "aws:sns/topic:Topic" },
] as const;

function destinationsRefusal(operation: Operation): Refusal | undefined {
  const name = textAt(operation.inputs, "bucket") ?? "";
  for (const { list, property, type } of DESTINATIONS)
    for (const entry of mapsAt(operation.inputs, list)) {
      const arn = textAt(entry, property) ?? "";
      const target = findBy(here(operation, type), arn, "arn");
      const closed =
        list === "lambdaFunctions" &&
        target !== undefined &&
        !mayInvoke(operation, target, "s3.amazonaws.com", `arn:${operation.location.partition}:s3:::${name}`);
      if (target === undefined || closed)
        return new Refusal(
          "InvalidArgument",
          `Unable to validate the following destination configurations: ${arn} ${closed ? `does not let s3.amazonaws.com invoke it for ${name}` : "does not exist"}`,
        );
    }
  return undefined;
}

const notification = companion({ refuseCreate: destinationsRefusal, refuseUpdate: destinationsRefusal });

const object = (property: string): ResourceRules =>
  companion({
    check(inputs) {
      const key = textAt(inputs, property);
      return key !== undefined && Buffer.byteLength(key) > 1024
        ? [{ property, reason: "KeyTooLongError: Your key is too long (at most 1024 bytes)" }]
        : [];
    },
    refuseCreate: (operation) =>
      [undefined, "bucket-owner-full-control"].includes(textAt(operation.inputs, "acl"))
        ? undefined
        : listsRefusal(operation),
    replaces: (olds, news) => ["bucket", property].filter((one) => olds[one] !== news[one]),
    id: ({ inputs }) => `${textAt(inputs, "bucket") ?? ""}/${textAt(inputs, property) ?? ""}`,
    computed(operation, id) {
      const { inputs, location } = operation;
      const content = inputs["source"] instanceof Asset ? inputs["source"].hash : JSON.stringify(inputs);
      const versions = onBucket(operation, "aws:s3/bucketVersioning:BucketVersioning", textAt(inputs, "bucket") ?? "");
      const enabled = textAt(mapAt(versions?.inputs ?? {}, "versioningConfiguration"), "status") === "Enabled";
      return {
        arn: `arn:${location.partition}:s3:::${id}`,
        contentType: textAt(inputs, "contentType") ?? "application/octet-stream",
        etag: textAt(inputs, "etag") ?? createHash("md5").update(content).digest("hex"),
        serverSideEncryption: textAt(inputs, "serverSideEncryption") ?? "AES256",
        storageClass: textAt(inputs, "storageClass") ?? "STANDARD",
        versionId: enabled ? createHash("md5").update(`${id}${content}`).digest("base64url") : "",
      };
    },
  });

const website = companion({
  computed: ({ inputs, location: { region } }) => ({
    websiteDomain: websiteDomain(region),
    websiteEndpoint: `${textAt(inputs, "bucket") ?? ""}.${websiteDomain(region)}`,
  }),
});

const accountAccessBlock: ResourceRules = {
  id: ({ inputs, location }) => textAt(inputs, "accountId") ?? location.account,
  refuseCreate: (operation) =>
    inAccount(operation, "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock").length > 0
      ? new Refusal("InvalidRequest", "The account has a public access block already; there is one per account.")
      : undefined,
  computed: ({ inputs, location }) => ({ accountId: textAt(inputs, "accountId") ?? location.account }),
};

const objectLock = companion({
  refuseCreate(operation) {
    const name = textAt(operation.inputs, "bucket") ?? "";
    const owner = findBy(here(operation, ...BUCKETS), name, "bucket");
    const versions = onBucket(operation, "aws:s3/bucketVersioning:BucketVersioning", name);
    const enabled = textAt(mapAt(versions?.inputs ?? {}, "versioningConfiguration"), "status") === "Enabled";
    return flagAt(owner?.inputs ?? {}, "objectLockEnabled") === true || enabled
      ? undefined
      : new Refusal(
          "InvalidBucketState",
          "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
        );
  },
});

export const s3: Service = {
  resources: {
    [BUCKET]: bucket,
    "aws:s3/bucketV2:BucketV2": bucketV2,
    [POLICY]: bucketPolicy,
    [ACCESS_BLOCK]: accessBlock,
    [OWNERSHIP]: companion(),
    "aws:s3/bucketAcl:BucketAcl": bucketAcl,
    "aws:s3/bucketVersioning:BucketVersioning": versioning,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": encryption,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": companion({ check: lifecycleFailures }),
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": companion({
      check: (inputs) => corsFailures(inputs, "corsRules"),
    }),
    "aws:s3/bucketLogging:BucketLogging": logging,
    "aws:s3/bucketNotification:BucketNotification": notification,
    "aws:s3/bucketObject:BucketObject": object("key"),
    "aws:s3/bucketObjectv2:BucketObjectv2": object("key"),
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": website,
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": objectLock,
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": accountAccessBlock,
  },
  invokes: {
    "aws:s3/getCanonicalUserId:getCanonicalUserId": (_args, { location }) => ({
      displayName: "",
      id: canonicalUserId(location),
    }),
    "aws:s3/getBucket:getBucket": (args, { location, world }) => {
      const name = textAt(args, "bucket") ?? "";
      const found = elsewhere(world, BUCKETS, name, "bucket");
      if (found?.location.account !== location.account)
        throw new Refusal("NoSuchBucket", `The specified bucket does not exist: ${name}`);
      const outputs = found.outputs;
      return Object.fromEntries(
        [
          "arn",
          "bucket",
          "bucketDomainName",
          "bucketRegion",
          "bucketRegionalDomainName",
          "hostedZoneId",
          "websiteDomain",
          "websiteEndpoint",
        ]
          .map((property) => [property, valueOf(found, property) ?? ""] as [string, string])
          .concat([
            ["id", found.id],
            ["region", textAt(outputs, "bucketRegion") ?? location.region],
          ]),
      );
    },
  },
};
