import { waits } from "../../api/src/paging/urgency.ts";

/** What the alarms watch, as CloudWatch's dimensions name it. */
export interface AlarmScope {
  readonly loadBalancer: string;
  readonly targetGroup: string;
  readonly clusterName: string;
  readonly serviceName: string;
  /** Whether the service is meant to have tasks. */
  readonly tasksExpected: boolean;
  /** Nodes of the cache. */
  readonly cacheNodes: readonly string[];
  readonly rotationFunction: string;
  /** Where messages lie that could not be paged. */
  readonly unpagedQueue: string;
  readonly certificateArn: string;
  readonly backupVault: string;
}

export type AlarmStatistic = "Average" | "Maximum" | "Minimum" | "Sum";

export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: AlarmStatistic;
}

/** One metric, or an expression over several, or a query over all of a kind in the account. */
export type Signal =
  | { readonly metric: Metric }
  | { readonly expression: string; readonly metrics: Readonly<Record<string, Metric>> }
  | { readonly select: string };

export interface AlarmRow {
  /** What is wrong: one sentence. */
  readonly means: string;
  /** What the alarm needs to watch; it is left out where there is none. Default: always there. */
  readonly needs?: "rotation" | "paging" | "certificate" | "backups" | "insights";
  /** Whether PagerDuty may let people sleep, as Datadog does with the same. Default: false, it wakes somebody. */
  readonly waits?: true;
  readonly signal: (scope: AlarmScope) => Signal;
  readonly comparison: "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  readonly periodSeconds: number;
  /** How many periods are looked at, and how many of them must be beyond the threshold. */
  readonly periods: number;
  readonly of?: number;
  /** What silence means. */
  readonly missing: "breaching" | "notBreaching" | "ignore" | ((scope: AlarmScope) => "breaching" | "notBreaching");
}

const minute = 60;
const fiveMinutes = 300;
const hour = 3600;
const day = 86_400;

const balancer = (metricName: string, stat: AlarmStatistic, { loadBalancer }: AlarmScope): Metric => ({
  namespace: "AWS/ApplicationELB",
  metricName,
  dimensions: { LoadBalancer: loadBalancer },
  stat,
});
const targets = (metricName: string, stat: AlarmStatistic, scope: AlarmScope): Metric => ({
  ...balancer(metricName, stat, scope),
  dimensions: { LoadBalancer: scope.loadBalancer, TargetGroup: scope.targetGroup },
});
const service = (namespace: string, metricName: string, scope: AlarmScope): Metric => ({
  namespace,
  metricName,
  dimensions: { ClusterName: scope.clusterName, ServiceName: scope.serviceName },
  stat: "Average",
});

/** The worst node, or all of them together. */
function cache(metricName: string, stat: "Maximum" | "Sum", { cacheNodes }: AlarmScope): Signal {
  const metrics = cacheNodes.map((node, index): [string, Metric] => [
    `node${index + 1}`,
    { namespace: "AWS/ElastiCache", metricName, dimensions: { CacheClusterId: node }, stat },
  ]);
  const ids = metrics.map(([id]) => id).join(", ");
  return { expression: `${stat === "Sum" ? "SUM" : "MAX"}([${ids}])`, metrics: Object.fromEntries(metrics) };
}

/** Alarms that page by themselves, without Datadog; the key is the section of docs/runbook.md. */
export const alarmRows = {
  "alb-5xx": {
    means: "The load balancer gave more than 10 answers of the class 5xx within 5 minutes.",
    signal: (scope) => ({
      expression: "FILL(own, 0) + FILL(api, 0)",
      metrics: {
        own: balancer("HTTPCode_ELB_5XX_Count", "Sum", scope),
        api: balancer("HTTPCode_Target_5XX_Count", "Sum", scope),
      },
    }),
    comparison: "GreaterThanThreshold",
    // From the brief: ALB 5xx > 10 in 5 minutes.
    threshold: 10,
    periodSeconds: fiveMinutes,
    periods: 1,
    missing: "notBreaching",
  },
  "no-healthy-host": {
    means: "No task of the API is healthy: every request fails.",
    signal: (scope) => ({ metric: targets("HealthyHostCount", "Maximum", scope) }),
    comparison: "LessThanThreshold",
    threshold: 1,
    periodSeconds: minute,
    periods: 3,
    of: 2,
    // Without a single registered task the load balancer measures nothing.
    missing: ({ tasksExpected }) => (tasksExpected ? "breaching" : "notBreaching"),
  },
  "unhealthy-host": {
    means: "A task of the API was unhealthy for 5 minutes and was not replaced.",
    signal: (scope) => ({ metric: targets("UnHealthyHostCount", "Maximum", scope) }),
    comparison: "GreaterThanThreshold",
    threshold: 0,
    periodSeconds: minute,
    periods: 5,
    missing: "notBreaching",
  },
  "service-tasks": {
    means: "For 10 minutes fewer tasks of the API ran than are desired.",
    // Nothing else counts tasks in CloudWatch; without it Datadog does, and no-healthy-host still watches.
    needs: "insights",
    signal: (scope) => ({
      expression: "desired - FILL(running, 0)",
      metrics: {
        desired: service("ECS/ContainerInsights", "DesiredTaskCount", scope),
        running: service("ECS/ContainerInsights", "RunningTaskCount", scope),
      },
    }),
    comparison: "GreaterThanThreshold",
    threshold: 0,
    periodSeconds: minute,
    periods: 10,
    missing: "notBreaching",
  },
  "service-cpu": {
    means:
      "The API's tasks used more than 90 % of their CPU for 15 minutes: auto-scaling does not help, or is at its bound.",
    signal: (scope) => ({ metric: service("AWS/ECS", "CPUUtilization", scope) }),
    comparison: "GreaterThanThreshold",
    threshold: 90,
    periodSeconds: fiveMinutes,
    periods: 3,
    missing: "notBreaching",
  },
  "service-memory": {
    means: "The API's tasks used more than 90 % of their memory for 15 minutes: at 100 % they are killed.",
    signal: (scope) => ({ metric: service("AWS/ECS", "MemoryUtilization", scope) }),
    comparison: "GreaterThanThreshold",
    threshold: 90,
    periodSeconds: fiveMinutes,
    periods: 3,
    missing: "notBreaching",
  },
  "cache-memory": {
    means: "A node of the cache uses more than 90 % of its memory.",
    signal: (scope) => cache("DatabaseMemoryUsagePercentage", "Maximum", scope),
    comparison: "GreaterThanThreshold",
    // From the brief: Redis memory > 90 %.
    threshold: 90,
    periodSeconds: fiveMinutes,
    periods: 1,
    missing: "notBreaching",
  },
  "cache-cpu": {
    means: "The engine of a cache node was busy above 80 % for 10 minutes: it works on one core, and commands queue.",
    signal: (scope) => cache("EngineCPUUtilization", "Maximum", scope),
    comparison: "GreaterThanThreshold",
    threshold: 80,
    periodSeconds: fiveMinutes,
    periods: 2,
    missing: "notBreaching",
  },
  "cache-evictions": {
    means: "The cache evicted more than 100 keys within 15 minutes to make room: sessions may be among them.",
    waits: true,
    signal: (scope) => cache("Evictions", "Sum", scope),
    comparison: "GreaterThanThreshold",
    threshold: 100,
    periodSeconds: 900,
    periods: 1,
    missing: "notBreaching",
  },
  "rotation-errors": {
    means: "The function that rotates the signing keys failed.",
    needs: "rotation",
    waits: true,
    signal: ({ rotationFunction }) => ({
      metric: {
        namespace: "AWS/Lambda",
        metricName: "Errors",
        dimensions: { FunctionName: rotationFunction },
        stat: "Sum",
      },
    }),
    comparison: "GreaterThanThreshold",
    threshold: 0,
    periodSeconds: hour,
    periods: 1,
    // It runs once a month: silence is what it should be.
    missing: "notBreaching",
  },
  "paging-lost": {
    means: "An alarm's message did not reach PagerDuty in three tries: nobody was paged for it.",
    needs: "paging",
    signal: ({ unpagedQueue }) => ({
      metric: {
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: unpagedQueue },
        stat: "Maximum",
      },
    }),
    comparison: "GreaterThanThreshold",
    threshold: 0,
    periodSeconds: fiveMinutes,
    periods: 1,
    // SQS stops measuring a queue that nobody touches for six hours; what lay in it still lies there.
    missing: "ignore",
  },
  "nat-ports": {
    means: "A NAT gateway had no port left for a new connection: calls to third parties fail.",
    // All gateways of the account, which is one environment's alone: a new one is watched from its first minute.
    signal: () => ({ select: 'SELECT SUM(ErrorPortAllocation) FROM SCHEMA("AWS/NATGateway", NatGatewayId)' }),
    comparison: "GreaterThanThreshold",
    threshold: 0,
    periodSeconds: fiveMinutes,
    periods: 1,
    missing: "notBreaching",
  },
  "certificate-expiry": {
    means: "The load balancer's certificate ends in less than 21 days and was not renewed.",
    needs: "certificate",
    signal: ({ certificateArn }) => ({
      metric: {
        namespace: "AWS/CertificateManager",
        metricName: "DaysToExpiry",
        dimensions: { CertificateArn: certificateArn },
        stat: "Minimum",
      },
    }),
    comparison: "LessThanThreshold",
    // ACM renews 60 days before the end.
    threshold: 21,
    periodSeconds: day,
    periods: 1,
    missing: "notBreaching",
  },
  "backup-stale": {
    means: "No backup of the images was finished for 26 hours.",
    needs: "backups",
    signal: ({ backupVault }) => ({
      metric: {
        namespace: "AWS/Backup",
        metricName: "NumberOfBackupJobsCompleted",
        dimensions: { BackupVaultName: backupVault },
        stat: "Sum",
      },
    }),
    comparison: "LessThanThreshold",
    threshold: 1,
    periodSeconds: hour,
    // A day and two hours: a job that ends later than yesterday's is not late.
    periods: 26,
    // No job is no data.
    missing: "breaching",
  },
} as const satisfies Record<string, AlarmRow>;

export type AlarmKey = keyof typeof alarmRows;

/** What the alarm itself says, wherever it is told. */
export const descriptionOf = ({ means, waits: mayWait }: AlarmRow, runbookUrl: string): string =>
  [means, ...(mayWait ? [waits] : []), `What to do: ${runbookUrl}`].join(" ");

/** The alarms of an environment that has these parts. */
export const alarmsOf = (has: ReadonlySet<string>): readonly [AlarmKey, AlarmRow][] =>
  (Object.entries(alarmRows) as [AlarmKey, AlarmRow][]).filter(
    ([, { needs }]) => needs === undefined || has.has(needs),
  );
