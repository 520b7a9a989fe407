import { Archive, type Properties } from "../../values/value.ts";
import { parseArn, regionalArn } from "../arn.ts";
import { flagAt, mapAt, numberAt, textAt, textsAt } from "../fields.ts";
import { allowsService } from "../iam-policy.ts";
import {
  type CheckFailure,
  type Location,
  type Operation,
  Refusal,
  type ResourceRules,
  type Service,
} from "../service.ts";
import { keyMissing } from "./kms.ts";
import { lambdaAccess } from "./lambda-access.ts";
import { codeRefusal } from "./lambda-code.ts";
import { FUNCTION } from "./lambda-lookup.ts";
import { lambdaVersions } from "./lambda-versions.ts";
import { findBy, here, inAccount, reference, valueOf } from "./lookup.ts";
import { roleAllows, roleByArn } from "./role-permissions.ts";

/** Runtimes that functions can be made with. Source: Lambda's developer guide, "Lambda runtimes". */
const RUNTIMES = [
  /^nodejs(22|24)\.x$/,
  /^python3\.(10|11|12|13|14)$/,
  /^java(8\.al2|11|17|21|25)$/,
  /^dotnet(8|10)$/,
  /^ruby3\.(3|4)$/,
  /^provided\.al2(023)?$/,
];

/** Those that there were, too: no function is made with one any more. */
const KNOWN =
  /^(nodejs(4\.3(-edge)?|\d+\.x)?|python(2\.7|3\.\d+)|java\d+(\.al2)?|dotnet(core\d\.\d|\d+)|ruby\d\.\d|go1\.x|provided(\.al2(023)?)?)$/;

const isCurrent = (runtime: string): boolean => RUNTIMES.some((form) => form.test(runtime));

/** Variables that Lambda sets itself. Source: Lambda's developer guide, "Defined runtime environment variables". */
const RESERVED =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_DEFAULT_REGION|AWS_REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_(FUNCTION_(NAME|MEMORY_SIZE|VERSION)|INITIALIZATION_TYPE|LOG_GROUP_NAME|LOG_STREAM_NAME|RUNTIME_API)|AWS_(ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;
const MAX_VARIABLES = 4096;

/** Executions at once that an account has in a region, and those that stay unreserved. Source: Lambda's quotas. */
const CONCURRENCY = 1000;
const UNRESERVED = 100;

const refused = (message: string): Refusal => new Refusal("InvalidParameterValueException", message);

function runtimeFailures(inputs: Properties): CheckFailure[] {
  if ((textAt(inputs, "packageType") ?? "Zip") !== "Zip") return [];
  const missing = ["handler", "runtime"].filter((property) => inputs[property] === undefined);
  if (missing.length > 0)
    return missing.map((property) => ({ property, reason: "must be set when packageType is Zip" }));
  const runtime = textAt(inputs, "runtime");
  return runtime === undefined || KNOWN.test(runtime)
    ? []
    : [{ property: "runtime", reason: `"${runtime}" is no runtime of Lambda` }];
}

/** Lambda filters by level only what is written as JSON. */
function loggingFailures(inputs: Properties): CheckFailure[] {
  const logging = mapAt(inputs, "loggingConfig");
  if (textAt(logging, "logFormat") !== "Text") return [];
  return ["applicationLogLevel", "systemLogLevel"]
    .filter((property) => textAt(logging, property) !== undefined)
    .map((property) => ({
      property: `loggingConfig.${property}`,
      reason: "InvalidParameterValueException: log levels need the log format JSON",
    }));
}

function variablesFailures(inputs: Properties): CheckFailure[] {
  const variables = mapAt(mapAt(inputs, "environment"), "variables");
  const property = "environment.variables";
  const wrong = Object.keys(variables).find((name) => !/^[A-Za-z][A-Za-z0-9_]+$/.test(name) && !RESERVED.test(name));
  return wrong === undefined
    ? []
    : [{ property, reason: `"${wrong}" must begin with a letter and have letters, digits, and underscores alone` }];
}

/** The role must be one of the account's, and its trust policy must name Lambda. */
function roleRefusal(operation: Operation): Refusal | undefined {
  const arn = textAt(operation.inputs, "role") ?? "";
  const account = parseArn(arn)?.account;
  if (account !== undefined && account !== operation.location.account)
    return new Refusal("AccessDeniedException", "Cross-account pass role is not allowed.");
  const role = findBy(inAccount(operation, "aws:iam/role:Role"), arn, "arn");
  const trust = role === undefined ? "" : (valueOf(role, "assumeRolePolicy") ?? "");
  return allowsService(trust, ["lambda.amazonaws.com"], "sts:AssumeRole")
    ? undefined
    : refused("The role defined for the function cannot be assumed by Lambda.");
}

/** In a network the function has interfaces, which its role makes. */
function networkRefusal(operation: Operation): Refusal | undefined {
  const network = mapAt(operation.inputs, "vpcConfig");
  const [subnets, groups] = ["subnetIds", "securityGroupIds"].map((property) => textsAt(network, property).length);
  if ((subnets === 0) !== (groups === 0))
    return refused("SubnetIds and SecurityIds must coexist or be both empty list.");
  const role = roleByArn(operation, textAt(operation.inputs, "role") ?? "");
  return subnets === 0 || role === undefined || roleAllows(operation, role, "ec2:CreateNetworkInterface", "*")
    ? undefined
    : refused("The provided execution role does not have permissions to call CreateNetworkInterface on EC2");
}

function variablesRefusal({ inputs }: Operation): Refusal | undefined {
  const variables = mapAt(mapAt(inputs, "environment"), "variables");
  const reserved = Object.keys(variables).filter((name) => RESERVED.test(name));
  const prefix = "Lambda was unable to configure your environment variables because the environment variables you have";
  if (reserved.length > 0)
    return refused(
      `${prefix} provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  return Buffer.byteLength(JSON.stringify(variables)) > MAX_VARIABLES
    ? refused(`${prefix} provided exceeded the 4KB limit. String measured: ${JSON.stringify(variables).length}`)
    : undefined;
}

/** -1, the default, reserves nothing. */
const reservedOf = (inputs: Properties): number => Math.max(0, numberAt(inputs, "reservedConcurrentExecutions") ?? -1);

function concurrencyRefusal(operation: Operation): Refusal | undefined {
  const reserved = here(operation, FUNCTION).reduce(
    (sum, { inputs }) => sum + reservedOf(inputs),
    reservedOf(operation.inputs),
  );
  return CONCURRENCY - reserved < UNRESERVED
    ? refused(
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${UNRESERVED}].`,
      )
    : undefined;
}

function functionRefusal(operation: Operation): Refusal | undefined {
  const runtime = textAt(operation.inputs, "runtime");
  const key = textAt(operation.inputs, "kmsKeyArn");
  if (runtime !== undefined && !isCurrent(runtime))
    return refused(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
    );
  if (key !== undefined && keyMissing(operation, key))
    return refused(`Lambda was unable to find the KMS key ${key} in this account and region.`);
  return (
    roleRefusal(operation) ??
    codeRefusal(operation) ??
    variablesRefusal(operation) ??
    networkRefusal(operation) ??
    concurrencyRefusal(operation)
  );
}

const invocationArn = ({ partition, region }: Location, arn: string): string =>
  `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;

const nameOf = ({ inputs, name }: Operation): string => textAt(inputs, "name") ?? name;

/** A version is published with every change of the code or the configuration. */
function versionOf({ inputs, existing }: Operation): string {
  if (flagAt(inputs, "publish") !== true) return "$LATEST";
  const before = Number(textAt(existing?.outputs ?? {}, "version"));
  return String(Number.isNaN(before) ? 1 : before + 1);
}

const lambdaFunction: ResourceRules = {
  autoName: { property: "name", maxLength: 64 },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: (name) => new Refusal("ResourceConflictException", `Function already exist: ${name}`),
    },
  ],
  references: [
    reference(
      "vpcConfig.subnetIds[]",
      ["aws:ec2/subnet:Subnet"],
      "id",
      "InvalidParameterValueException",
      (id) =>
        `Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. EC2 Error Message: The subnet ID '${id}' does not exist`,
    ),
    reference(
      "vpcConfig.securityGroupIds[]",
      ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
      "id",
      "InvalidParameterValueException",
      (id) =>
        `Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. EC2 Error Message: The security group '${id}' does not exist`,
    ),
    reference(
      "s3Bucket",
      ["aws:s3/bucket:Bucket"],
      "bucket",
      "InvalidParameterValueException",
      (bucket) =>
        `Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket ${bucket} does not exist`,
    ),
    reference(
      "deadLetterConfig.targetArn",
      ["aws:sqs/queue:Queue", "aws:sns/topic:Topic"],
      "arn",
      "InvalidParameterValueException",
      (arn) => `The target ARN ${arn} of the dead-letter configuration does not exist in this account and region`,
    ),
  ],
  check: (inputs) => [...runtimeFailures(inputs), ...loggingFailures(inputs), ...variablesFailures(inputs)],
  refuseCreate: functionRefusal,
  refuseUpdate: functionRefusal,
  id: nameOf,
  computed(operation, id) {
    const { inputs, location } = operation;
    const arn = regionalArn(location, "lambda", `function:${id}`);
    const version = versionOf(operation);
    const qualifiedArn = `${arn}:${version}`;
    const logging = mapAt(inputs, "loggingConfig");
    return {
      arn,
      architectures: inputs["architectures"] ?? ["x86_64"],
      codeSha256: inputs["code"] instanceof Archive ? inputs["code"].hash : operation.hex("code", 64),
      invokeArn: invocationArn(location, arn),
      lastModified: "2025-01-01T00:00:00.000+0000",
      loggingConfig: {
        logFormat: textAt(logging, "logFormat") ?? "Text",
        logGroup: textAt(logging, "logGroup") ?? `/aws/lambda/${id}`,
      },
      name: id,
      qualifiedArn,
      qualifiedInvokeArn: invocationArn(location, qualifiedArn),
      responseStreamingInvokeArn: invocationArn(location, arn)
        .replace("2015-03-31", "2021-11-15")
        .replace(/invocations$/, "response-streaming-invocations"),
      signingJobArn: "",
      signingProfileVersionArn: "",
      version,
    };
  },
};

export const lambda: Service = {
  resources: { [FUNCTION]: lambdaFunction, ...lambdaAccess, ...lambdaVersions },
};
