import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";
import { denyPlainHttp, text } from "../../test/sent/policy.ts";

const ARN = "arn:aws:sns:us-east-1:111122223333:alarms";
const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d";

const topic = (props: Sent["props"] = {}): Sent => ({
  type: "aws:sns/topic:Topic",
  name: "alarms",
  props: { id: ARN, arn: ARN, kmsMasterKeyId: KEY, signatureVersion: 2, ...props },
});
const policy = (document: Json, arn: Json = ARN, references: Sent["references"] = {}): Sent => ({
  type: "aws:sns/topicPolicy:TopicPolicy",
  name: "policy",
  props: { arn, policy: document },
  references,
});
const subscription = (props: Sent["props"]): Sent => ({
  type: "aws:sns/topicSubscription:TopicSubscription",
  props: { topic: ARN, ...props },
});
const TLS_ONLY = denyPlainHttp("sns:Publish", ARN);
const publish = (more: Record<string, Json>): Record<string, Json> => ({
  Sid: "Publish",
  Effect: "Allow",
  Principal: { Service: "cloudwatch.amazonaws.com" },
  Action: "sns:Publish",
  Resource: ARN,
  ...more,
});

const notPublic = "sns-policy-not-public";
const tls = "sns-tls-only";
const kept = "sns-undelivered-kept";

export const cases: readonly Case[] = [
  ...aboutProperty({
    rule: "sns-encrypted-at-rest",
    sound: topic(),
    property: "kmsMasterKeyId",
    passes: [KEY, "alias/alarms"],
    fails: [""],
    absent: "fails",
    unknown: "waits",
  }),
  ...aboutProperty({
    rule: "sns-customer-key",
    sound: topic(),
    property: "kmsMasterKeyId",
    passes: [KEY, "alias/alarms", "alias/aws/sns-alarms"],
    fails: ["alias/aws/sns", "arn:aws:kms:us-east-1:111122223333:alias/aws/sns"],
    absent: "passes",
    unknown: "waits",
  }),

  { rule: notPublic, when: "a service may publish", given: policy(text(publish({}))), result: "passes" },
  { rule: notPublic, when: "a topic has no policy", given: topic(), result: "passes" },
  {
    rule: notPublic,
    when: "everyone may publish",
    given: policy(text(publish({ Principal: { AWS: "*" } }))),
    result: [/policy: Publish allows every principal/],
  },
  {
    rule: notPublic,
    when: "everyone may subscribe, by the topic's own policy",
    given: topic({ policy: text(publish({ Principal: "*", Action: ["sns:Subscribe"] })) }),
    result: [/policy: Publish allows every principal/],
  },
  {
    rule: notPublic,
    when: "everyone of the account may publish",
    given: policy(
      text(publish({ Principal: { AWS: "*" }, Condition: { StringEquals: { "AWS:SourceOwner": "111122223333" } } })),
    ),
    result: "passes",
  },
  { rule: notPublic, when: "the policy is unknown", given: policy(UNKNOWN), result: "waits" },
  {
    rule: notPublic,
    when: "the policy is absent",
    given: { type: "aws:sns/topicPolicy:TopicPolicy", props: { arn: ARN } },
    result: "passes",
  },

  { rule: tls, when: "the policy denies plain HTTP", given: policy(text(publish({}), TLS_ONLY)), result: "passes" },
  {
    rule: tls,
    when: "it names the action in another spelling",
    given: policy(text({ ...TLS_ONLY, Action: ["SNS:Publish", "SNS:Subscribe"] })),
    result: "passes",
  },
  {
    rule: tls,
    when: "the policy says nothing of it",
    given: policy(text(publish({}))),
    result: [/policy: it lets requests come over plain HTTP.*Fix: deny Principal "\*" the Action "sns:Publish"/],
  },
  {
    rule: tls,
    when: "it denies subscribing alone",
    given: policy(text({ ...TLS_ONLY, Action: "sns:Subscribe" })),
    result: [/it lets requests come over plain HTTP/],
  },
  {
    rule: tls,
    when: "it denies requests with TLS",
    given: policy(text({ ...TLS_ONLY, Condition: { Bool: { "aws:SecureTransport": "true" } } })),
    result: [/it lets requests come over plain HTTP/],
  },
  { rule: tls, when: "the policy is unknown", given: policy(UNKNOWN), result: "waits" },
  {
    rule: tls,
    when: "the policy is absent",
    given: { type: "aws:sns/topicPolicy:TopicPolicy", props: { arn: ARN } },
    result: [/policy: it is not set/],
  },
  { rule: tls, when: "a topic's policy may be split off", given: topic(), result: "passes" },
  {
    rule: tls,
    when: "a topic's own policy says nothing of it",
    given: topic({ policy: text(publish({})) }),
    result: [/it lets requests come over plain HTTP/],
  },
  { rule: tls, when: "a topic has a split policy", given: [topic(), policy(text(TLS_ONLY))], result: "passes" },
  {
    rule: tls,
    when: "a topic of unknown ARN has a split policy",
    given: [topic({ id: UNKNOWN, arn: UNKNOWN }), policy(UNKNOWN, UNKNOWN, { arn: ["alarms"], policy: ["alarms"] })],
    result: "passes",
  },
  {
    rule: tls,
    when: "a topic has no policy at all",
    given: [topic()],
    result: [/policy: "alarms" has no policy, so that requests may come over plain HTTP/],
  },

  ...aboutProperty({
    rule: "sns-no-http-subscription",
    sound: subscription({ protocol: "https", endpoint: "https://example.com/alarms" }),
    property: "protocol",
    passes: ["https", "email", "sqs"],
    fails: ["http"],
    absent: "passes",
    unknown: "refused",
  }),
  ...["https", "sqs", "lambda", "firehose"].flatMap((protocol) =>
    aboutProperty({
      rule: kept,
      sound: subscription({ protocol, endpoint: UNKNOWN }),
      property: "redrivePolicy",
      passes: ['{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111122223333:dead"}'],
      fails: [""],
      absent: "fails",
      unknown: "waits",
    }),
  ),
  {
    rule: kept,
    when: "it is a mail",
    given: subscription({ protocol: "email", endpoint: "platform@example.com" }),
    result: "passes",
  },
  { rule: kept, when: "the protocol is unknown", given: subscription({ protocol: UNKNOWN }), result: "waits" },
  ...aboutProperty({
    rule: "sns-signed-with-sha256",
    sound: topic(),
    property: "signatureVersion",
    passes: [2, "2"],
    fails: [1, "1"],
    absent: "fails",
    unknown: "refused",
  }),
];
