import type { Properties } from "../../values/value.ts";
import { flagAt, listAt, mapsAt, numberAt, textAt } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal } from "../service.ts";

export const DATADOG_REGIONS = ["US", "EU", "US3", "US5", "AP1", "US1_FED"];
export const isDatadogKey = (key: string): boolean => /^[0-9a-f]{32}$/i.test(key);

export const invalidEnum = (value: string): Refusal =>
  new Refusal("INVALID_ENUM_VALUE", `An invalid enumeration value ${value} was specified.`);

/** What each kind of notification cannot do without; a credential may come by `integrationId` or `notifierId`. */
const NEEDED: Readonly<Record<string, { readonly properties: readonly string[]; readonly credential?: true }>> = {
  EMAIL: { properties: ["emailAddress"] },
  SMS: { properties: ["mobileNumber"] },
  SLACK: { properties: ["apiToken", "channelName"], credential: true },
  DATADOG: { properties: ["datadogApiKey"], credential: true },
  OPS_GENIE: { properties: ["opsGenieApiKey"], credential: true },
  PAGER_DUTY: { properties: ["serviceKey"], credential: true },
  VICTOR_OPS: { properties: ["victorOpsApiKey"], credential: true },
  WEBHOOK: { properties: ["webhookUrl"] },
  MICROSOFT_TEAMS: { properties: ["microsoftTeamsWebhookUrl"], credential: true },
  USER: { properties: ["username"] },
};

/** Notifications that go to whoever has a role. */
const WITH_ROLES = ["ORG", "GROUP", "USER"];

export function notificationRefusal({ inputs }: Operation): Refusal | undefined {
  const notifications = mapsAt(inputs, "notifications");
  if (listAt(inputs, "notifications").length === 0)
    return new Refusal(
      "MISSING_NOTIFICATIONS",
      "At least one notification must be specified for an alert configuration.",
    );
  if (notifications.filter((one) => textAt(one, "typeName") === "GROUP").length > 1)
    return new Refusal(
      "TOO_MANY_GROUP_NOTIFICATIONS",
      "At most one group notification can be specified for an alert configuration.",
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
  if (Array.isArray(notification["roles"]) && notification["roles"].length === 0)
    return new Refusal(
      "MISSING_ROLES_FOR_GROUP_NOTIFICATION",
      "Group notifications cannot specify an empty list of roles.",
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
  const missing = needed?.properties.find((property) => textAt(notification, property) === undefined);
  if (missing !== undefined && !otherwise)
    return new Refusal("MISSING_ATTRIBUTE", `The required attribute ${missing} was not specified.`);
  if (notification["roles"] !== undefined && !WITH_ROLES.includes(type))
    return new Refusal(
      "INVALID_ATTRIBUTE",
      `Invalid attribute roles specified: a notification of type ${type} has none.`,
    );
  const key = textAt(notification, "datadogApiKey");
  if (key !== undefined && !isDatadogKey(key))
    return new Refusal("INVALID_DATADOG_API_KEY", "Datadog API key must consist of 32 hexadecimal digits.");
  const region = textAt(notification, "datadogRegion");
  return region === undefined || DATADOG_REGIONS.includes(region) ? undefined : invalidEnum(region);
}

/** Services that keep the interval themselves. */
export const OWN_INTERVAL = ["PAGER_DUTY", "OPS_GENIE", "VICTOR_OPS"];

export function alertFailures(inputs: Properties): CheckFailure[] {
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
