import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";
import { denyPlainHttp, text } from "../../test/sent/policy.ts";

const ARN = "arn:aws:sqs:us-east-1:111122223333:orders";
const URL = "https://sqs.us-east-1.amazonaws.com/111122223333/orders";

const queue = (props: Sent["props"] = {}, name = "orders"): Sent => ({
  type: "aws:sqs/queue:Queue",
  name,
  props: {
    id: URL.replace("orders", name),
    url: URL.replace("orders", name),
    arn: ARN.replace("orders", name),
    sqsManagedSseEnabled: true,
    kmsMasterKeyId: "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d",
    ...props,
  },
});
const policy = (document: Json, queueUrl: Json = URL, references: Sent["references"] = {}): Sent => ({
  type: "aws:sqs/queuePolicy:QueuePolicy",
  name: "policy",
  props: { queueUrl, policy: document },
  references,
});
const TLS_ONLY = denyPlainHttp("sqs:*", ARN);
const send = (more: Record<string, Json>): Record<string, Json> => ({
  Sid: "Send",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:role/api" },
  Action: "sqs:SendMessage",
  Resource: ARN,
  ...more,
});
const allow = (more: Record<string, Json>): Sent => policy(text(send(more)));

const encrypted = "sqs-encrypted-at-rest";
const notPublic = "sqs-policy-not-public";
const actions = "sqs-policy-no-wildcard-action";
const tls = "sqs-tls-only";
const deadLetters = "sqs-has-dead-letter-queue";

/** What names the queue `dead` as the one for dead letters. */
const toDead = (type: string, property: string, value: (arn: Json) => Json, arn: Json, from = "source"): Sent => ({
  type,
  name: from,
  props: { id: from, [property]: value(arn) },
  references: arn === UNKNOWN ? { [property]: ["dead"] } : {},
});
const redrive = (arn: Json): Json =>
  arn === UNKNOWN ? UNKNOWN : JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 });
const dead = queue({}, "dead");
const deadUnknown = queue({ id: UNKNOWN, url: UNKNOWN, arn: UNKNOWN }, "dead");

export const cases: readonly Case[] = [
  ...aboutProperty({
    rule: encrypted,
    sound: queue({ kmsMasterKeyId: "" }),
    property: "sqsManagedSseEnabled",
    passes: [true, "true"],
    fails: [false, "false"],
    absent: "fails",
    unknown: "refused",
  }),
  {
    rule: encrypted,
    when: "a key encrypts it",
    given: queue({ sqsManagedSseEnabled: false, kmsMasterKeyId: "alias/queues" }),
    result: "passes",
  },
  {
    rule: encrypted,
    when: "a key encrypts it, whose id is unknown",
    given: queue({ sqsManagedSseEnabled: false, kmsMasterKeyId: UNKNOWN }),
    result: "waits",
  },
  ...aboutProperty({
    rule: "sqs-customer-key",
    sound: queue(),
    property: "kmsMasterKeyId",
    passes: ["alias/queues"],
    fails: [""],
    absent: "fails",
    unknown: "waits",
  }),

  { rule: notPublic, when: "one role may send", given: allow({}), result: "passes" },
  { rule: notPublic, when: "a queue has no policy", given: queue(), result: "passes" },
  {
    rule: notPublic,
    when: "everyone may send",
    given: allow({ Principal: "*" }),
    result: [/policy: Send allows every principal.*Fix: name the principal/],
  },
  {
    rule: notPublic,
    when: "every AWS account may send, by the queue's own policy",
    given: queue({ policy: text(send({ Principal: { AWS: ["*"] } })) }),
    result: [/policy: Send allows every principal/],
  },
  {
    rule: notPublic,
    when: "a topic may send",
    given: allow({
      Principal: "*",
      Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:sns:us-east-1:111122223333:orders" } },
    }),
    result: "passes",
  },
  { rule: notPublic, when: "the policy is unknown", given: policy(UNKNOWN), result: "waits" },
  {
    rule: notPublic,
    when: "the policy is absent",
    given: { type: "aws:sqs/queuePolicy:QueuePolicy", props: { queueUrl: URL } },
    result: "passes",
  },

  { rule: actions, when: "it names its actions", given: allow({ Action: ["sqs:SendMessage"] }), result: "passes" },
  {
    rule: actions,
    when: "it allows every action of SQS",
    given: allow({ Action: ["sqs:SendMessage", "SQS:*"] }),
    result: [/policy: Send allows the action "sqs:\*"/],
  },
  {
    rule: actions,
    when: "it allows every action",
    given: allow({ Action: "*" }),
    result: [/Send allows the action "\*"/],
  },
  { rule: actions, when: "it denies every action", given: policy(text(TLS_ONLY)), result: "passes" },
  { rule: actions, when: "the policy is unknown", given: policy(UNKNOWN), result: "waits" },
  {
    rule: actions,
    when: "the policy is absent",
    given: { type: "aws:sqs/queuePolicy:QueuePolicy", props: { queueUrl: URL } },
    result: "passes",
  },

  { rule: tls, when: "the policy denies plain HTTP", given: policy(text(TLS_ONLY)), result: "passes" },
  {
    rule: tls,
    when: "the policy says nothing of it",
    given: allow({}),
    result: [/policy: it lets requests come over plain HTTP.*Fix: deny Principal "\*" the Action "sqs:\*"/],
  },
  {
    rule: tls,
    when: "it denies sending alone",
    given: policy(text({ ...TLS_ONLY, Action: "sqs:SendMessage" })),
    result: [/it lets requests come over plain HTTP/],
  },
  {
    rule: tls,
    when: "it denies one role alone",
    given: policy(text({ ...TLS_ONLY, Principal: { AWS: "arn:aws:iam::111122223333:role/api" } })),
    result: [/it lets requests come over plain HTTP/],
  },
  {
    rule: tls,
    when: "it denies plain HTTP from elsewhere alone",
    given: policy(
      text({
        ...TLS_ONLY,
        Condition: { ...TLS_ONLY.Condition, NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
      }),
    ),
    result: [/it lets requests come over plain HTTP/],
  },
  { rule: tls, when: "the policy is unknown", given: policy(UNKNOWN), result: "waits" },
  {
    rule: tls,
    when: "its resource is unknown",
    given: policy({ Statement: [{ ...TLS_ONLY, Resource: UNKNOWN }] }),
    result: "passes",
  },
  {
    rule: tls,
    when: "another statement is unknown",
    given: policy({ Statement: [send({}), UNKNOWN] }),
    result: "waits",
  },
  {
    rule: tls,
    when: "the policy is absent",
    given: { type: "aws:sqs/queuePolicy:QueuePolicy", props: { queueUrl: URL } },
    result: [/policy: it is not set/],
  },
  { rule: tls, when: "a queue has a policy of its own", given: queue({ policy: text(TLS_ONLY) }), result: "passes" },
  {
    rule: tls,
    when: "a queue's own policy says nothing of it",
    given: queue({ policy: text(send({})) }),
    result: [/it lets requests come over plain HTTP/],
  },
  { rule: tls, when: "a queue's policy may be split off", given: queue(), result: "passes" },
  { rule: tls, when: "a queue has a split policy", given: [queue(), policy(text(TLS_ONLY))], result: "passes" },
  {
    rule: tls,
    when: "a queue of unknown address has a split policy",
    given: [
      queue({ id: UNKNOWN, url: UNKNOWN, arn: UNKNOWN }),
      policy(UNKNOWN, UNKNOWN, { queueUrl: ["orders"], policy: ["orders"] }),
    ],
    result: "passes",
  },
  {
    rule: tls,
    when: "a queue has no policy at all",
    given: [queue(), policy(text(TLS_ONLY), URL.replace("orders", "other"))],
    result: [/policy: "orders" has no policy, so that requests may come over plain HTTP.*Fix: give it one/],
  },

  {
    rule: deadLetters,
    when: "a queue has one",
    given: [queue({ redrivePolicy: JSON.stringify({ deadLetterTargetArn: ARN.replace("orders", "dead") }) }), dead],
    result: "passes",
  },
  {
    rule: deadLetters,
    when: "a queue has none",
    given: [queue()],
    result: [/redrivePolicy: "orders" has no queue for messages that cannot be processed.*Fix: set redrivePolicy/],
  },
  {
    rule: deadLetters,
    when: "a queue's address is unknown and it has none",
    given: [queue({ id: UNKNOWN, url: UNKNOWN, arn: UNKNOWN })],
    result: [/"orders" has no queue/],
  },
  {
    rule: deadLetters,
    when: "its redrive policy is split off",
    given: [
      queue(),
      {
        type: "aws:sqs/redrivePolicy:RedrivePolicy",
        name: "redrive",
        props: { queueUrl: URL, redrivePolicy: redrive(ARN.replace("orders", "dead")) },
      },
      dead,
    ],
    result: "passes",
  },
  {
    rule: deadLetters,
    when: "the split redrive policy is another queue's",
    given: [
      queue({}, "orders"),
      queue({}, "mails"),
      {
        type: "aws:sqs/redrivePolicy:RedrivePolicy",
        name: "redrive",
        props: { queueUrl: URL.replace("orders", "mails"), redrivePolicy: redrive(ARN.replace("orders", "dead")) },
      },
      dead,
    ],
    result: [/"orders" has no queue/],
  },
  {
    rule: deadLetters,
    when: "its use as one is said by its own policy",
    given: [queue({ redriveAllowPolicy: JSON.stringify({ redrivePermission: "allowAll" }) })],
    result: "passes",
  },
  ...(
    [
      ["aws:sns/topicSubscription:TopicSubscription", "redrivePolicy", redrive],
      ["aws:lambda/function:Function", "deadLetterConfig", (arn: Json) => ({ targetArn: arn })],
      [
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        "destinationConfig",
        (arn: Json) => ({ onFailure: { destination: arn } }),
      ],
      [
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        "destinationConfig",
        (arn: Json) => ({ onFailure: { destinationArn: arn } }),
      ],
      ["aws:cloudwatch/eventTarget:EventTarget", "deadLetterConfig", (arn: Json) => ({ arn })],
      ["aws:scheduler/schedule:Schedule", "target", (arn: Json) => ({ deadLetterConfig: { arn } })],
    ] as const
  ).flatMap(([type, property, value]): Case[] => [
    {
      rule: deadLetters,
      when: `it is named by ${type}`,
      given: [dead, toDead(type, property, value, ARN.replace("orders", "dead"))],
      result: "passes",
    },
    {
      rule: deadLetters,
      when: `it is named by ${type} while it is unknown`,
      given: [deadUnknown, toDead(type, property, value, UNKNOWN)],
      result: "passes",
    },
    {
      rule: deadLetters,
      when: `another is named by ${type}`,
      given: [dead, toDead(type, property, value, ARN)],
      result: [/"dead" has no queue/],
    },
  ]),
];
