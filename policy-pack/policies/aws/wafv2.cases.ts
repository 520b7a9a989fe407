import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

const present = "wafv2-web-acl-has-rules";
const logs = "wafv2-web-acl-logging-enabled";
const metrics = "wafv2-metrics-enabled";

const visible = (cloudwatchMetricsEnabled: Json): Json => ({
  cloudwatchMetricsEnabled,
  metricName: "all",
  sampledRequestsEnabled: true,
});
const acl = (props: Sent["props"] = {}): Sent => ({
  type: "aws:wafv2/webAcl:WebAcl",
  name: "acl",
  props: { arn: "arn:acl", scope: "REGIONAL", visibilityConfig: visible(true), tags, ...props },
});
const group = (props: Sent["props"] = {}): Sent => ({
  type: "aws:wafv2/ruleGroup:RuleGroup",
  name: "group",
  props: { capacity: 10, visibilityConfig: visible(true), tags, ...props },
});
const split = (type: string, key: string, value: Json = "arn:acl", references: Sent["references"] = {}): Sent => ({
  type: `aws:wafv2/${type}`,
  name: "split",
  props: { [key]: value },
  references,
});
const inline = { name: "common", priority: 1, statement: {}, visibilityConfig: visible(true) };
const LOGGING = "webAclLoggingConfiguration:WebAclLoggingConfiguration";

export const cases: readonly Case[] = [
  {
    rule: present,
    when: "rules stand inline",
    given: [acl({ rules: [inline] }), group({ rules: [inline] })],
    result: "passes",
  },
  {
    rule: present,
    when: "rules are JSON",
    given: [acl({ ruleJson: '[{"Name":"a"}]' }), group({ rulesJson: "[{}]" })],
    result: "passes",
  },
  {
    rule: present,
    when: "a rule has its own resource",
    given: [acl(), split("webAclRule:WebAclRule", "webAclArn")],
    result: "passes",
  },
  {
    rule: present,
    when: "a group of rules is associated, and its ARN is unknown",
    given: [
      acl({ arn: UNKNOWN }),
      split("webAclRuleGroupAssociation:WebAclRuleGroupAssociation", "webAclArn", UNKNOWN, { webAclArn: ["acl"] }),
    ],
    result: "passes",
  },
  { rule: present, when: "there are none", given: [acl({ rules: [] })], result: [/rules: it has none/] },
  { rule: present, when: "nothing is said", given: [acl({ ruleJson: "" }), group()], result: [/rules/, /rules/] },
  {
    rule: present,
    when: "another list has the rule",
    given: [acl(), split("webAclRule:WebAclRule", "webAclArn", "arn:b")],
    result: [/rules/],
  },
  { rule: present, when: "rules are unknown", given: [acl({ rules: UNKNOWN })], result: "waits" },

  {
    rule: logs,
    when: "a configuration names the list",
    given: [acl(), split(LOGGING, "resourceArn")],
    result: "passes",
  },
  {
    rule: logs,
    when: "its ARN is unknown",
    given: [acl({ arn: UNKNOWN }), split(LOGGING, "resourceArn", UNKNOWN, { resourceArn: ["acl"] })],
    result: "passes",
  },
  {
    rule: logs,
    when: "nothing logs",
    given: [acl()],
    result: [/arn: nothing logs.*Fix: add an aws\.wafv2\.WebAclLoggingConfiguration/],
  },
  {
    rule: logs,
    when: "another list is logged",
    given: [acl(), split(LOGGING, "resourceArn", "arn:b")],
    result: [/arn/],
  },

  { rule: metrics, when: "everything counts", given: acl({ rules: [inline] }), result: "passes" },
  { rule: metrics, when: "it counts, as text", given: group({ visibilityConfig: visible("true") }), result: "passes" },
  {
    rule: metrics,
    when: "the list counts nothing",
    given: acl({ visibilityConfig: visible(false) }),
    result: [/visibilityConfig\.cloudwatchMetricsEnabled: it is false/],
  },
  {
    rule: metrics,
    when: "one rule counts nothing",
    given: group({ rules: [inline, { ...inline, visibilityConfig: visible("false") }] }),
    result: [/rules\[1\]\.visibilityConfig\.cloudwatchMetricsEnabled: it is "false"/],
  },
  {
    rule: metrics,
    when: "a rule of its own says nothing",
    given: split("webAclRule:WebAclRule", "webAclArn"),
    result: [/visibilityConfig\.cloudwatchMetricsEnabled: it is not set/],
  },
  {
    rule: metrics,
    when: "it is unknown",
    given: acl({ visibilityConfig: visible(UNKNOWN) }),
    result: [/not known at preview/],
  },
];
