import type { Properties } from "../../values/value.ts";
import { flagAt, listAt, mapAt, mapsAt, numberAt, textAt } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { type AlertEvent, alertEvent, isMetric } from "./mongodbatlas-alert-events.ts";
import {
  encodedId,
  firstOf,
  ofProject,
  projectMissing,
  projectOf,
  providerRefusal,
  SETTLED,
} from "./mongodbatlas-lookup.ts";

const ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration";
const INTEGRATION = "mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration";

const DATADOG_REGIONS = ["US", "EU", "US3", "US5", "AP1", "US1_FED"];
const isDatadogKey = (key: string): boolean => /^[0-9a-f]{32}$/i.test(key);

const invalidEnum = (value: string): Refusal =>
  new Refusal("INVALID_ENUM_VALUE", `An invalid enumeration value ${value} was specified.`);

function eventRefusal({ inputs }: Operation): Refusal | undefined {
  const name = textAt(inputs, "eventType") ?? "";
  const event = alertEvent(name);
  return event === undefined
    ? new Refusal("INVALID_EVENT_TYPE_FOR_ALERT", `Event type ${name} not supported for alerts.`)
    : firstOf(
        () => metricRefusal(inputs, event),
        () => thresholdRefusal(inputs, event, name),
        () => matcherRefusal(inputs, event),
      );
}

function metricRefusal(inputs: Properties, { needs }: AlertEvent): Refusal | undefined {
  const given = inputs["metricThresholdConfig"] !== undefined;
  if (needs !== "metric")
    return given
      ? new Refusal("METRIC_THRESHOLD_PRESENT", "The metric threshold should only be specific for host metric alerts.")
      : undefined;
  if (!given)
    return new Refusal("MISSING_METRIC_THRESHOLD", "A metric threshold must be specified for host metric alerts.");
  const metric = textAt(mapAt(inputs, "metricThresholdConfig"), "metricName") ?? "";
  return isMetric(metric)
    ? undefined
    : new Refusal("INVALID_METRIC_NAME", `An invalid metric name ${metric} was specified.`);
}

function thresholdRefusal(inputs: Properties, { needs, operator }: AlertEvent, name: string): Refusal | undefined {
  const given = inputs["thresholdConfig"] !== undefined;
  if (needs !== "threshold")
    return given
      ? new Refusal("THRESHOLD_PRESENT", "A threshold should not be present for the specified event type.")
      : undefined;
  if (!given) return new Refusal("MISSING_THRESHOLD", "A threshold must be specified for the specified event type.");
  const used = textAt(mapAt(inputs, "thresholdConfig"), "operator");
  return used === operator
    ? undefined
    : new Refusal(
        "INVALID_OPERATOR_FOR_EVENT_TYPE",
        `Operator ${used ?? ""} is not compatible with event type ${name}.`,
      );
}

function matcherRefusal(inputs: Properties, { fields = [] }: AlertEvent): Refusal | undefined {
  const unknown = mapsAt(inputs, "matchers")
    .map((matcher) => textAt(matcher, "fieldName") ?? "")
    .find((field) => !fields.includes(field));
  return unknown === undefined ? undefined : invalidEnum(unknown);
}

/** What each kind of notification cannot do without; a credential may come by `integrationId` or `notifierId`. */
const NEEDED: Readonly<Record<string, { readonly property: string; readonly credential?: true }>> = {
  EMAIL: { property: "emailAddress" },
  SMS: { property: "mobileNumber" },
  SLACK: { property: "apiToken", credential: true },
  DATADOG: { property: "datadogApiKey", credential: true },
  OPS_GENIE: { property: "opsGenieApiKey", credential: true },
  PAGER_DUTY: { property: "serviceKey", credential: true },
  VICTOR_OPS: { property: "victorOpsApiKey", credential: true },
  WEBHOOK: { property: "webhookUrl" },
  MICROSOFT_TEAMS: { property: "microsoftTeamsWebhookUrl", credential: true },
  USER: { property: "username" },
};

function notificationRefusal({ inputs }: Operation): Refusal | undefined {
  const notifications = mapsAt(inputs, "notifications");
  if (listAt(inputs, "notifications").length === 0)
    return new Refusal(
      "MISSING_NOTIFICATIONS",
      "At least one notification must be specified for an alert configuration.",
    );
  return notifications.map(oneNotificationRefusal).find((refusal) => refusal !== undefined);
}

function oneNotificationRefusal(notification: Properties): Refusal | undefined {
  const type = textAt(notification, "typeName") ?? "";
  if (type === "ORG")
    return new Refusal(
      "NO_ORG_NOTIFICATION_FOR_GROUP_ALERT",
      "Organization notification cannot be specified for group alert.",
    );
  if (["GROUP", "USER"].includes(type)) {
    const reaches = ["emailEnabled", "smsEnabled"].some((way) => flagAt(notification, way) === true);
    if (!reaches)
      return new Refusal(
        `EMAIL_OR_SMS_REQUIRED_FOR_${type}_NOTIFICATION`,
        `Email and/or SMS must be enabled for ${type.toLowerCase()} notifications.`,
      );
  }
  const needed = NEEDED[type];
  const otherwise =
    needed?.credential === true && ["integrationId", "notifierId"].some((id) => textAt(notification, id) !== undefined);
  if (needed !== undefined && !otherwise && textAt(notification, needed.property) === undefined)
    return new Refusal("MISSING_ATTRIBUTE", `The required attribute ${needed.property} was not specified.`);
  const key = textAt(notification, "datadogApiKey");
  if (key !== undefined && !isDatadogKey(key))
    return new Refusal("INVALID_DATADOG_API_KEY", "Datadog API key must consist of 32 hexadecimal digits.");
  const region = textAt(notification, "datadogRegion");
  return region === undefined || DATADOG_REGIONS.includes(region) ? undefined : invalidEnum(region);
}

/** Services that keep the interval themselves. */
const OWN_INTERVAL = ["PAGER_DUTY", "OPS_GENIE", "VICTOR_OPS"];

function alertFailures(inputs: Properties): CheckFailure[] {
  return mapsAt(inputs, "notifications").flatMap((notification, index) => {
    const type = textAt(notification, "typeName") ?? "";
    return OWN_INTERVAL.includes(type) && (numberAt(notification, "intervalMin") ?? 0) > 0
      ? [
          {
            property: `notifications[${index}].intervalMin`,
            reason: `must not be set if typeName is ${type}: the interval is managed there`,
          },
        ]
      : [];
  });
}

const alertRefusal = (operation: Operation): Refusal | undefined =>
  firstOf(
    () => projectMissing(operation),
    () => eventRefusal(operation),
    () => notificationRefusal(operation),
  );

const alert: ResourceRules = {
  check: alertFailures,
  refuseCreate: alertRefusal,
  refuseUpdate: alertRefusal,
  id: (operation) => encodedId({ id: operation.hex("alert", 24), project_id: projectOf(operation) }),
  computed: (operation) => ({
    alertConfigurationId: operation.hex("alert", 24),
    created: SETTLED,
    enabled: flagAt(operation.inputs, "enabled") ?? false,
    notifications: mapsAt(operation.inputs, "notifications").map((notification, index): Properties => ({
      delayMin: 0,
      emailEnabled: false,
      integrationId: "",
      intervalMin: OWN_INTERVAL.includes(textAt(notification, "typeName") ?? "") ? 0 : 60,
      smsEnabled: false,
      teamName: "",
      ...notification,
      notifierId: textAt(notification, "notifierId") ?? operation.hex(`notifier-${index}`, 24),
    })),
    updated: SETTLED,
  }),
};

/** What the provider asks for at create, by type; empty and false count as missing. */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  PAGER_DUTY: ["serviceKey"],
  DATADOG: ["apiKey", "region"],
  OPS_GENIE: ["apiKey", "region"],
  VICTOR_OPS: ["apiKey"],
  WEBHOOK: ["url"],
  MICROSOFT_TEAMS: ["microsoftTeamsWebhookUrl"],
  PROMETHEUS: ["userName", "password", "serviceDiscovery", "enabled"],
};

function settingsRefusal({ inputs, existing }: Operation): Refusal | undefined {
  const type = textAt(inputs, "type") ?? "";
  const missing = (SETTINGS[type] ?? []).find(
    (property) => textAt(inputs, property) === undefined && flagAt(inputs, property) !== true,
  );
  if (missing !== undefined && existing === undefined)
    return providerRefusal(`${missing} is required when the integration's type is ${type}`);
  if (type !== "DATADOG") return undefined;
  const key = textAt(inputs, "apiKey") ?? "";
  if (!isDatadogKey(key))
    return new Refusal("INVALID_DATADOG_API_KEY", "Datadog API key must consist of 32 hexadecimal digits.");
  const region = textAt(inputs, "region") ?? "";
  return DATADOG_REGIONS.includes(region)
    ? undefined
    : new Refusal(
        "INVALID_INTEGRATION_SETTINGS",
        `The provided settings for the DATADOG integration were invalid: no region ${region}.`,
      );
}

const SETTINGS_OF_KINDS = [
  "channelName",
  "microsoftTeamsWebhookUrl",
  "password",
  "region",
  "routingKey",
  "serviceDiscovery",
  "serviceKey",
  "teamName",
  "url",
  "userName",
];

const integration: ResourceRules = {
  refuseCreate: (operation) =>
    firstOf(
      () => projectMissing(operation),
      () => settingsRefusal(operation),
      () =>
        ofProject(operation, INTEGRATION).some(({ inputs }) => inputs["type"] === operation.inputs["type"])
          ? new Refusal(
              "INTEGRATION_ALREADY_CONFIGURED",
              `The integration of type '${textAt(operation.inputs, "type") ?? ""}' is already configured for this group.`,
            )
          : undefined,
    ),
  refuseUpdate: settingsRefusal,
  id: (operation) => encodedId({ project_id: projectOf(operation), type: textAt(operation.inputs, "type") ?? "" }),
  // What another kind of integration would have is empty: Atlas makes nothing up.
  computed: ({ inputs }) =>
    Object.fromEntries(SETTINGS_OF_KINDS.map((setting) => [setting, textAt(inputs, setting) ?? ""])),
};

export const alertResources: Readonly<Record<string, ResourceRules>> = { [ALERT]: alert, [INTEGRATION]: integration };
