import type { Properties } from "../../values/value.ts";
import { mapAt, mapsAt, textAt } from "../fields.ts";
import type { CheckFailure, ResourceRules } from "../service.ts";
import { uuid } from "./lookup.ts";

const ALERTS = [
  ...["abuse_report_alert", "access_custom_certificate_expiration_type", "advanced_ddos_attack_l4_alert"],
  ...["advanced_ddos_attack_l7_alert", "advanced_http_alert_error", "bgp_hijack_notification", "billing_usage_alert"],
  ...["block_notification_block_removed", "block_notification_new_block", "block_notification_review_rejected"],
  ...["bot_traffic_basic_alert", "brand_protection_alert", "brand_protection_digest", "clickhouse_alert_fw_anomaly"],
  ...["clickhouse_alert_fw_ent_anomaly", "cloudforce_one_request_notification", "cni_maintenance_notification"],
  ...["custom_analytics", "custom_bot_detection_alert", "custom_ssl_certificate_event_type"],
  ...["dedicated_ssl_certificate_event_type", "device_connectivity_anomaly_alert", "dos_attack_l4", "dos_attack_l7"],
  ...["expiring_service_token_alert", "failing_logpush_job_disabled_alert", "fbm_auto_advertisement"],
  ...["fbm_dosd_attack", "fbm_volumetric_attack", "health_check_status_notification"],
  ...["hostname_aop_custom_certificate_expiration_type", "http_alert_edge_error", "http_alert_origin_error"],
  ...["image_notification", "image_resizing_notification", "incident_alert", "load_balancing_health_alert"],
  ...["load_balancing_pool_enablement_alert", "logo_match_alert", "magic_tunnel_health_check_event"],
  ...["magic_wan_tunnel_health", "maintenance_event_notification"],
  ...["mtls_certificate_store_certificate_expiration_type", "pages_event_alert", "radar_notification"],
  ...["real_origin_monitoring", "scriptmonitor_alert_new_code_change_detections", "scriptmonitor_alert_new_hosts"],
  ...["scriptmonitor_alert_new_malicious_hosts", "scriptmonitor_alert_new_malicious_scripts"],
  ...["scriptmonitor_alert_new_malicious_url", "scriptmonitor_alert_new_max_length_resource_url"],
  ...["scriptmonitor_alert_new_resources", "secondary_dns_all_primaries_failing", "secondary_dns_primaries_failing"],
  ...["secondary_dns_warning", "secondary_dns_zone_successfully_updated", "secondary_dns_zone_validation_warning"],
  ...["security_insights_alert", "sentinel_alert", "stream_live_notifications", "synthetic_test_latency_alert"],
  ...["synthetic_test_low_availability_alert", "traffic_anomalies_alert", "tunnel_health_event", "tunnel_update_event"],
  ...["universal_ssl_event_type", "web_analytics_metrics_update", "zone_aop_custom_certificate_expiration_type"],
];

/** Filters that one alert alone understands. */
const FILTERS: Readonly<Record<string, readonly string[]>> = {
  incident_alert: ["incidentImpacts", "affectedComponents"],
  pages_event_alert: ["environments", "events", "projectIds"],
  load_balancing_health_alert: ["newHealths", "eventSources"],
  load_balancing_pool_enablement_alert: ["enableds"],
  health_check_status_notification: ["statuses", "healthCheckIds"],
  tunnel_health_event: ["newStatuses", "tunnelIds"],
  maintenance_event_notification: ["airportCodes"],
  billing_usage_alert: ["products", "limits"],
  traffic_anomalies_alert: ["trafficExclusions"],
  clickhouse_alert_fw_ent_anomaly: ["services"],
  advanced_ddos_attack_l4_alert: ["megabitsPerSeconds", "packetsPerSeconds", "protocols", "targetIps"],
  advanced_ddos_attack_l7_alert: ["requestsPerSeconds", "targetHostnames", "targetZoneNames"],
  security_insights_alert: ["insightClasses"],
  stream_live_notifications: ["inputIds"],
  logo_match_alert: ["logoTags"],
  radar_notification: ["affectedAsns", "affectedLocations"],
};

function filterFailures(inputs: Properties, alert: string): CheckFailure[] {
  const given = Object.keys(mapAt(inputs, "filters"));
  return Object.entries(FILTERS).flatMap(([owner, filters]) =>
    owner === alert
      ? []
      : filters
          .filter((filter) => given.includes(filter) && FILTERS[alert]?.includes(filter) !== true)
          .map((filter) => ({
            property: `filters.${filter}`,
            reason: `17103: is a filter of ${owner}, not of ${alert}`,
          })),
  );
}

export const notificationPolicy: ResourceRules = {
  check(inputs) {
    const alert = textAt(inputs, "alertType");
    const failures: CheckFailure[] = [];
    if (alert !== undefined && !ALERTS.includes(alert))
      failures.push({ property: "alertType", reason: `17103: ${alert} is no alert that Cloudflare sends` });
    else if (alert !== undefined) failures.push(...filterFailures(inputs, alert));
    const mechanisms = mapAt(inputs, "mechanisms");
    if (
      inputs["mechanisms"] !== undefined &&
      ["emails", "pagerduties", "webhooks"].every((kind) => !given(mechanisms, kind))
    )
      failures.push({
        property: "mechanisms",
        reason: "17103: at least one of emails, pagerduties, webhooks must be given",
      });
    for (const [index, { id }] of mapsAt(mechanisms, "emails").entries())
      if (typeof id === "string" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(id))
        failures.push({
          property: `mechanisms.emails[${index}].id`,
          reason: "17103: an e-mail mechanism's id is the address itself",
        });
    return failures;
  },
  id: (operation) => uuid(operation.hex("id", 32)),
};

/** Given, or not known yet. */
const given = (mechanisms: Properties, kind: string): boolean => {
  const value = mechanisms[kind];
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
};
