import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";

const notification = (props: Record<string, Json> = {}): Json => ({
  notificationType: "ACTUAL",
  comparisonOperator: "GREATER_THAN",
  threshold: 80,
  thresholdType: "PERCENTAGE",
  subscriberEmailAddresses: ["platform@example.org"],
  ...props,
});
const FORECAST = notification({ notificationType: "FORECASTED", threshold: 100 });

const budget = (props: Sent["props"] = {}, more: Partial<Sent> = {}): Sent => ({
  type: "aws:budgets/budget:Budget",
  name: "monthly",
  props: {
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: "300",
    limitUnit: "USD",
    costFilters: [{ name: "LinkedAccount", values: ["111122223333"] }],
    costTypes: { includeCredit: false, includeRefund: false },
    notifications: [notification(), FORECAST],
    ...props,
  },
  ...more,
});
const filter = (name: Json, ...values: Json[]): Sent => budget({ costFilters: [{ name, values }] });
const expression = (filterExpression: Json): Sent => budget({ costFilters: null, filterExpression });
const limitedTo = (account: Json): Partial<Sent> => ({ provider: { allowedAccountIds: [account] } });

const bucket: Sent = { type: "aws:s3/bucket:Bucket", name: "media", props: { bucket: "media-1" } };
const monitor = (arn: Json): Sent => ({
  type: "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
  name: "services",
  props: { arn, monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" },
});
const ARN = "arn:aws:ce::111122223333:anomalymonitor/1";
const subscription = (monitorArn: Json, references: Sent["references"] = {}): Sent => ({
  type: "aws:costexplorer/anomalySubscription:AnomalySubscription",
  name: "mail",
  props: {
    frequency: "DAILY",
    monitorArnLists: [monitorArn],
    subscribers: [{ type: "EMAIL", address: "platform@example.org" }],
  },
  references,
});
const subscribed = (subscribers: Json): Sent => ({
  type: "aws:costexplorer/anomalySubscription:AnomalySubscription",
  props: { frequency: "DAILY", monitorArnLists: [ARN], subscribers },
});

const has = "budgets-stack-has-budget";
const notify = "budgets-notify";
const inTime = "budgets-notify-in-time";
const own = "budgets-count-own-environment";
const monthly = "budgets-monthly-costs";
const credits = "budgets-credits-not-counted";
const anomalies = "budgets-anomalies-watched";

export const cases: readonly Case[] = [
  { rule: has, when: "it has one", given: [bucket, budget()], result: "passes" },
  { rule: has, when: "it has none", given: [bucket], result: [/budgets: this stack spends money, and has no budget/] },
  {
    rule: has,
    when: "it has nothing at AWS",
    given: [{ type: "random:index/randomId:RandomId", name: "id", props: {} }],
    result: "passes",
  },
  { rule: has, when: "its one resource is about costs", given: [monitor(ARN)], result: "passes" },

  { rule: notify, when: "both are told", given: budget(), result: "passes" },
  {
    rule: notify,
    when: "a topic that is not known yet is told",
    given: budget({
      notifications: [notification({ subscriberEmailAddresses: null, subscriberSnsTopicArns: [UNKNOWN] }), FORECAST],
    }),
    result: "passes",
  },
  {
    rule: notify,
    when: "the forecast is not told",
    given: budget({ notifications: [notification()] }),
    result: [/notifications: nobody is told what will be spent.*notificationType: "FORECASTED"/],
  },
  {
    rule: notify,
    when: "nothing is told",
    given: budget({ notifications: null }),
    result: [/nobody is told what is spent and will be spent/],
  },
  {
    rule: notify,
    when: "nobody is told",
    given: budget({ notifications: [notification({ subscriberEmailAddresses: [] }), FORECAST] }),
    result: [/notifications\[0\]\.subscriberEmailAddresses: nobody is told/],
  },
  {
    rule: notify,
    when: "it is unknown who is told",
    given: budget({ notifications: [notification({ subscriberEmailAddresses: UNKNOWN }), FORECAST] }),
    result: "waits",
  },
  {
    rule: notify,
    when: "one kind is unknown, and nobody is told of the other",
    given: budget({
      notifications: [notification({ subscriberEmailAddresses: null }), notification({ notificationType: UNKNOWN })],
    }),
    result: [/notifications\[0\]\.subscriberEmailAddresses: nobody is told/],
  },
  { rule: notify, when: "the notifications are unknown", given: budget({ notifications: UNKNOWN }), result: "waits" },

  { rule: inTime, when: "it is at 80 per cent", given: budget(), result: "passes" },
  {
    rule: inTime,
    when: "the first one is at 120 per cent",
    given: budget({ notifications: [notification({ threshold: 120 }), FORECAST] }),
    result: [/notifications\[0\]\.threshold: the first notification comes once the limit is passed/],
  },
  {
    rule: inTime,
    when: "the first one is at more dollars than the limit",
    given: budget({ notifications: [notification({ threshold: 400, thresholdType: "ABSOLUTE_VALUE" })] }),
    result: [/notifications\[0\]\.threshold/],
  },
  {
    rule: inTime,
    when: "the first one is at fewer dollars",
    given: budget({ notifications: [notification({ threshold: 240, thresholdType: "ABSOLUTE_VALUE" })] }),
    result: "passes",
  },
  {
    rule: inTime,
    when: "it is unknown",
    given: budget({ notifications: [notification({ threshold: UNKNOWN })] }),
    result: "waits",
  },
  {
    rule: inTime,
    when: "nothing is told, which another rule judges",
    given: budget({ notifications: [] }),
    result: "passes",
  },

  { rule: own, when: "it counts one account", given: budget(), result: "passes" },
  { rule: own, when: "it counts its own account", given: budget({}, limitedTo("111122223333")), result: "passes" },
  {
    rule: own,
    when: "it counts another account",
    given: budget({}, limitedTo("999988887777")),
    result: [/costFilters: nothing in it says that only the costs of "staging" count/],
  },
  {
    rule: own,
    when: "it counts the stack's tag",
    given: filter("TagKeyValue", "user:Stack$staging"),
    result: "passes",
  },
  {
    rule: own,
    when: "it counts production's tag",
    given: filter("TagKeyValue", "user:Stack$production"),
    result: [/costFilters/],
  },
  {
    rule: own,
    when: "it counts one service",
    given: filter("Service", "Amazon Simple Storage Service"),
    result: [/costFilters/],
  },
  {
    rule: own,
    when: "it counts everything",
    given: budget({ costFilters: null }),
    result: [/costFilters: nothing in it/],
  },
  { rule: own, when: "its filters are unknown", given: budget({ costFilters: UNKNOWN }), result: "waits" },
  { rule: own, when: "its account is unknown", given: filter("LinkedAccount", UNKNOWN), result: "waits" },
  {
    rule: own,
    when: "its expression is the stack's tag, and something else",
    given: expression({
      ands: [
        { tags: { key: "Stack", values: ["staging"] } },
        { dimensions: { key: "SERVICE", values: ["Amazon Simple Storage Service"] } },
      ],
    }),
    result: "passes",
  },
  {
    rule: own,
    when: "its expression is an account",
    given: expression({ dimensions: { key: "LINKED_ACCOUNT", values: ["111122223333"] } }),
    result: "passes",
  },
  {
    rule: own,
    when: "its expression is the stack's tag, or something else",
    given: expression({
      ors: [{ tags: { key: "Stack", values: ["staging"] } }, { tags: { key: "Stack", values: ["production"] } }],
    }),
    result: [/costFilters/],
  },
  { rule: own, when: "its expression is unknown", given: expression(UNKNOWN), result: "waits" },

  { rule: monthly, when: "it is", given: budget(), result: "passes" },
  {
    rule: monthly,
    when: "it is a year's",
    given: budget({ timeUnit: "ANNUALLY" }),
    result: [/timeUnit: it is "ANNUALLY"/],
  },
  {
    rule: monthly,
    when: "it is about usage",
    given: budget({ budgetType: "USAGE" }),
    result: [/budgetType: it is "USAGE"/],
  },
  {
    rule: monthly,
    when: "its limit is 0",
    given: budget({ limitAmount: "0" }),
    result: [/limitAmount: there is no amount/],
  },
  {
    rule: monthly,
    when: "it has no limit",
    given: budget({ limitAmount: null }),
    result: [/limitAmount: there is no amount/],
  },
  {
    rule: monthly,
    when: "it adjusts itself",
    given: budget({ limitAmount: null, autoAdjustData: { autoAdjustType: "HISTORICAL" } }),
    result: "passes",
  },
  { rule: monthly, when: "its limit is unknown", given: budget({ limitAmount: UNKNOWN }), result: "waits" },
  {
    rule: monthly,
    when: "its time is unknown",
    given: budget({ timeUnit: UNKNOWN }),
    result: [/timeUnit: its value is not known/],
  },

  { rule: credits, when: "they are left out", given: budget(), result: "passes" },
  {
    rule: credits,
    when: "credits are counted",
    given: budget({ costTypes: { includeCredit: true, includeRefund: false } }),
    result: [/costTypes\.includeCredit: it is true/],
  },
  {
    rule: credits,
    when: "nothing is said, and both count",
    given: budget({ costTypes: null }),
    result: [/costTypes\.includeCredit: it is not set/, /costTypes\.includeRefund: it is not set/],
  },
  {
    rule: credits,
    when: "it is unknown",
    given: budget({ costTypes: { includeCredit: UNKNOWN, includeRefund: false } }),
    result: [/costTypes\.includeCredit: its value is not known/],
  },

  { rule: anomalies, when: "they are told", given: [bucket, monitor(ARN), subscription(ARN)], result: "passes" },
  {
    rule: anomalies,
    when: "they are told, and the monitor is not known yet",
    given: [bucket, monitor(UNKNOWN), subscription(UNKNOWN, { monitorArnLists: ["services"] })],
    result: "passes",
  },
  {
    rule: anomalies,
    when: "nothing looks for them",
    given: [bucket],
    result: [/costexplorer: nothing looks for costs/],
  },
  {
    rule: anomalies,
    when: "they are told to nobody",
    given: [bucket, monitor(ARN)],
    result: [/name: nobody is told what "services" finds/],
  },
  {
    rule: anomalies,
    when: "another monitor's are told",
    given: [bucket, monitor(ARN), subscription(`${ARN}2`)],
    result: [/nobody is told what "services" finds/],
  },
  {
    rule: anomalies,
    when: "a subscription has somebody",
    given: subscribed([{ type: "SNS", address: "arn:x" }]),
    result: "passes",
  },
  { rule: anomalies, when: "a subscription has nobody", given: subscribed([]), result: [/subscribers: it is \[\]/] },
  {
    rule: anomalies,
    when: "a subscriber has no address",
    given: subscribed([{ type: "EMAIL", address: "" }]),
    result: [/subscribers\[0\]\.address: it is not set/],
  },
  {
    rule: anomalies,
    when: "an address is unknown",
    given: subscribed([{ type: "SNS", address: UNKNOWN }]),
    result: "waits",
  },
];
