import { unnamed } from "../../support/join.ts";
import { elements, expects, isAbsent, isTrue } from "../../support/property.ts";
import type { Finding, Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown } from "../../support/unknown.ts";

const WEB_ACL = "aws:wafv2/webAcl:WebAcl";
const RULE_GROUP = "aws:wafv2/ruleGroup:RuleGroup";
const RULE = "aws:wafv2/webAclRule:WebAclRule";
const GROUP_ASSOCIATION = "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation";
const LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";

/** Lists and groups without any rule, inline, as JSON, or in resources of their own. */
function emptyLists(stack: Stack): readonly Finding[] {
  return [
    ...unnamed(stack.ofType([WEB_ACL]), stack.ofType([RULE, GROUP_ASSOCIATION]), "webAclArn"),
    ...stack.ofType([RULE_GROUP]),
  ].flatMap((list) => emptyList(list, list.type === WEB_ACL ? "ruleJson" : "rulesJson"));
}

function emptyList({ urn, props }: StackResource, json: string): readonly Finding[] {
  const unknown = [props["rules"], props[json]].find((value) => value instanceof Unknown);
  const given = [...elements({ property: "rules", value: props["rules"] }), { value: props[json] }].filter(
    ({ value }) => !(value instanceof Unknown) && !isAbsent(value) && value !== "[]",
  );
  if (given.length > 0) return [];
  if (unknown instanceof Unknown) return [{ urn, property: "rules", unknown }];
  return [
    { urn, property: "rules", wrong: "it has none", fix: "add rules, AWSManagedRulesCommonRuleSet first of all" },
  ];
}

/** Lists that write no log. */
function unloggedLists(stack: Stack): readonly Finding[] {
  return unnamed(stack.ofType([WEB_ACL]), stack.ofType([LOGGING]), "resourceArn").map(({ urn }) => ({
    urn,
    property: "arn",
    wrong: "nothing logs what this list lets through and blocks",
    fix: "add an aws.wafv2.WebAclLoggingConfiguration with its ARN as resourceArn",
  }));
}

const METRICS = "set cloudwatchMetricsEnabled: true";

export const rules: readonly Rule[] = [
  {
    name: "wafv2-web-acl-has-rules",
    description: "Every web ACL and every rule group has rules.",
    why: "A list without rules looks like protection and is none.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_175", "FSBP WAF.10"],
    stack: emptyLists,
  },
  {
    name: "wafv2-web-acl-logging-enabled",
    description: "Every web ACL logs its requests.",
    why: "Without the log nobody knows whether a rule stops attackers or customers.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV2_AWS_31", "FSBP WAF.11", "cdk-nag WAFv2LoggingEnabled"],
    stack: unloggedLists,
  },
  {
    name: "wafv2-metrics-enabled",
    description: "Web ACLs, rule groups, and their rules count what they match.",
    why: "A rule that suddenly matches much, or nothing, is seen in its metric alone.",
    severity: "low",
    level: "mandatory",
    standards: ["FSBP WAF.12"],
    resources: [
      {
        types: [WEB_ACL, RULE_GROUP, RULE],
        unknown: "refuse",
        find: expects("visibilityConfig.cloudwatchMetricsEnabled", isTrue, METRICS),
      },
      {
        types: [WEB_ACL, RULE_GROUP],
        unknown: "refuse",
        find: expects("rules[].visibilityConfig.cloudwatchMetricsEnabled", isTrue, METRICS),
      },
    ],
  },
];
