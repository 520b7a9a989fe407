import { notPublic } from "../../support/iam/public-policy.ts";
import { ALARMS } from "../../support/monitoring/watchers.ts";
import { at, expects, isSet, isTrue, orAbsent } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { Unknown } from "../../support/unknown.ts";

const MUTE = "aws:cloudwatch/alarmMuteRule:AlarmMuteRule";
const LOG_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy";
const DESTINATION_POLICY = "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy";
const DELIVERY_POLICY = "aws:cloudwatch/logDeliveryDestinationPolicy:LogDeliveryDestinationPolicy";
const BUS_POLICY = "aws:cloudwatch/eventBusPolicy:EventBusPolicy";
const EVENT_PERMISSION = "aws:cloudwatch/eventPermission:EventPermission";

const WHO = "name the service or the accounts, and pin aws:SourceAccount";

/** Permissions of everyone to put events on a bus; the only condition that they take is one on the organisation. */
function openBus({ props }: Resource): readonly Finding[] {
  const { principal, condition } = props;
  if (principal instanceof Unknown) return [{ property: "principal", unknown: principal }];
  if (isSet.is(principal) && principal !== "*") return [];
  const organisation = condition instanceof Unknown ? condition : at(condition, "value");
  if (organisation instanceof Unknown) return [{ property: "condition.value", unknown: organisation }];
  if (typeof organisation === "string" && organisation.startsWith("o-")) return [];
  return [
    {
      property: "principal",
      wrong: principal === "*" ? "it is *, which is every account of AWS" : "it is not set",
      fix: "name the account, or add a condition on aws:PrincipalOrgID",
    },
  ];
}

export const rules: readonly Rule[] = [
  {
    name: "cloudwatch-alarm-acts",
    description: "Alarms of CloudWatch do something when they go off.",
    why: "An alarm that tells nobody is a colour on a page that nobody looks at.",
    severity: "high",
    level: "mandatory",
    standards: [
      ...["CKV_AWS_319", "cdk-nag CloudWatchAlarmAction", "Prowler cloudwatch_alarm_actions_enabled"],
      "Prowler cloudwatch_alarm_actions_alarm_state_configured",
    ],
    resources: [
      {
        types: ALARMS,
        unknown: "refuse",
        find: expects("actionsEnabled", orAbsent(isTrue), "set actionsEnabled: true, or remove it"),
      },
      {
        types: ALARMS,
        unknown: "defer",
        find: expects("alarmActions", isSet, "set alarmActions to the topic that the team listens to"),
      },
    ],
  },
  {
    name: "cloudwatch-mute-ends",
    description: "Alarms of CloudWatch are muted up to a day that is written down.",
    why: "A mute that nobody ends hides the next outage.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [MUTE], unknown: "defer", find: expects("expireDate", isSet, "set expireDate to the day of the end") },
    ],
  },
  {
    name: "cloudwatch-log-policy-not-public",
    description: "No policy of CloudWatch Logs lets everyone write or subscribe.",
    why: "Strangers could fill the log, at the project's cost, or read it as it is written.",
    severity: "high",
    level: "mandatory",
    standards: ["Prowler cloudwatch_log_group_not_publicly_accessible"],
    resources: [
      { types: [LOG_POLICY], unknown: "defer", find: notPublic("policyDocument", WHO) },
      { types: [DESTINATION_POLICY], unknown: "defer", find: notPublic("accessPolicy", WHO) },
      { types: [DELIVERY_POLICY], unknown: "defer", find: notPublic("deliveryDestinationPolicy", WHO) },
    ],
  },
  {
    name: "cloudwatch-event-bus-not-public",
    description: "No bus of EventBridge takes events from everyone.",
    why: "A stranger's event starts whatever a rule starts for a real one.",
    severity: "high",
    level: "mandatory",
    standards: ["Prowler eventbridge_bus_exposed"],
    resources: [
      { types: [BUS_POLICY], unknown: "defer", find: notPublic("policy", WHO) },
      { types: [EVENT_PERMISSION], unknown: "defer", find: openBus },
    ],
  },
];
