import { apiMonitors } from "./api-monitors.ts";
import { backupMonitors, cacheMonitors, databaseMonitors } from "./data-monitors.ts";

/** What the queries filter by: names and ids as Datadog's tags have them. */
export interface Scope {
  /** The tag `env` of traces. */
  readonly environment: string;
  /** The tag `service` of traces. */
  readonly service: string;
  /** `app/NAME/ID` */
  readonly loadBalancer: string;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly databaseCluster: string;
  /** Connections that one node of the database takes. */
  readonly databaseConnectionLimit: number;
  readonly replicationGroupId: string;
  /** "" where nothing is backed up by AWS Backup. */
  readonly backupVault: string;
  /** Seconds. */
  readonly p95Seconds: number;
}

export interface MonitorRow {
  /** What is wrong, as a headline. */
  readonly title: string;
  readonly means: string;
  readonly action: string;
  /** The part of the system that is measured. */
  readonly service: "api" | "database" | "cache" | "backups";
  readonly type: "query alert" | "event-v2 alert";
  /** The query up to its comparison. */
  readonly measure: (scope: Scope) => string;
  readonly comparator: ">" | "<";
  readonly critical: number | ((scope: Scope) => number);
  readonly warning?: number | ((scope: Scope) => number);
  /** Where an alert ends. Default: at the threshold. */
  readonly recovery?: number | ((scope: Scope) => number);
  /** 1 and 2 page. */
  readonly priority: 1 | 2 | 3;
  /** Tells when nothing was measured for so many minutes; at least twice the query's window. Default: never. */
  readonly noDataMinutes?: number;
}

export interface Thresholds {
  readonly critical: number;
  readonly warning?: number;
  readonly criticalRecovery?: number;
}

/** Every monitor of the environment; the key is its section of docs/runbook.md. */
export const monitorRows = {
  ...apiMonitors,
  ...databaseMonitors,
  ...cacheMonitors,
  ...backupMonitors,
} as const satisfies Record<string, MonitorRow>;

export type MonitorKey = keyof typeof monitorRows;

/** Those that have something to measure. */
export const monitorsOf = (hasBackups: boolean): readonly [MonitorKey, MonitorRow][] =>
  (Object.entries(monitorRows) as [MonitorKey, MonitorRow][]).filter(
    ([, { service }]) => hasBackups || service !== "backups",
  );

const at = (value: number | ((scope: Scope) => number), scope: Scope): number =>
  typeof value === "number" ? value : value(scope);

export function thresholdsOf({ critical, warning, recovery }: MonitorRow, scope: Scope): Thresholds {
  return {
    critical: at(critical, scope),
    ...(warning !== undefined && { warning: at(warning, scope) }),
    ...(recovery !== undefined && { criticalRecovery: at(recovery, scope) }),
  };
}

/** Datadog refuses a monitor whose query compares with another number than its critical threshold. */
export const queryOf = (row: MonitorRow, scope: Scope): string =>
  `${row.measure(scope)} ${row.comparator} ${thresholdsOf(row, scope).critical}`;

/** CloudWatch's metrics come up to 15 minutes late; Datadog recommends to wait as long before they are judged. */
const cloudWatchDelaySeconds = 900;

export const delaySecondsOf = (query: string): number | undefined =>
  query.includes(":aws.") ? cloudWatchDelaySeconds : undefined;

/** A minimum over a window says something only once the window is full; what comes now and then never fills it. */
export const needsFullWindow = (query: string): boolean => query.startsWith("min(");

export const isGrouped = (query: string): boolean => query.includes(" by {");
