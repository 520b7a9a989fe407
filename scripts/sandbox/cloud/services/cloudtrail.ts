import { regionalArn } from "../arn.ts";
import { flagAt, textAt } from "../fields.ts";
import { matches, policyStatements } from "../iam-policy.ts";
import { type Operation, Refusal, type ResourceRules, type Service } from "../service.ts";
import { selectorsRefusal } from "./cloudtrail-selectors.ts";
import { findKey, keyAllowsService } from "./kms.ts";
import { findBy, here, inAccount } from "./lookup.ts";
import { roleAllows, roleByArn, trustsService } from "./role-permissions.ts";

const TRAIL = "aws:cloudtrail/trail:Trail";
const BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const SERVICE = "cloudtrail.amazonaws.com";

/** Per region. Source: the quotas of CloudTrail. */
const MAX_TRAILS = 5;

const arnOf = (operation: Operation): string =>
  regionalArn(operation.location, "cloudtrail", `trail/${textAt(operation.inputs, "name") ?? ""}`);

function nameRefusal({ inputs }: Operation): Refusal | undefined {
  const name = textAt(inputs, "name") ?? "";
  return /^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$/.test(name) && name.length >= 3 && name.length <= 128
    ? undefined
    : new Refusal(
        "InvalidTrailNameException",
        `Trail name ${name} must have 3 to 128 letters, digits, periods, hyphens, or underscores, start and end with a letter or digit, and have no adjacent periods, hyphens, or underscores.`,
      );
}

/** The bucket must be there, and its policy must let this trail look at it and write to it. */
function bucketRefusal(operation: Operation): Refusal | undefined {
  const name = textAt(operation.inputs, "s3BucketName") ?? "";
  const found = BUCKETS.some((type) => findBy(operation.world.all(type), name, "bucket") !== undefined);
  if (!found) return new Refusal("S3BucketDoesNotExistException", `S3 bucket ${name} does not exist!`);
  const policy = operation.world.all(BUCKET_POLICY).find(({ inputs }) => textAt(inputs, "bucket") === name);
  const text = textAt(policy?.inputs ?? {}, "policy") ?? "";
  return ["s3:GetBucketAcl", "s3:PutObject"].every((action) => mayDo(text, action, arnOf(operation)))
    ? undefined
    : new Refusal("InsufficientS3BucketPolicyException", `Incorrect S3 bucket policy is detected for bucket: ${name}`);
}

/** A statement that names another trail as the source is not for this one. */
const mayDo = (policy: string, action: string, trailArn: string): boolean =>
  policyStatements(policy).some(({ effect, principals, actions, conditions }) => {
    const sources = Object.values(conditions).flatMap((block) =>
      Object.entries(block).flatMap(([key, values]) => (key.toLowerCase() === "aws:sourcearn" ? values : [])),
    );
    return (
      effect === "Allow" &&
      (principals["Service"] ?? []).includes(SERVICE) &&
      actions.some((pattern) => matches(pattern, action)) &&
      (sources.length === 0 || sources.some((pattern) => matches(pattern, trailArn)))
    );
  });

function keyRefusal(operation: Operation): Refusal | undefined {
  const { inputs, world, location } = operation;
  const named = textAt(inputs, "kmsKeyId");
  if (named === undefined) return undefined;
  const key = findKey(world, location, named);
  if (key === undefined)
    return new Refusal("KmsKeyNotFoundException", `The KMS key ${named} does not exist in the region of the bucket.`);
  return keyAllowsService(operation, key, [SERVICE], "kms:GenerateDataKey")
    ? undefined
    : new Refusal(
        "InsufficientEncryptionPolicyException",
        `Insufficient permissions to access S3 bucket ${textAt(inputs, "s3BucketName") ?? ""} or KMS key ${named}.`,
      );
}

function settingsRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const [group, role] = [textAt(inputs, "cloudWatchLogsGroupArn"), textAt(inputs, "cloudWatchLogsRoleArn")];
  if (flagAt(inputs, "isMultiRegionTrail") === true && flagAt(inputs, "includeGlobalServiceEvents") === false)
    return new Refusal(
      "InvalidParameterCombinationException",
      "Multi-Region trail must include global service events.",
    );
  if ((group === undefined) !== (role === undefined))
    return new Refusal(
      "InvalidParameterCombinationException",
      "CloudWatch Logs needs both a log group and a role: set cloudWatchLogsGroupArn and cloudWatchLogsRoleArn.",
    );
  if (group === undefined || role === undefined) return undefined;
  if (findBy(here(operation, LOG_GROUP), group.replace(/:\*$/, ""), "arn") === undefined)
    return new Refusal("InvalidCloudWatchLogsLogGroupArnException", `The log group ${group} does not exist.`);
  const found = roleByArn(operation, role);
  return found !== undefined &&
    trustsService(operation, found, SERVICE, "cloudtrail") &&
    roleAllows(operation, found, "logs:PutLogEvents", `${group.replace(/:\*$/, "")}:log-stream:x`)
    ? undefined
    : new Refusal(
        "InvalidCloudWatchLogsRoleArnException",
        `Access denied. Verify in IAM that the role ${role} exists, trusts ${SERVICE}, and may write to the log group.`,
      );
}

const refusal = (operation: Operation): Refusal | undefined =>
  nameRefusal(operation) ??
  settingsRefusal(operation) ??
  selectorsRefusal(operation) ??
  bucketRefusal(operation) ??
  keyRefusal(operation);

/** A trail of every region counts in every region. */
const countHere = (operation: Operation): number =>
  inAccount(operation, TRAIL).filter(
    ({ inputs, location }) =>
      location.region === operation.location.region || flagAt(inputs, "isMultiRegionTrail") === true,
  ).length;

const trail: ResourceRules = {
  autoName: { property: "name", maxLength: 128 },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: (name, { location }) =>
        new Refusal("TrailAlreadyExistsException", `Trail ${name} already exists for customer: ${location.account}`),
    },
  ],
  refuseCreate: (operation) =>
    countHere(operation) >= MAX_TRAILS
      ? new Refusal(
          "MaximumNumberOfTrailsExceededException",
          `User: ${operation.location.account} already has ${MAX_TRAILS} trails in ${operation.location.region}.`,
        )
      : refusal(operation),
  refuseUpdate: refusal,
  id: arnOf,
  computed: (operation) => ({ arn: arnOf(operation), homeRegion: operation.location.region, snsTopicArn: "" }),
};

export const cloudtrail: Service = { resources: { [TRAIL]: trail } };
