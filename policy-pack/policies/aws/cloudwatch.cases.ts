import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";
import { text } from "../../test/sent/policy.ts";

type Props = Sent["props"];

const alarm = (props: Props = {}): Sent => ({
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  props: { comparisonOperator: "GreaterThanThreshold", evaluationPeriods: 1, ...props, tags },
});
const composite = (props: Props = {}): Sent => ({
  type: "aws:cloudwatch/compositeAlarm:CompositeAlarm",
  props: { alarmName: "api", alarmRule: "ALARM(api-5xx)", ...props, tags },
});
const mute = (props: Props = {}): Sent => ({
  type: "aws:cloudwatch/alarmMuteRule:AlarmMuteRule",
  props: { name: "maintenance", ...props, tags },
});
const carrier =
  (type: string, property: string) =>
  (policy?: Json): Sent => ({ type, props: policy === undefined ? {} : { [property]: policy } });
const permission = (props: Props): Sent => ({
  type: "aws:cloudwatch/eventPermission:EventPermission",
  props: { statementId: "events", ...props },
});

const TOPIC = "arn:aws:sns:us-east-1:444455556666:alarms";
const allow = (Principal: Json, Condition?: Json): string =>
  text({
    Sid: "Write",
    Principal,
    Action: "logs:PutLogEvents",
    ...(Condition === undefined ? {} : { Condition }),
  });
const ACCOUNT = { StringEquals: { "aws:SourceAccount": "444455556666" } };

const acts = "cloudwatch-alarm-acts";
const ends = "cloudwatch-mute-ends";
const bus = "cloudwatch-event-bus-not-public";

/** What holds for every property that carries a policy. */
const aboutPolicies = (rule: string, type: string, property: string): readonly Case[] => {
  const given = carrier(type, property);
  return [
    {
      rule,
      when: `${property} of ${type} allows everyone`,
      given: given(allow("*")),
      result: [new RegExp(`${property}: Write allows every principal`)],
    },
    {
      rule,
      when: `${property} of ${type} allows everyone in a list`,
      given: given(allow({ AWS: ["*"] })),
      result: [/allows every principal/],
    },
    {
      rule,
      when: `${property} of ${type} allows a service`,
      given: given(allow({ Service: "es.amazonaws.com" })),
      result: "passes",
    },
    { rule, when: `${property} of ${type} pins an account`, given: given(allow("*", ACCOUNT)), result: "passes" },
    { rule, when: `${property} of ${type} is unknown`, given: given(UNKNOWN), result: "waits" },
    { rule, when: `${property} of ${type} is absent`, given: given(), result: "passes" },
  ];
};

export const cases: readonly Case[] = [
  { rule: acts, when: "an alarm tells a topic", given: alarm({ alarmActions: [TOPIC] }), result: "passes" },
  { rule: acts, when: "the topic is unknown", given: alarm({ alarmActions: [UNKNOWN] }), result: "passes" },
  { rule: acts, when: "the list is unknown", given: alarm({ alarmActions: UNKNOWN }), result: "waits" },
  {
    rule: acts,
    when: "an alarm has no actions",
    given: alarm(),
    result: [/alarmActions: it is not set, and must be set/],
  },
  { rule: acts, when: "the list is empty", given: alarm({ alarmActions: [] }), result: [/alarmActions: it is \[\]/] },
  {
    rule: acts,
    when: "actions are off",
    given: alarm({ alarmActions: [TOPIC], actionsEnabled: false }),
    result: [/actionsEnabled: it is false, and must be true/],
  },
  {
    rule: acts,
    when: "it is unknown whether actions are on",
    given: alarm({ alarmActions: [TOPIC], actionsEnabled: UNKNOWN }),
    result: [/actionsEnabled: its value is not known/],
  },
  {
    rule: acts,
    when: "a composite alarm only says when it is over",
    given: composite({ okActions: [TOPIC] }),
    result: [/alarmActions: it is not set/],
  },
  {
    rule: acts,
    when: "a composite alarm tells a topic",
    given: composite({ alarmActions: [TOPIC] }),
    result: "passes",
  },

  { rule: ends, when: "the day stands", given: mute({ expireDate: "2026-12-01T00:00" }), result: "passes" },
  { rule: ends, when: "no day stands", given: mute(), result: [/expireDate: it is not set/] },
  { rule: ends, when: "the day is unknown", given: mute({ expireDate: UNKNOWN }), result: "waits" },

  ...aboutPolicies(
    "cloudwatch-log-policy-not-public",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    "policyDocument",
  ),
  ...aboutPolicies(
    "cloudwatch-log-policy-not-public",
    "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy",
    "accessPolicy",
  ),
  ...aboutPolicies(
    "cloudwatch-log-policy-not-public",
    "aws:cloudwatch/logDeliveryDestinationPolicy:LogDeliveryDestinationPolicy",
    "deliveryDestinationPolicy",
  ),
  ...aboutPolicies(bus, "aws:cloudwatch/eventBusPolicy:EventBusPolicy", "policy"),

  { rule: bus, when: "an account may put events", given: permission({ principal: "111122223333" }), result: "passes" },
  {
    rule: bus,
    when: "everyone may put events",
    given: permission({ principal: "*" }),
    result: [/principal: it is \*, which is every account of AWS/],
  },
  { rule: bus, when: "no principal is named", given: permission({}), result: [/principal: it is not set/] },
  {
    rule: bus,
    when: "everyone of the organisation may put events",
    given: permission({
      principal: "*",
      condition: { key: "aws:PrincipalOrgID", type: "StringEquals", value: "o-abc1234567" },
    }),
    result: "passes",
  },
  {
    rule: bus,
    when: "the organisation is unknown",
    given: permission({
      principal: "*",
      condition: { key: "aws:PrincipalOrgID", type: "StringEquals", value: UNKNOWN },
    }),
    result: "waits",
  },
  { rule: bus, when: "the principal is unknown", given: permission({ principal: UNKNOWN }), result: "waits" },
];
