import { meantBy } from "./misspelt.ts";

/** What an alert of an event must say, and on what it may match. */
export interface AlertEvent {
  /** "metric": metricThresholdConfig; "threshold": thresholdConfig, with its operator. */
  readonly needs?: "metric" | "threshold";
  readonly operator?: "GREATER_THAN" | "LESS_THAN";
  /** Fields that matchers may name. None: matchers are refused. */
  readonly fields?: readonly string[];
}

const ON_HOST = ["TYPE_NAME", "HOSTNAME", "PORT", "HOSTNAME_AND_PORT", "REPLICA_SET_NAME"];
const ON_SET = ["REPLICA_SET_NAME", "SHARD_NAME", "CLUSTER_NAME"];
const ON_CLUSTER = ["CLUSTER_NAME", "SHARD_NAME"];

const plain = (...names: readonly string[]): [string, AlertEvent][] => names.map((name) => [name, {}]);
const each = (event: AlertEvent, ...names: readonly string[]): [string, AlertEvent][] =>
  names.map((name) => [name, event]);

/** Events of a project that alerts can be made for. The list of Atlas grows; what is not here is refused. */
const EVENTS: ReadonlyMap<string, AlertEvent> = new Map([
  ...each({ needs: "metric", fields: ON_HOST }, "OUTSIDE_METRIC_THRESHOLD"),
  ...each({ needs: "metric" }, "OUTSIDE_SERVERLESS_METRIC_THRESHOLD", "OUTSIDE_FLEX_METRIC_THRESHOLD"),
  ...each(
    { fields: ON_HOST },
    "HOST_DOWN",
    "HOST_HAS_INDEX_SUGGESTIONS",
    "HOST_MONGOT_CRASHING_OOM",
    "HOST_MONGOT_STOP_REPLICATION",
    "HOST_NOT_ENOUGH_DISK_SPACE",
    "SSH_KEY_NDS_HOST_ACCESS_REQUESTED",
  ),
  ...each({ fields: ON_SET }, "NO_PRIMARY", "PRIMARY_ELECTED"),
  ...each({ needs: "threshold", operator: "GREATER_THAN", fields: ON_SET }, "TOO_MANY_ELECTIONS"),
  ...each({ needs: "threshold", operator: "LESS_THAN", fields: ON_SET }, "REPLICATION_OPLOG_WINDOW_RUNNING_OUT"),
  ...each({ fields: ON_CLUSTER }, "CLUSTER_MONGOS_IS_MISSING"),
  ...each({ needs: "threshold", operator: "GREATER_THAN" }, "CPS_SNAPSHOT_BEHIND", "CPS_OPLOG_BEHIND"),
  ...each(
    { needs: "threshold", operator: "GREATER_THAN" },
    "PENDING_INVOICE_OVER_THRESHOLD",
    "DAILY_BILL_OVER_THRESHOLD",
  ),
  ...each({ needs: "threshold", operator: "GREATER_THAN" }, "AWS_ENCRYPTION_KEY_NEEDS_ROTATION"),
  ...plain(
    "CPS_SNAPSHOT_STARTED",
    "CPS_SNAPSHOT_SUCCESSFUL",
    "CPS_SNAPSHOT_FAILED",
    "CPS_CONCURRENT_SNAPSHOT_FAILED_WILL_RETRY",
    "CPS_SNAPSHOT_FALLBACK_SUCCESSFUL",
    "CPS_SNAPSHOT_FALLBACK_FAILED",
    "CPS_COPY_SNAPSHOT_STARTED",
    "CPS_COPY_SNAPSHOT_FAILED",
    "CPS_COPY_SNAPSHOT_FAILED_WILL_RETRY",
    "CPS_COPY_SNAPSHOT_SUCCESSFUL",
    "CPS_RESTORE_SUCCESSFUL",
    "CPS_RESTORE_FAILED",
    "CPS_EXPORT_SUCCESSFUL",
    "CPS_EXPORT_FAILED",
    "CPS_AUTO_EXPORT_FAILED",
    "CPS_SNAPSHOT_DOWNLOAD_REQUEST_FAILED",
    "CPS_OPLOG_CAUGHT_UP",
  ),
  ...plain(
    "COMPUTE_AUTO_SCALE_INITIATED_BASE",
    "COMPUTE_AUTO_SCALE_SCALE_DOWN_FAIL_BASE",
    "COMPUTE_AUTO_SCALE_MAX_INSTANCE_SIZE_FAIL_BASE",
    "COMPUTE_AUTO_SCALE_OPLOG_FAIL_BASE",
    "DISK_AUTO_SCALE_INITIATED",
    "DISK_AUTO_SCALE_MAX_DISK_SIZE_FAIL",
    "DISK_AUTO_SCALE_OPLOG_FAIL",
  ),
  ...plain(
    "CREDIT_CARD_ABOUT_TO_EXPIRE",
    "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED",
    "ENCRYPTION_AT_REST_CONFIG_NO_LONGER_VALID",
    "JOINED_GROUP",
    "REMOVED_FROM_GROUP",
    "USER_ROLES_CHANGED_AUDIT",
    "USERS_WITHOUT_MULTI_FACTOR_AUTH",
    "USERS_WITHOUT_MULTIFACTOR_AUTH",
    "MAINTENANCE_IN_ADVANCED",
    "MAINTENANCE_AUTO_DEFERRED",
    "MAINTENANCE_STARTED",
    "MAINTENANCE_NO_LONGER_NEEDED",
    "NETWORK_PERMISSION_ENTRY_ADDED",
    "NETWORK_PERMISSION_ENTRY_REMOVED",
    "NETWORK_PERMISSION_ENTRY_UPDATED",
    "CLUSTER_INSTANCE_STOP_START",
    "CLUSTER_INSTANCE_RESYNC_REQUESTED",
    "CLUSTER_INSTANCE_UPDATE_REQUESTED",
    "RESOURCE_POLICY_VIOLATED",
  ),
]);

export const alertEvent = (name: string): AlertEvent | undefined => EVENTS.get(name);

/** Beginnings of the names of metrics that hosts have. */
const METRICS =
  /^(ASSERT|AVG|BACKGROUND_FLUSH|CACHE|COMPUTED_MEMORY|CONNECTIONS|CURSORS|DB|DISK_PARTITION|DOCUMENT|EXTRA_INFO|FTS|GLOBAL|INDEX_COUNTERS|JOURNALING|LOGICAL_SIZE|MAX_DISK|MAX_NORMALIZED|MAX_SYSTEM|MEMORY|MUNIN|NETWORK|NORMALIZED|OPCOUNTER|OPERATION|OPERATIONS|OPLOG|QUERY|RESTARTS|SERVERLESS|FLEX|SWAP_USAGE|SYSTEM|TICKETS)(_[A-Z0-9_]+)?$/;

/** Those that most alerts are about: what is nearly one of them is a slip. */
const KNOWN = [
  "CONNECTIONS",
  "CONNECTIONS_PERCENT",
  "DISK_PARTITION_SPACE_USED_DATA",
  "DISK_PARTITION_UTILIZATION_DATA",
  "NORMALIZED_SYSTEM_CPU_USER",
  "NORMALIZED_SYSTEM_CPU_STEAL",
  "OPLOG_MASTER_TIME",
  "OPLOG_SLAVE_LAG_MASTER_TIME",
  "QUERY_TARGETING_SCANNED_OBJECTS_PER_RETURNED",
  "SYSTEM_MEMORY_PERCENT_USED",
  "TICKETS_AVAILABLE_READS",
  "TICKETS_AVAILABLE_WRITES",
];

export const isMetric = (name: string): boolean => METRICS.test(name) && meantBy(name, KNOWN) === undefined;

const UNITS: Readonly<Record<string, readonly string[]>> = {
  number: ["RAW", "THOUSAND", "MILLION", "BILLION"],
  data: [
    "BITS",
    "KILOBITS",
    "MEGABITS",
    "GIGABITS",
    "BYTES",
    "KILOBYTES",
    "MEGABYTES",
    "GIGABYTES",
    "TERABYTES",
    "PETABYTES",
  ],
  time: ["NANOSECONDS", "MILLISECONDS", "MILLION_MINUTES", "SECONDS", "MINUTES", "HOURS", "DAYS"],
};

export const isUnit = (unit: string): boolean => Object.values(UNITS).some((units) => units.includes(unit));

/** What shares and counts are in: nothing but numbers. */
const IN_NUMBERS = /CPU|PERCENT|^CONNECTIONS|^TICKETS|^OPCOUNTER|^ASSERT|^CURSORS|_IOPS|SPACE_USED|UTILIZATION/;

/** Whether a metric's threshold can be given in a unit. */
export const fitsUnit = (metric: string, unit: string): boolean =>
  !IN_NUMBERS.test(metric) || (UNITS["number"] ?? []).includes(unit);
