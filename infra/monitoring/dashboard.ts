import { calls, failedCalls, failedRequests, ofApi, refused, requestCount, spans } from "./api-monitors.ts";
import { answeredLookups, lookups } from "./data-monitors.ts";
import { availabilityTarget, latencyTarget, timeframe } from "./slos.ts";
import type { Scope } from "./monitors.ts";

export interface DashboardParts {
  readonly title: string;
  readonly scope: Scope;
  readonly availabilityId: string;
  readonly latencyId: string;
  /** The AWS budget whose spending is shown. "": none. */
  readonly budgetName: string;
  /** `team:platform`: Datadog takes no other tags here. */
  readonly team: readonly string[];
  readonly runbookUrl: string;
}

interface Widget {
  readonly definition: Readonly<Record<string, unknown>>;
}

/** Queries by name, and what is drawn of them: formula to label. */
interface Chart {
  readonly title: string;
  readonly queries: Readonly<Record<string, string>>;
  readonly formulas?: Readonly<Record<string, string>>;
  readonly bars?: true;
  /** `y > 100`: where the monitor's threshold lies. */
  readonly marker?: string;
}

const queriesOf = (queries: Chart["queries"]) =>
  Object.entries(queries).map(([name, query]) => ({ data_source: "metrics", name, query }));

function timeseries({ title, queries, formulas, bars, marker }: Chart): Widget {
  const drawn = formulas ?? Object.fromEntries(Object.keys(queries).map((name) => [name, name]));
  return {
    definition: {
      type: "timeseries",
      title,
      show_legend: true,
      requests: [
        {
          response_format: "timeseries",
          display_type: bars === true ? "bars" : "line",
          queries: queriesOf(queries),
          formulas: Object.entries(drawn).map(([formula, alias]) => ({ formula, alias })),
        },
      ],
      ...(marker !== undefined && { markers: [{ value: marker, display_type: "error dashed" }] }),
    },
  };
}

const objective = (title: string, sloId: string): Widget => ({
  definition: {
    type: "slo",
    title,
    slo_id: sloId,
    view_type: "detail",
    view_mode: "overall",
    time_windows: [timeframe],
    show_error_budget: true,
  },
});

const group = (title: string, widgets: readonly Widget[]): Widget => ({
  definition: { type: "group", title, layout_type: "ordered", widgets },
});

const note = (content: string): Widget => ({ definition: { type: "note", content, background_color: "white" } });

const events = (title: string, query: string): Widget => ({
  definition: {
    type: "list_stream",
    title,
    requests: [
      {
        response_format: "event_list",
        columns: [],
        query: { data_source: "event_stream", query_string: query, event_size: "s" },
      },
    ],
  },
});

function apiCharts(scope: Scope): readonly Widget[] {
  const hits = `${requestCount(scope)}.as_count()`;
  const percentile = (p: string) => `${p}:trace.${spans.request}${ofApi(scope)}`;
  const balancer = (metric: string) =>
    `sum:aws.applicationelb.${metric}{loadbalancer:${scope.loadBalancer}}.as_count()`;
  return [
    timeseries({ title: "Requests", queries: { hits }, formulas: { hits: "requests" }, bars: true }),
    timeseries({
      title: "Error rate, per cent",
      queries: { hits, errors: failedRequests(scope) },
      formulas: { "100 * default_zero(errors) / hits": "errors" },
      marker: "y > 1",
    }),
    timeseries({
      title: "Response time, seconds",
      queries: { p50: percentile("p50"), p95: percentile("p95"), p99: percentile("p99") },
      marker: `y > ${scope.p95Seconds}`,
    }),
    timeseries({
      title: "Answers of the class 5xx at the load balancer",
      queries: { api: balancer("httpcode_target_5xx"), balancer: balancer("httpcode_elb_5xx") },
      bars: true,
    }),
    timeseries({
      title: "Refused requests: rate limits (429), and tasks that fell behind (503)",
      queries: { limited: refused(scope, "limited"), shed: refused(scope, "shed") },
      bars: true,
    }),
    timeseries({
      title: "Failed calls of MongoDB and Redis, per cent",
      queries: { calls: calls(scope), failed: failedCalls(scope) },
      formulas: { "100 * default_zero(failed) / calls": "failed" },
      marker: "y > 5",
    }),
  ];
}

function serviceCharts(scope: Scope): readonly Widget[] {
  const ecs = (metric: string) =>
    `avg:aws.ecs.service.${metric}{clustername:${scope.clusterName},servicename:${scope.serviceName}}`;
  return [
    timeseries({
      title: "Tasks",
      queries: { desired: ecs("desired"), running: ecs("running"), pending: ecs("pending") },
    }),
    timeseries({
      title: "CPU and memory, per cent",
      queries: { cpu: ecs("cpuutilization"), memory: ecs("memory_utilization") },
    }),
    timeseries({
      title: "Deployments: requests by version",
      queries: { hits: `${requestCount(scope)} by {version}.as_count()` },
      formulas: { hits: "requests" },
      bars: true,
    }),
    events(
      "Deployments: events of the service",
      `source:amazon_ecs clustername:${scope.clusterName} servicename:${scope.serviceName}`,
    ),
  ];
}

function databaseCharts(scope: Scope): readonly Widget[] {
  const { databaseCluster, databaseConnectionLimit } = scope;
  const node = (aggregation: string, metric: string) =>
    `${aggregation}:mongodb.atlas.${metric}{clustername:${databaseCluster}} by {hostnameport}`;
  return [
    timeseries({
      title: "Connections",
      queries: { connections: node("max", "connections.current") },
      marker: `y > ${databaseConnectionLimit}`,
    }),
    timeseries({
      title: "CPU, per cent: user, kernel, iowait",
      queries: Object.fromEntries(
        ["user", "kernel", "iowait"].map((state) => [state, node("max", `system.cpu.norm.${state}`)]),
      ),
    }),
    timeseries({ title: "Replication lag, seconds", queries: { lag: node("max", "replset.replicationlag") } }),
    timeseries({
      title: "Disk, per cent used",
      queries: { disk: node("max", "system.disk.space.percentused") },
      marker: "y > 90",
    }),
    timeseries({
      title: "Calls to the database, p95 in seconds",
      queries: { p95: `p95:trace.${spans.databaseCall}${ofApi(scope)}` },
      marker: "y > 0.1",
    }),
  ];
}

function cacheCharts(scope: Scope): readonly Widget[] {
  const nodes = `{cacheclusterid:${scope.replicationGroupId}-*}`;
  return [
    timeseries({
      title: "Memory, per cent",
      queries: { memory: `max:aws.elasticache.database_memory_usage_percentage${nodes} by {cacheclusterid}` },
      marker: "y > 90",
    }),
    timeseries({
      title: "Hit rate, per cent",
      queries: { answered: answeredLookups(scope), lookups: lookups(scope) },
      formulas: { "100 * default_zero(answered) / lookups": "hit rate" },
      marker: "y < 80",
    }),
    timeseries({
      title: "Evictions",
      queries: { evictions: `sum:aws.elasticache.evictions${nodes}.as_count()` },
      bars: true,
    }),
    timeseries({
      title: "Connections",
      queries: { connections: `sum:aws.elasticache.curr_connections${nodes} by {cacheclusterid}` },
    }),
  ];
}

const costCharts = (budgetName: string): readonly Widget[] => [
  timeseries({
    title: "AWS this month, USD: spent, forecast, budget",
    queries: Object.fromEntries(
      ["actual_spend", "forecasted_spend", "budget_limit"].map((metric) => [
        metric,
        `max:aws.billing.${metric}{budget_name:${budgetName}}`,
      ]),
    ),
  }),
];

/** One page for whoever is on call: is it well, since when not, and what changed. */
export function dashboardOf(parts: DashboardParts): Readonly<Record<string, unknown>> {
  const { title, scope, availabilityId, latencyId, budgetName, team, runbookUrl } = parts;
  return {
    title,
    description: `What each part means, and what to do: ${runbookUrl}`,
    layout_type: "ordered",
    notify_list: [],
    tags: team,
    template_variables: [],
    widgets: [
      note(`[Runbook](${runbookUrl})`),
      group("Objectives", [
        objective(`Availability: ${availabilityTarget} % of requests`, availabilityId),
        objective(`Response time: ${latencyTarget} % of the time`, latencyId),
      ]),
      group("API", apiCharts(scope)),
      group("Service", serviceCharts(scope)),
      group("Database", databaseCharts(scope)),
      group("Cache", cacheCharts(scope)),
      ...(budgetName === "" ? [] : [group("Cost", costCharts(budgetName))]),
    ],
  };
}
