import type { AlarmScope } from "./alarms.ts";

type MetricRow = readonly unknown[];

interface Chart {
  readonly title: string;
  readonly rows: readonly MetricRow[];
  readonly stat?: "Average" | "Maximum" | "Sum";
  /** Where the alarm's threshold lies. */
  readonly line?: number;
}

const columns = 24;
const width = 12;
const height = 6;

function charts(scope: AlarmScope): readonly Chart[] {
  const balancer = ["LoadBalancer", scope.loadBalancer];
  const target = [...balancer, "TargetGroup", scope.targetGroup];
  const service = ["ClusterName", scope.clusterName, "ServiceName", scope.serviceName];
  const alb = (metric: string, options: object = {}): MetricRow => ["AWS/ApplicationELB", metric, ...balancer, options];
  const nodes = (metric: string, options: object = {}): MetricRow[] =>
    scope.cacheNodes.map((node) => ["AWS/ElastiCache", metric, "CacheClusterId", node, options]);
  return [
    { title: "Requests per minute", rows: [alb("RequestCount", { period: 60 })], stat: "Sum" },
    {
      title: "Error rate, per cent",
      rows: [
        [{ expression: "100 * (FILL(own, 0) + FILL(api, 0)) / requests", label: "errors" }],
        alb("HTTPCode_ELB_5XX_Count", { id: "own", visible: false }),
        alb("HTTPCode_Target_5XX_Count", { id: "api", visible: false }),
        alb("RequestCount", { id: "requests", visible: false }),
      ],
      stat: "Sum",
      line: 1,
    },
    {
      title: "Response time, seconds: p50, p95, p99",
      rows: ["p50", "p95", "p99"].map((stat) => alb("TargetResponseTime", { stat })),
    },
    {
      title: "Healthy and unhealthy tasks",
      rows: ["HealthyHostCount", "UnHealthyHostCount"].map((metric) => ["AWS/ApplicationELB", metric, ...target]),
      stat: "Maximum",
    },
    {
      title: "CPU and memory of the tasks, per cent",
      rows: ["CPUUtilization", "MemoryUtilization"].map((metric) => ["AWS/ECS", metric, ...service]),
      line: 90,
    },
    { title: "Cache memory, per cent", rows: nodes("DatabaseMemoryUsagePercentage"), stat: "Maximum", line: 90 },
    {
      title: "Cache hit rate, per cent",
      rows: [
        [{ expression: "100 * SUM(METRICS('hit')) / (SUM(METRICS('hit')) + SUM(METRICS('miss')))", label: "hit rate" }],
        ...numbered(nodes("CacheHits"), "hit"),
        ...numbered(nodes("CacheMisses"), "miss"),
      ],
      stat: "Sum",
      line: 80,
    },
    { title: "Cache connections", rows: nodes("CurrConnections"), stat: "Maximum" },
  ];
}

/** Gives each row an id that begins with the word, which is how an expression finds them together. */
const numbered = (rows: readonly MetricRow[], word: string): MetricRow[] =>
  rows.map((row, index) => [...row.slice(0, -1), { id: `${word}${index + 1}`, visible: false }]);

/** What must be seen when Datadog is down. The database is measured by Atlas, and stands in its own console. */
export function cloudWatchDashboard(scope: AlarmScope, region: string, runbookUrl: string, alarms: readonly string[]) {
  const perRow = columns / width;
  const widgets = charts(scope).map(({ title, rows, stat, line }, index) => ({
    type: "metric",
    x: (index % perRow) * width,
    y: 3 + Math.floor(index / perRow) * height,
    width,
    height,
    properties: {
      title,
      region,
      view: "timeSeries",
      stat: stat ?? "Average",
      period: 300,
      metrics: rows,
      ...(line !== undefined && { annotations: { horizontal: [{ value: line, label: "alarm" }] } }),
    },
  }));
  return {
    widgets: [
      {
        type: "text",
        x: 0,
        y: 0,
        width: columns,
        height: 1,
        properties: { markdown: `[Runbook](${runbookUrl}). The database is measured by Atlas.` },
      },
      { type: "alarm", x: 0, y: 1, width: columns, height: 2, properties: { title: "Alarms", alarms } },
      ...widgets,
    ],
  };
}
