import { ofApi, spans } from "./api-monitors.ts";
import type { MonitorRow, Scope } from "./monitors.ts";

/** Connections that one node takes, by the cluster's size. Source: Atlas, "Connection limits and cluster tier". */
export const connectionLimits: Readonly<Record<string, number>> = {
  M10: 1500,
  M20: 3000,
  M30: 3000,
  M40: 6000,
  M50: 16_000,
  M60: 32_000,
  M80: 64_000,
};

/** Each node by itself: an average over three would hide one. */
const nodes = ({ databaseCluster }: Scope): string => `{clustername:${databaseCluster}} by {hostnameport}`;

/** ElastiCache measures nodes, whose ids begin with the group's. */
const cacheNodes = ({ replicationGroupId }: Scope): string => `{cacheclusterid:${replicationGroupId}-*}`;
const vault = ({ backupVault }: Scope): string => `{backupvaultname:${backupVault}}`;

/** Parts of the time in which a CPU is not idle; `guest` is counted in `user` already. */
const cpuStates = ["user", "kernel", "nice", "iowait", "irq", "softirq", "steal"];

export const databaseMonitors = {
  "database-cpu": {
    title: "A database node is busy above 80 %",
    means: "For 10 minutes a node of the database used more than 80 % of its CPU.",
    action:
      "Open the Query Profiler in Atlas: a missing index is the usual reason; compute scales up by itself within bounds.",
    service: "database",
    type: "query alert",
    measure: (scope) =>
      `min(last_10m):${cpuStates.map((state) => `max:mongodb.atlas.system.cpu.norm.${state}${nodes(scope)}`).join(" + ")}`,
    comparator: ">",
    // From the brief: database CPU > 80 % for 10 minutes.
    critical: 80,
    warning: 70,
    priority: 2,
    noDataMinutes: 30,
  },
  "database-connections": {
    title: "The database runs out of connections",
    means: "A node of the database has more than 80 % of the connections that its size allows.",
    action: "See whether the number of tasks rose or a pool leaks; a restart of the API's tasks frees what leaks.",
    service: "database",
    type: "query alert",
    measure: (scope) => `max(last_10m):max:mongodb.atlas.connections.current${nodes(scope)}`,
    comparator: ">",
    critical: ({ databaseConnectionLimit }) => databaseConnectionLimit * 0.8,
    warning: ({ databaseConnectionLimit }) => databaseConnectionLimit * 0.6,
    priority: 2,
  },
  "database-replication-lag": {
    title: "A secondary of the database is behind",
    means: "A secondary was more than a minute behind the primary, on average of 10 minutes.",
    action: "Stop bulk writes, index builds, and migrations that run; then look at the node's disk.",
    service: "database",
    type: "query alert",
    measure: (scope) => `avg(last_10m):max:mongodb.atlas.replset.replicationlag${nodes(scope)}`,
    comparator: ">",
    // Seconds. A primary that fails now loses its place to a node that lacks a minute, and a majority write waits as long.
    critical: 60,
    warning: 20,
    priority: 2,
  },
  "database-disk": {
    title: "The database's disk is nearly full",
    means: "The disk of a database node is more than 90 % full.",
    action: "Atlas enlarges disks at 90 % by itself: see in its activity feed whether it did, and what grew.",
    service: "database",
    type: "query alert",
    measure: (scope) => `max(last_30m):max:mongodb.atlas.system.disk.space.percentused${nodes(scope)}`,
    comparator: ">",
    critical: 90,
    warning: 80,
    priority: 2,
  },
  "database-slow-queries": {
    title: "One query in twenty takes more than 100 ms",
    means: "The slowest 5 % of the API's calls to the database took more than 100 ms for 10 minutes.",
    action: "See in APM which query it is, and in the Query Profiler whether it scans more than it returns.",
    service: "database",
    type: "query alert",
    measure: (scope) => `percentile(last_10m):p95:trace.${spans.databaseCall}${ofApi(scope)}`,
    comparator: ">",
    // From the brief: query response < 100 ms (p95). In seconds.
    critical: 0.1,
    warning: 0.08,
    priority: 3,
  },
} as const satisfies Record<string, MonitorRow>;

/**
 * Counted by the API. The cache's own counts would take every new window of a rate limit and every new idempotency key
 * for a miss.
 */
export const lookups = (scope: Scope, ...filters: readonly string[]): string =>
  `sum:cache.lookups${ofApi(scope, ...filters)}.as_count()`;
/** Old entries that were served while they were read anew count too, and that there is nothing is an answer. */
export const answeredLookups = (scope: Scope): string => lookups(scope, "!outcome:miss");

export const cacheMonitors = {
  "cache-memory": {
    title: "The cache's memory is nearly full",
    means: "A node of the cache uses more than 90 % of its memory.",
    action: "See which keys grew and whether they have a time to live; a larger node is one setting.",
    service: "cache",
    type: "query alert",
    measure: (scope) =>
      `max(last_10m):max:aws.elasticache.database_memory_usage_percentage${cacheNodes(scope)} by {cacheclusterid}`,
    comparator: ">",
    // From the brief: Redis memory > 90 %.
    critical: 90,
    warning: 80,
    recovery: 85,
    priority: 2,
    noDataMinutes: 60,
  },
  "cache-evictions": {
    title: "The cache throws keys away",
    means: "The cache evicted more than 100 keys within 15 minutes to make room: sessions may be among them.",
    action: "Treat it as cache-memory: memory is full, or was.",
    service: "cache",
    type: "query alert",
    measure: (scope) => `sum(last_15m):sum:aws.elasticache.evictions${cacheNodes(scope)}.as_count()`,
    comparator: ">",
    critical: 100,
    warning: 0,
    priority: 3,
  },
  "cache-hit-rate": {
    title: "The cache answers less than 80 %",
    means: "Of the maps that were read in the last hour, the cache had less than 80 %.",
    action: "See whether a deployment changed keys or times to live; after a restart of the cache, wait an hour.",
    service: "cache",
    type: "query alert",
    measure: (scope) => `sum(last_1h):100 * default_zero(${answeredLookups(scope)}) / ${lookups(scope)}`,
    comparator: "<",
    // From the brief: cache hit rate > 80 %.
    critical: 80,
    warning: 85,
    priority: 3,
  },
} as const satisfies Record<string, MonitorRow>;

export const backupMonitors = {
  "backup-failed": {
    title: "A backup failed",
    means: "AWS Backup could not finish a backup of the images within the last day.",
    action: "Read the job's message in AWS Backup, mend its cause, and start an on-demand backup.",
    service: "backups",
    type: "query alert",
    measure: (scope) => `sum(last_1d):sum:aws.backup.number_of_backup_jobs_failed${vault(scope)}.as_count()`,
    comparator: ">",
    critical: 0,
    priority: 2,
  },
  "backup-stale": {
    title: "The newest backup is older than a day",
    means: "No backup of the images was finished for 26 hours.",
    action: "See in AWS Backup whether the plan's job ran at 03:00 UTC, and start an on-demand backup.",
    service: "backups",
    type: "query alert",
    // A day and two hours: a job that ends later than yesterday's is not late.
    measure: (scope) => `sum(last_26h):sum:aws.backup.number_of_backup_jobs_completed${vault(scope)}.as_count()`,
    comparator: "<",
    critical: 1,
    priority: 2,
    noDataMinutes: 3120,
  },
} as const satisfies Record<string, MonitorRow>;
