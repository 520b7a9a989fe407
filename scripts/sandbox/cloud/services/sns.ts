import type { Properties } from "../../values/value.ts";
import { parseArn, regionalArn } from "../arn.ts";
import { flagAt, textAt } from "../fields.ts";
import { policyProblem, policyStatements } from "../iam-policy.ts";
import {
  type CheckFailure,
  type Location,
  type Operation,
  Refusal,
  type ResourceRules,
  type Service,
} from "../service.ts";
import { keyMissing } from "./kms.ts";
import { findBy, here, policiesEquivalent, prefixedName, uuid } from "./lookup.ts";
import { principalRefusal } from "./principals.ts";

const TOPIC = "aws:sns/topic:Topic";
const POLICY = "aws:sns/topicPolicy:TopicPolicy";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

/** Statements of one topic's policy. Source: the SNS guide's quotas. */
const MAX_STATEMENTS = 20;

/** What a topic's policy may allow; whatever else it names, the whole policy is refused. */
const TOPIC_ACTIONS = new Set(
  [
    "AddPermission",
    "DeleteTopic",
    "GetDataProtectionPolicy",
    "GetTopicAttributes",
    "ListSubscriptionsByTopic",
    "ListTagsForResource",
    "Publish",
    "PutDataProtectionPolicy",
    "Receive",
    "RemovePermission",
    "SetTopicAttributes",
    "Subscribe",
  ].map((action) => `sns:${action}`.toLowerCase()),
);

const invalid = (message: string): Refusal => new Refusal("InvalidParameter", `Invalid parameter: ${message}`);
const topicMissing = (): Refusal => new Refusal("NotFound", "Topic does not exist");

function policyRefusal(operation: Operation): Refusal | undefined {
  const text = textAt(operation.inputs, "policy");
  if (text === undefined) return undefined;
  const problem = policyProblem(text, "resource");
  if (problem !== undefined) return invalid(`Policy Error: ${problem.path}: ${problem.reason}`);
  const statements = policyStatements(text);
  if (statements.length > MAX_STATEMENTS) return invalid(`Policy Error: more than ${MAX_STATEMENTS} statements`);
  const actions = statements.flatMap((statement) => [...statement.actions, ...statement.notActions]);
  if (actions.some((action) => !TOPIC_ACTIONS.has(action.toLowerCase())))
    return invalid("Policy statement action out of service scope!");
  return principalRefusal(operation, text, "InvalidParameter");
}

const keyRefusal = (operation: Operation): Refusal | undefined => {
  const key = textAt(operation.inputs, "kmsMasterKeyId");
  return key !== undefined && keyMissing(operation, key)
    ? new Refusal("KMSNotFound", `The KMS key ${key} does not exist in this account and region.`)
    : undefined;
};

const nameOf = (operation: Operation): string =>
  textAt(operation.inputs, "name") ?? prefixedName(operation, textAt(operation.inputs, "namePrefix") ?? "");

/** What a topic has that was given none: its account may do everything. */
const ownPolicy = ({ account }: Location, arn: string): string =>
  JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [...TOPIC_ACTIONS].filter((action) => action !== "sns:receive"),
        Resource: arn,
        Condition: { StringEquals: { "AWS:SourceOwner": account } },
      },
    ],
  });

const FIFO_ONLY = ["archivePolicy", "contentBasedDeduplication", "fifoThroughputScope"];

const topic: ResourceRules = {
  autoName: { property: "name", maxLength: 256 },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: () => invalid("Attributes Reason: Topic already exists with different attributes"),
    },
  ],
  check(inputs) {
    if (flagAt(inputs, "fifoTopic") === true) return [];
    return FIFO_ONLY.filter((key) => inputs[key] !== undefined && inputs[key] !== false).map((property) => ({
      property,
      reason: "is only for a topic with fifoTopic true",
    }));
  },
  refuseCreate: (operation) => keyRefusal(operation) ?? policyRefusal(operation),
  refuseUpdate: (operation) => keyRefusal(operation) ?? policyRefusal(operation),
  equivalent: policiesEquivalent("policy"),
  id: (operation) => regionalArn(operation.location, "sns", nameOf(operation)),
  computed: (operation, id) => ({
    arn: id,
    beginningArchiveTime: "",
    fifoThroughputScope: textAt(operation.inputs, "fifoThroughputScope") ?? "",
    name: nameOf(operation),
    namePrefix: textAt(operation.inputs, "namePrefix") ?? "",
    owner: operation.location.account,
    policy: textAt(operation.inputs, "policy") ?? ownPolicy(operation.location, id),
    tracingConfig: textAt(operation.inputs, "tracingConfig") ?? "PassThrough",
  }),
};

const knownTopic = (operation: Operation, property: string): boolean =>
  findBy(here(operation, TOPIC), textAt(operation.inputs, property) ?? "", "arn") !== undefined;

const topicPolicy: ResourceRules = {
  refuseCreate: (operation) => (knownTopic(operation, "arn") ? policyRefusal(operation) : topicMissing()),
  refuseUpdate: policyRefusal,
  equivalent: policiesEquivalent("policy"),
  id: ({ inputs }) => textAt(inputs, "arn") ?? "",
  computed: ({ location }) => ({ owner: location.account }),
};

interface Protocol {
  readonly endpoint: RegExp;
  readonly says: string;
  /** May hand on the message without SNS's envelope. */
  readonly raw?: true;
}

const arnOf = (service: string): RegExp => new RegExp(`^arn:[^:]+:${service}:[^:]*:\\d{12}:.+$`);

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  application: { endpoint: arnOf("sns"), says: "Application endpoint arn invalid" },
  email: { endpoint: /^[^@\s]+@[^@\s]+\.[^@\s]+$/, says: "Email address" },
  "email-json": { endpoint: /^[^@\s]+@[^@\s]+\.[^@\s]+$/, says: "Email address" },
  firehose: { endpoint: arnOf("firehose"), says: "Firehose endpoint ARN", raw: true },
  http: { endpoint: /^http:\/\/.+/, says: "Endpoint must match the specified protocol", raw: true },
  https: { endpoint: /^https:\/\/.+/, says: "Endpoint must match the specified protocol", raw: true },
  lambda: { endpoint: arnOf("lambda"), says: "Lambda endpoint ARN" },
  sms: { endpoint: /^\+[1-9]\d{6,14}$/, says: "SMS endpoint" },
  sqs: { endpoint: arnOf("sqs"), says: "SQS endpoint ARN", raw: true },
};

function checkSubscription(inputs: Properties): CheckFailure[] {
  const name = textAt(inputs, "protocol") ?? "";
  const protocol = PROTOCOLS[name];
  if (protocol === undefined) return [];
  const endpoint = textAt(inputs, "endpoint");
  const failures: CheckFailure[] = [];
  if (endpoint !== undefined && !protocol.endpoint.test(endpoint))
    failures.push({ property: "endpoint", reason: `InvalidParameter: Invalid parameter: ${protocol.says}` });
  if (flagAt(inputs, "rawMessageDelivery") === true && protocol.raw === undefined)
    failures.push({
      property: "rawMessageDelivery",
      reason: `InvalidParameter: Invalid parameter: Delivery protocol [${name}] does not support raw message delivery.`,
    });
  if (name === "firehose" && inputs["subscriptionRoleArn"] === undefined)
    failures.push({ property: "subscriptionRoleArn", reason: "is required for protocol firehose" });
  return failures;
}

/** Protocols whose receiver must first confirm; until then nothing is delivered. */
const CONFIRMED_BY_RECEIVER = new Set(["email", "email-json", "http", "https"]);

function subscriptionRefusal(operation: Operation): Refusal | undefined {
  const { inputs, location } = operation;
  const arn = textAt(inputs, "topic") ?? "";
  // Another account's topic is not for the sandbox to know.
  if (parseArn(arn)?.account === location.account && !knownTopic(operation, "topic")) return topicMissing();
  const protocol = textAt(inputs, "protocol") ?? "";
  return arn.endsWith(".fifo") && protocol !== "sqs" ? invalid(`Invalid protocol type: ${protocol}`) : undefined;
}

const subscription: ResourceRules = {
  check: checkSubscription,
  refuseCreate: subscriptionRefusal,
  id: (operation) => `${textAt(operation.inputs, "topic") ?? ""}:${uuid(operation.hex("subscription", 32))}`,
  computed: ({ inputs, location }, id) => ({
    arn: id,
    confirmationWasAuthenticated: !CONFIRMED_BY_RECEIVER.has(textAt(inputs, "protocol") ?? ""),
    filterPolicyScope: textAt(inputs, "filterPolicyScope") ?? "",
    ownerId: location.account,
    pendingConfirmation: CONFIRMED_BY_RECEIVER.has(textAt(inputs, "protocol") ?? ""),
  }),
};

export const sns: Service = { resources: { [TOPIC]: topic, [POLICY]: topicPolicy, [SUBSCRIPTION]: subscription } };
