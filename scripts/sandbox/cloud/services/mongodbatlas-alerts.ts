import type { Properties } from "../../values/value.ts";
import { flagAt, mapAt, mapsAt, textAt } from "../fields.ts";
import { type Operation, Refusal, type ResourceRules } from "../service.ts";
import { type AlertEvent, alertEvent, fitsUnit, isMetric, isUnit } from "./mongodbatlas-alert-events.ts";
import {
  alertFailures,
  DATADOG_REGIONS,
  invalidEnum,
  isDatadogKey,
  notificationRefusal,
  OWN_INTERVAL,
} from "./mongodbatlas-notifications.ts";
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
  const config = mapAt(inputs, "metricThresholdConfig");
  const metric = textAt(config, "metricName") ?? "";
  const units = textAt(config, "units") ?? "RAW";
  if (!isMetric(metric)) return new Refusal("INVALID_METRIC_NAME", `An invalid metric name ${metric} was specified.`);
  if (!isUnit(units)) return invalidEnum(units);
  return fitsUnit(metric, units)
    ? undefined
    : new Refusal(
        "UNITS_MISMATCH",
        `Threshold units cannot be converted to metric units: ${metric} is not in ${units}.`,
      );
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
