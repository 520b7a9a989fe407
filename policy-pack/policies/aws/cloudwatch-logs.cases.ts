import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

type Props = Sent["props"];

const group = (props: Props = {}, references: Sent["references"] = {}): Sent => ({
  type: "aws:cloudwatch/logGroup:LogGroup",
  name: "group",
  props: { ...props, tags },
  references,
});
const task = (containerDefinitions: Json, references: Sent["references"] = {}): Sent => ({
  type: "aws:ecs/taskDefinition:TaskDefinition",
  name: "task",
  props: { family: "api", containerDefinitions, tags },
  references,
});
const logging = (options: Record<string, Json>): string =>
  JSON.stringify([{ name: "api", logConfiguration: { logDriver: "awslogs", options } }]);
const fn = (props: Props, references: Sent["references"] = {}): Sent => ({
  type: "aws:lambda/function:Function",
  name: "paging",
  props: { name: "paging", ...props, tags },
  references,
});
const flowLog = (props: Props, references: Sent["references"] = {}): Sent => ({
  type: "aws:ec2/flowLog:FlowLog",
  name: "flow",
  props: { ...props, tags },
  references,
});
const cache = (...deliveries: Json[]): Sent => ({
  type: "aws:elasticache/replicationGroup:ReplicationGroup",
  name: "cache",
  props: { logDeliveryConfigurations: deliveries, tags },
});

const NAME = "/groundwork-staging-api/containers-5979682";
const ARN = `arn:aws:logs:us-east-1:444455556666:log-group:${NAME}`;
const KNOWN: Props = { id: NAME, name: NAME, arn: ARN };

const retention = "cloudwatch-log-retention";
const key = "cloudwatch-log-customer-key";
const own = "cloudwatch-logs-in-own-group";

export const cases: readonly Case[] = [
  { rule: retention, when: "lines stay a year", given: group({ retentionInDays: 365 }), result: "passes" },
  {
    rule: retention,
    when: "lines stay for too short",
    given: group({ retentionInDays: 30 }),
    result: [/retentionInDays: it is 30, and must be at least 365/],
  },
  {
    rule: retention,
    when: "fewer days are enough here",
    given: group({ retentionInDays: 30 }),
    config: { days: 30 },
    result: "passes",
  },
  { rule: retention, when: "nothing is said", given: group(), result: [/retentionInDays: it is not set/] },
  {
    rule: retention,
    when: "lines stay for ever",
    given: group({ retentionInDays: 0 }),
    result: [/retentionInDays: it is 0, and must be at least 365/],
  },
  {
    rule: retention,
    when: "the number is unknown",
    given: group({ retentionInDays: UNKNOWN }),
    result: [/retentionInDays: its value is not known/],
  },
  {
    rule: retention,
    when: "CloudWatch deletes what it has delivered",
    given: group({ logGroupClass: "DELIVERY", retentionInDays: 2 }),
    result: "passes",
  },

  { rule: key, when: "there is one", given: group({ kmsKeyId: "arn:aws:kms:::key/1" }), result: "passes" },
  { rule: key, when: "there is none", given: group(), result: [/kmsKeyId: it is not set/] },
  { rule: key, when: "it is empty", given: group({ kmsKeyId: "" }), result: [/kmsKeyId: it is not set/] },
  { rule: key, when: "it is unknown", given: group({ kmsKeyId: UNKNOWN }), result: "waits" },

  {
    rule: own,
    when: "the driver makes a group",
    given: task(logging({ "awslogs-group": NAME, "awslogs-create-group": "true" })),
    result: [/options\.awslogs-create-group: in container "api" it is true/],
  },
  { rule: own, when: "the driver makes none", given: task(logging({ "awslogs-group": NAME })), result: "passes" },
  { rule: own, when: "the containers are unknown before they exist", given: task(UNKNOWN), result: "waits" },
  {
    rule: own,
    when: "a container names a group of the stack",
    given: [group(KNOWN), task(logging({ "awslogs-group": NAME }))],
    result: "passes",
  },
  {
    rule: own,
    when: "a container names another group",
    given: [group(KNOWN), task(logging({ "awslogs-group": "/ecs/api" }))],
    result: [/containerDefinitions\[0\].*awslogs-group: it is "\/ecs\/api", which is no log group of this program/],
  },
  {
    rule: own,
    when: "containers are unknown, and came from a group",
    given: [group({ name: UNKNOWN }), task(UNKNOWN, { containerDefinitions: ["group"] })],
    result: "passes",
  },
  {
    rule: own,
    when: "containers are unknown, and came from no group",
    given: [group({ name: UNKNOWN }), task(UNKNOWN)],
    result: "waits",
  },
  {
    rule: own,
    when: "a container has no log",
    given: [task(JSON.stringify([{ name: "api" }]))],
    result: "passes",
  },
  {
    rule: own,
    when: "a function names a group of the stack",
    given: [group(KNOWN), fn({ loggingConfig: { logFormat: "JSON", logGroup: NAME } })],
    result: "passes",
  },
  {
    rule: own,
    when: "a function names none",
    given: [group(KNOWN), fn({})],
    result: [/loggingConfig\.logGroup: it is not set, and Lambda makes a group for "paging" that keeps lines for ever/],
  },
  {
    rule: own,
    when: "a function names none, and the stack has the group that it then uses",
    given: [group({ id: "/aws/lambda/paging", name: "/aws/lambda/paging" }), fn({})],
    result: "passes",
  },
  {
    rule: own,
    when: "a group's unknown name came from the function",
    given: [group({ name: UNKNOWN }, { name: ["paging"] }), fn({ name: UNKNOWN })],
    result: "passes",
  },
  {
    rule: own,
    when: "flow logs go to a group by its unknown ARN",
    given: [group({ name: NAME, arn: UNKNOWN }), flowLog({ logDestination: UNKNOWN }, { logDestination: ["group"] })],
    result: "passes",
  },
  {
    rule: own,
    when: "flow logs go to a group of somebody else",
    given: [group(KNOWN), flowLog({ logDestination: "arn:aws:logs:us-east-1:444455556666:log-group:/other" })],
    result: [/logDestination: it is "arn:aws:logs:.*\/other", which is no log group/],
  },
  {
    rule: own,
    when: "flow logs go to a bucket",
    given: [flowLog({ logDestination: "arn:aws:s3:::flow", logDestinationType: "s3" })],
    result: "passes",
  },
  {
    rule: own,
    when: "a trail names the group with its suffix",
    given: [
      group(KNOWN),
      { type: "aws:cloudtrail/trail:Trail", name: "trail", props: { cloudWatchLogsGroupArn: `${ARN}:*`, tags } },
    ],
    result: "passes",
  },
  {
    rule: own,
    when: "the engine's log goes to no group of the stack",
    given: [group(KNOWN), cache({ destination: "slow", destinationType: "cloudwatch-logs", logType: "slow-log" })],
    result: [/logDeliveryConfigurations\[0\]\.destination: it is "slow"/],
  },
  {
    rule: own,
    when: "the engine's log goes to Firehose",
    given: [cache({ destination: "slow", destinationType: "kinesis-firehose", logType: "slow-log" })],
    result: "passes",
  },
  {
    rule: own,
    when: "the firewall's log goes to Firehose",
    given: [
      {
        type: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        name: "waf",
        props: { logDestinationConfigs: ["arn:aws:firehose:us-east-1:444455556666:deliverystream/aws-waf-logs"] },
      },
    ],
    result: "passes",
  },
];
