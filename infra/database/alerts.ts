import * as mongodbatlas from "@pulumi/mongodbatlas";
import type * as pulumi from "@pulumi/pulumi";
import { datadogRegion } from "./atlas.ts";

type Notification = mongodbatlas.types.input.AlertConfigurationNotification;

export interface DatabaseAlertArgs {
  readonly projectId: pulumi.Input<string>;
  readonly alertEmail: pulumi.Input<string>;
  readonly datadogApiKey: pulumi.Output<string> | undefined;
  readonly datadogSite: pulumi.Output<string>;
  /** Plain: whether any moment can be restored, so that the oplog's copy matters too. */
  readonly pointInTime: boolean;
  /** Plain: whether snapshots are copied to another region. */
  readonly copies: boolean;
}

interface Alert {
  readonly eventType: string;
  /** Minutes for which the condition must last before anybody is told. */
  readonly delayMin: number;
  readonly metric?: readonly [name: string, threshold: number, units: "RAW" | "SECONDS"];
  readonly threshold?: readonly [operator: "GREATER_THAN" | "LESS_THAN", hours: number];
  readonly only?: "pointInTime" | "copies";
}

const metric = (name: string, threshold: number, delayMin: number, units: "RAW" | "SECONDS" = "RAW"): Alert => ({
  eventType: "OUTSIDE_METRIC_THRESHOLD",
  delayMin,
  metric: [name, threshold, units],
});

/** What Atlas tells of. A project has one cluster, so no alert needs to name it. */
const alerts: Readonly<Record<string, Alert>> = {
  // 80 per cent for 10 minutes, from the brief.
  cpu: metric("NORMALIZED_SYSTEM_CPU_USER", 80, 10),
  // Per cent of what the size allows; at 100 new tasks cannot connect.
  connections: metric("CONNECTIONS_PERCENT", 80, 5),
  // A secondary a minute behind makes failover slow and reads stale.
  "replication-lag": metric("OPLOG_SLAVE_LAG_MASTER_TIME", 60, 5, "SECONDS"),
  // Atlas grows the disk at 90 per cent: one that stays above it for half an hour has not grown.
  disk: metric("DISK_PARTITION_SPACE_USED_DATA", 90, 30),
  "scaled-to-maximum": { eventType: "COMPUTE_AUTO_SCALE_MAX_INSTANCE_SIZE_FAIL_BASE", delayMin: 0 },
  "no-primary": { eventType: "NO_PRIMARY", delayMin: 1 },
  // Longer than a restart for maintenance takes.
  "host-down": { eventType: "HOST_DOWN", delayMin: 15 },
  "oplog-window": { eventType: "REPLICATION_OPLOG_WINDOW_RUNNING_OUT", delayMin: 0, threshold: ["LESS_THAN", 1] },
  "snapshot-failed": { eventType: "CPS_SNAPSHOT_FAILED", delayMin: 0 },
  // Half a day past its time.
  "snapshot-late": { eventType: "CPS_SNAPSHOT_BEHIND", delayMin: 0, threshold: ["GREATER_THAN", 12] },
  // The brief's recovery point of 1 hour no longer holds.
  "oplog-copy-late": {
    eventType: "CPS_OPLOG_BEHIND",
    delayMin: 0,
    threshold: ["GREATER_THAN", 1],
    only: "pointInTime",
  },
  "snapshot-copy-failed": { eventType: "CPS_COPY_SNAPSHOT_FAILED", delayMin: 0, only: "copies" },
};

/** Reminders every hour until somebody acknowledges. */
const intervalMin = 60;

/**
 * What Atlas tells of by itself: by e-mail always, and to Datadog where there is a key. Datadog's own monitors read
 * the metrics that the integration sends; these alerts do not depend on it.
 */
export function alertOn(component: pulumi.ComponentResource, name: string, args: DatabaseAlertArgs): void {
  const { projectId, datadogApiKey } = args;
  const region = args.datadogSite.apply(datadogRegion);

  if (datadogApiKey !== undefined)
    new mongodbatlas.ThirdPartyIntegration(
      name,
      // Tags tell environments and teams apart in Datadog.
      { projectId, type: "DATADOG", apiKey: datadogApiKey, region, sendUserProvidedResourceTags: true },
      { parent: component },
    );

  const notifications = (delayMin: number): Notification[] => [
    { typeName: "EMAIL", emailAddress: args.alertEmail, intervalMin, delayMin },
    ...(datadogApiKey === undefined
      ? []
      : [{ typeName: "DATADOG", datadogApiKey, datadogRegion: region, intervalMin, delayMin }]),
  ];
  for (const [purpose, alert] of Object.entries(alerts)) {
    if (alert.only !== undefined && !args[alert.only]) continue;
    new mongodbatlas.AlertConfiguration(
      `${name}-${purpose}`,
      {
        projectId,
        enabled: true,
        eventType: alert.eventType,
        notifications: notifications(alert.delayMin),
        ...thresholdsOf(alert),
      },
      { parent: component, ...(datadogApiKey && { additionalSecretOutputs: ["notifications"] }) },
    );
  }
}

function thresholdsOf({ metric, threshold }: Alert) {
  if (metric !== undefined) {
    const [metricName, limit, units] = metric;
    return {
      metricThresholdConfig: { metricName, operator: "GREATER_THAN", threshold: limit, units, mode: "AVERAGE" },
    };
  }
  if (threshold === undefined) return {};
  const [operator, hours] = threshold;
  return { thresholdConfig: { operator, threshold: hours, units: "HOURS" } };
}
