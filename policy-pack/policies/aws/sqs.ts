import { statementCheck } from "../../support/iam/policy-check.ts";
import { parse } from "../../support/iam/policy-document.ts";
import { notPublic } from "../../support/iam/public-policy.ts";
import { tlsOnly, withoutPolicy, type Carrier } from "../../support/iam/tls-only.ts";
import { joinTo } from "../../support/join.ts";
import { at, described, expects, isSet, isTrue, locate } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";

const QUEUE = "aws:sqs/queue:Queue";
const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";
const REDRIVE_POLICY = "aws:sqs/redrivePolicy:RedrivePolicy";
const REDRIVE_ALLOW_POLICY = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy";

const CARRIER: Carrier = { type: QUEUE, split: QUEUE_POLICY, path: "queueUrl", action: "sqs:*" };

/** SQS encrypts a new queue unasked, and a program that does not say so cannot be held to it. */
function unencrypted({ props }: Resource): readonly Finding[] {
  const property = "sqsManagedSseEnabled";
  const managed = props[property];
  // A key whose id is not known yet is the next check's matter.
  if (isTrue.is(managed) || isSet.is(props["kmsMasterKeyId"])) return [];
  if (managed instanceof Unknown) return [{ property, unknown: managed }];
  return [
    { property, wrong: `${described(managed)}, and no kmsMasterKeyId either`, fix: "set sqsManagedSseEnabled: true" },
  ];
}

/** Queues that only a key encrypts, whose id is not known yet. */
function encryptedLater({ props }: Resource): readonly Finding[] {
  const property = "kmsMasterKeyId";
  const key = props[property];
  return key instanceof Unknown && !isTrue.is(props["sqsManagedSseEnabled"]) ? [{ property, unknown: key }] : [];
}

/** Where a queue is named as the one for what could not be delivered. */
const DEAD_LETTERS: readonly (readonly [type: string, path: string])[] = [
  [QUEUE, "redrivePolicy"],
  [REDRIVE_POLICY, "redrivePolicy"],
  ["aws:sns/topicSubscription:TopicSubscription", "redrivePolicy"],
  ["aws:lambda/function:Function", "deadLetterConfig.targetArn"],
  ["aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "destinationConfig.onFailure.destination"],
  ["aws:lambda/eventSourceMapping:EventSourceMapping", "destinationConfig.onFailure.destinationArn"],
  ["aws:cloudwatch/eventTarget:EventTarget", "deadLetterConfig.arn"],
  ["aws:scheduler/schedule:Schedule", "target.deadLetterConfig.arn"],
];

/** The ARN in a redrive policy, which is JSON text; of all others the value itself. */
const target = (value: Plain): Plain =>
  typeof value === "string" && value.trim().startsWith("{") ? at(parse(value), "deadLetterTargetArn") : value;

/** Queues from which a message that cannot be processed is lost. */
function withoutDeadLetters(stack: Stack): readonly Finding[] {
  const queues = stack.ofType([QUEUE]);
  if (queues.length === 0) return [];
  const queueOf = joinTo(queues);
  const byArn = new Map(queues.map((queue) => [queue.props["arn"], queue]));
  const exempt = new Set(
    DEAD_LETTERS.flatMap(([type, path]) =>
      stack
        .ofType([type])
        .flatMap((from) => [
          ...queueOf(from, path).filter((queue) => queue !== from),
          ...locate(from.props, path).map(({ value }) => byArn.get(target(value))),
        ]),
    ),
  );
  for (const owner of stack.ofType([REDRIVE_POLICY]).flatMap((policy) => queueOf(policy, "queueUrl")))
    exempt.add(owner);
  for (const owner of stack.ofType([REDRIVE_ALLOW_POLICY]).flatMap((policy) => queueOf(policy, "queueUrl")))
    exempt.add(owner);
  return queues
    .filter(({ props }) => !isSet.is(props["redrivePolicy"]) && !isSet.is(props["redriveAllowPolicy"]))
    .filter((queue) => !exempt.has(queue))
    .map(({ urn, name }) => ({
      urn,
      property: "redrivePolicy",
      wrong: `"${name}" has no queue for messages that cannot be processed`,
      fix: "set redrivePolicy to a dead-letter queue's ARN and a maxReceiveCount, or add an aws.sqs.RedrivePolicy",
    }));
}

export const rules: readonly Rule[] = [
  {
    name: "sqs-encrypted-at-rest",
    description: "SQS queues encrypt their messages.",
    why: "Messages carry customers' data, and wait for up to 14 days.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_27", "FSBP SQS.1", "AwsSolutions-SQS2", "AWS-0096"],
    resources: [
      { types: [QUEUE], unknown: "refuse", find: unencrypted },
      { types: [QUEUE], unknown: "defer", find: encryptedLater },
    ],
    remedy: (resource) => {
      const [finding] = resource.type === QUEUE ? unencrypted(resource) : [];
      return finding === undefined || "unknown" in finding ? [] : [{ path: ["sqsManagedSseEnabled"], value: true }];
    },
  },
  {
    name: "sqs-customer-key",
    description: "A key of the account encrypts SQS messages.",
    why: "Whoever may use a key of one's own is decided, and logged, apart from who may read the queue.",
    severity: "low",
    level: "advisory",
    standards: ["CKV2_AWS_73", "AWS-0135"],
    resources: [
      { types: [QUEUE], unknown: "defer", find: expects("kmsMasterKeyId", isSet, "set kmsMasterKeyId to a key's ARN") },
    ],
  },
  {
    name: "sqs-policy-not-public",
    description: "No SQS queue lets everybody send or receive.",
    why: "Anyone could read customers' messages, or have the workers process forged ones.",
    severity: "critical",
    level: "mandatory",
    standards: ["CKV_AWS_168", "CKV_AWS_387", "CIS 2.21"],
    resources: [
      {
        types: [QUEUE, QUEUE_POLICY],
        unknown: "defer",
        find: notPublic("policy", "name the principal, or pin it by aws:SourceArn or aws:PrincipalOrgID"),
      },
    ],
  },
  {
    name: "sqs-policy-no-wildcard-action",
    description: "SQS queue policies name the actions that they allow.",
    why: "Whoever may only send could otherwise purge the queue or rewrite its policy.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_72", "AWS-0097"],
    resources: [
      statementCheck(
        ["resource"],
        ({ allows, actions, id }) => {
          const wide = actions.find((action) => /^(\*|sqs:\*)$/.test(action));
          if (!allows || wide === undefined) return [];
          return [{ wrong: `${id} allows the action "${wide}"`, fix: 'name the actions, such as "sqs:SendMessage"' }];
        },
        [QUEUE, QUEUE_POLICY],
      ),
    ],
  },
  {
    name: "sqs-tls-only",
    description: "SQS queues refuse requests without TLS.",
    why: "Messages would cross the network in plain text, and nothing else forbids it.",
    severity: "medium",
    level: "mandatory",
    standards: ["AwsSolutions-SQS4"],
    resources: [{ types: [QUEUE, QUEUE_POLICY], unknown: "defer", find: tlsOnly(CARRIER) }],
    stack: (stack) => withoutPolicy(stack, CARRIER),
  },
  {
    name: "sqs-has-dead-letter-queue",
    description: "Every SQS queue has a dead-letter queue, or is one.",
    why: "A message that cannot be processed comes back until it expires, and is then lost.",
    severity: "medium",
    level: "mandatory",
    standards: ["AwsSolutions-SQS3"],
    stack: withoutDeadLetters,
  },
];
