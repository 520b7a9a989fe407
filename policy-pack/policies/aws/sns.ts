import { notPublic } from "../../support/iam/public-policy.ts";
import { tlsOnly, withoutPolicy, type Carrier } from "../../support/iam/tls-only.ts";
import { expects, isSet, numberOf, oneOf, type Expectation } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { Unknown } from "../../support/unknown.ts";

const TOPIC = "aws:sns/topic:Topic";
const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

/** SNS takes no `sns:*` in a topic's policy, and publishing is what clients do. */
const CARRIER: Carrier = { type: TOPIC, split: TOPIC_POLICY, path: "arn", action: "sns:Publish" };

const ownKey: Expectation = {
  is: (value) => typeof value !== "string" || !/(^|[:/])alias\/aws\/sns$/.test(value),
  expected: "a key of the account",
};

const encryptedProtocol: Expectation = { is: (value) => value !== "http", expected: '"https" or another' };

/** Deliveries that somebody else's computer may refuse; SNS calls a phone or writes a mail once. */
const REFUSABLE: ReadonlySet<string> = new Set(["http", "https", "sqs", "lambda", "firehose"]);

/** Subscriptions that lose what their endpoint does not take. */
function lossy(resource: Resource): readonly Finding[] {
  const protocol = resource.props["protocol"];
  if (protocol instanceof Unknown) return [{ property: "protocol", unknown: protocol }];
  if (typeof protocol !== "string" || !REFUSABLE.has(protocol)) return [];
  return expects(
    "redrivePolicy",
    isSet,
    "set redrivePolicy to the ARN of an SQS queue, as deadLetterTargetArn",
  )(resource, {});
}

export const rules: readonly Rule[] = [
  {
    name: "sns-encrypted-at-rest",
    description: "SNS topics encrypt their messages.",
    why: "SNS stores messages in plain text while it delivers them, unless a key is named.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_26", "FSBP SNS.1", "cdk-nag SNSEncryptedKMS", "AWS-0095"],
    resources: [
      { types: [TOPIC], unknown: "defer", find: expects("kmsMasterKeyId", isSet, "set kmsMasterKeyId to a key's ARN") },
    ],
  },
  {
    name: "sns-customer-key",
    description: "The key that encrypts SNS messages is one of the account.",
    why: "Alarms, budgets, and events may not use the key of AWS, so that their messages never arrive.",
    severity: "medium",
    level: "mandatory",
    standards: ["AWS-0136"],
    resources: [
      {
        types: [TOPIC],
        unknown: "defer",
        find: expects("kmsMasterKeyId", ownKey, "set kmsMasterKeyId to the ARN of an aws.kms.Key"),
      },
    ],
  },
  {
    name: "sns-policy-not-public",
    description: "No SNS topic lets everybody publish or subscribe.",
    why: "Anyone could read the alarms, or send forged ones.",
    severity: "critical",
    level: "mandatory",
    standards: ["CKV_AWS_169", "CKV_AWS_385", "FSBP SNS.4"],
    resources: [
      {
        types: [TOPIC, TOPIC_POLICY],
        unknown: "defer",
        find: notPublic("policy", "name the principal, or pin it by aws:SourceAccount or aws:PrincipalOrgID"),
      },
    ],
  },
  {
    name: "sns-tls-only",
    description: "SNS topics refuse messages without TLS.",
    why: "They would cross the network in plain text, and nothing else forbids it.",
    severity: "medium",
    level: "mandatory",
    standards: ["AwsSolutions-SNS3"],
    resources: [{ types: [TOPIC, TOPIC_POLICY], unknown: "defer", find: tlsOnly(CARRIER) }],
    stack: (stack) => withoutPolicy(stack, CARRIER),
  },
  {
    name: "sns-no-http-subscription",
    description: "No SNS subscription delivers over plain HTTP.",
    why: "Messages cross the internet in plain text, and whoever is on the way may change them.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [SUBSCRIPTION],
        unknown: "refuse",
        find: expects("protocol", encryptedProtocol, 'set protocol: "https", and endpoint to an https address'),
      },
    ],
  },
  {
    name: "sns-undelivered-kept",
    description: "SNS subscriptions keep what their endpoint does not take in a dead-letter queue.",
    why: "What SNS gives up on is gone, and nobody learns that an alarm was not delivered.",
    severity: "low",
    level: "advisory",
    standards: [],
    resources: [{ types: [SUBSCRIPTION], unknown: "defer", find: lossy }],
  },
  {
    name: "sns-signed-with-sha256",
    description: "SNS signs its messages with SHA-256.",
    why: "Version 1 signs with SHA-1, which can be forged, and receivers cannot ask for another.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [TOPIC], unknown: "refuse", find: expects("signatureVersion", oneOf(2), "set signatureVersion: 2") },
    ],
    remedy: ({ type, props }) =>
      type === TOPIC && numberOf(props["signatureVersion"]) !== 2 ? [{ path: ["signatureVersion"], value: 2 }] : [],
  },
];
