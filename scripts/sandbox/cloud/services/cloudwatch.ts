import { parseArn, regionalArn } from "../arn.ts";
import { flagAt, textAt } from "../fields.ts";
import { policyProblem } from "../iam-policy.ts";
import { type Operation, Refusal, type ResourceRules, type Service } from "../service.ts";
import { cloudwatchAlarms } from "./cloudwatch-alarms.ts";
import { cloudwatchDashboards } from "./cloudwatch-dashboards.ts";
import { findKey, keyAllowsService } from "./kms.ts";
import { findBy, here, policiesEquivalent, prefixedName, reference } from "./lookup.ts";

const GROUP = "aws:cloudwatch/logGroup:LogGroup";
const STREAM = "aws:cloudwatch/logStream:LogStream";
const POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy";

/** What the service keeps logs for, in days; 0 is for ever. Source: the PutRetentionPolicy API. */
const RETENTIONS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const groupReference = (property: string) =>
  reference(property, [GROUP], "name", "ResourceNotFoundException", () => "The specified log group does not exist.");

/** The key must exist here, and its policy must let the logs service of this region use it. */
function keyRefusal(operation: Operation): Refusal | undefined {
  const { inputs, world, location } = operation;
  const named = textAt(inputs, "kmsKeyId");
  if (named === undefined) return undefined;
  if (parseArn(named) === undefined)
    return new Refusal(
      "InvalidParameterException",
      `${named} is not the ARN of a KMS key: log groups take no key ids or aliases`,
    );
  const key = findKey(world, location, named);
  const services = [`logs.${location.region}.amazonaws.com`, "logs.amazonaws.com"];
  return key !== undefined && keyAllowsService(operation, key, services, "kms:Encrypt")
    ? undefined
    : new Refusal(
        "AccessDeniedException",
        `The specified KMS key does not exist or is not allowed to be used with Arn '${regionalArn(
          location,
          "logs",
          `log-group:${nameOf(operation)}`,
        )}'. Its policy must allow ${services[0]} the actions kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, kms:GenerateDataKey*, kms:Describe*.`,
      );
}

const nameOf = (operation: Operation): string =>
  textAt(operation.inputs, "name") ?? prefixedName(operation, textAt(operation.inputs, "namePrefix") ?? "");

const logGroup: ResourceRules = {
  autoName: { property: "name", maxLength: 512 },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: () => new Refusal("ResourceAlreadyExistsException", "The specified log group already exists"),
    },
  ],
  check(inputs) {
    const days = inputs["retentionInDays"];
    return typeof days !== "number" || RETENTIONS.includes(days)
      ? []
      : [{ property: "retentionInDays", reason: `expected one of ${RETENTIONS.join(", ")}, got ${days}` }];
  },
  refuseCreate: keyRefusal,
  refuseUpdate: keyRefusal,
  refuseDelete: ({ existing, inputs }) =>
    flagAt(existing?.inputs ?? inputs, "deletionProtectionEnabled") === true
      ? new Refusal(
          "ValidationException",
          `The log group ${existing?.id ?? ""} has deletion protection: set deletionProtectionEnabled to false first.`,
        )
      : undefined,
  id: nameOf,
  computed: ({ inputs, location }, id) => ({
    arn: regionalArn(location, "logs", `log-group:${id}`),
    deletionProtectionEnabled: flagAt(inputs, "deletionProtectionEnabled") ?? false,
    logGroupClass: textAt(inputs, "logGroupClass") ?? "STANDARD",
    name: id,
    namePrefix: textAt(inputs, "namePrefix") ?? "",
  }),
};

const logStream: ResourceRules = {
  autoName: { property: "name", maxLength: 512 },
  references: [groupReference("logGroupName")],
  refuseCreate(operation) {
    const key = (inputs: typeof operation.inputs): string =>
      `${textAt(inputs, "logGroupName") ?? ""}:${textAt(inputs, "name") ?? ""}`;
    return here(operation, STREAM).some(({ inputs }) => key(inputs) === key(operation.inputs))
      ? new Refusal("ResourceAlreadyExistsException", "The specified log stream already exists")
      : undefined;
  },
  id: ({ inputs }) => textAt(inputs, "name") ?? "",
  computed: ({ inputs, location }, id) => ({
    arn: regionalArn(location, "logs", `log-group:${textAt(inputs, "logGroupName") ?? ""}:log-stream:${id}`),
  }),
};

function documentRefusal({ inputs }: Operation): Refusal | undefined {
  const text = textAt(inputs, "policyDocument");
  const problem = text === undefined ? undefined : policyProblem(text, "resource");
  return problem === undefined
    ? undefined
    : new Refusal("InvalidParameterException", `The policy document is invalid: ${problem.path}: ${problem.reason}`);
}

/** The service keeps at most this many resource policies per account and region. */
const MAX_POLICIES = 10;

const logResourcePolicy: ResourceRules = {
  refuseCreate: (operation) =>
    documentRefusal(operation) ??
    (here(operation, POLICY).length >= MAX_POLICIES
      ? new Refusal("LimitExceededException", "Resource limit exceeded.")
      : undefined),
  refuseUpdate: documentRefusal,
  equivalent: policiesEquivalent("policyDocument"),
  id: ({ inputs }) => textAt(inputs, "policyName") ?? textAt(inputs, "resourceArn") ?? "",
  computed: ({ inputs }) => ({
    policyScope: textAt(inputs, "resourceArn") === undefined ? "ACCOUNT" : "RESOURCE",
    revisionId: "",
  }),
};

const subscriptionFilter: ResourceRules = {
  autoName: { property: "name", maxLength: 512 },
  references: [groupReference("logGroup")],
  refuseCreate(operation) {
    const group = textAt(operation.inputs, "logGroup");
    const others = here(operation, operation.type).filter(({ inputs }) => textAt(inputs, "logGroup") === group);
    return others.length >= 2 ? new Refusal("LimitExceededException", "Resource limit exceeded.") : undefined;
  },
  id: (operation) => `cwlsf-${parseInt(operation.hex("id", 8), 16)}`,
};

const metricFilter: ResourceRules = {
  autoName: { property: "name", maxLength: 512 },
  references: [groupReference("logGroupName")],
  id: ({ inputs }) => textAt(inputs, "name") ?? "",
};

export const cloudwatch: Service = {
  resources: {
    ...cloudwatchAlarms,
    ...cloudwatchDashboards,
    [GROUP]: logGroup,
    [STREAM]: logStream,
    [POLICY]: logResourcePolicy,
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": subscriptionFilter,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": metricFilter,
  },
  invokes: {
    "aws:cloudwatch/getLogGroup:getLogGroup": (args, { location, world }) => {
      const name = textAt(args, "name") ?? "";
      const near = world
        .all(GROUP)
        .filter((one) => one.location.account === location.account && one.location.region === location.region);
      const group = findBy(near, name, "name");
      if (group === undefined)
        throw new Refusal("ResourceNotFoundException", `The specified log group does not exist: ${name}`);
      return {
        kmsKeyId: "",
        retentionInDays: 0,
        tags: {},
        ...group.outputs,
        id: name,
        creationTime: Date.UTC(2025, 0, 1),
      };
    },
  },
};
