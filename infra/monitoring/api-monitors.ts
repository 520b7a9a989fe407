import type { MonitorRow, Scope } from "./monitors.ts";

/**
 * Spans as the Datadog Agent names what comes by OTLP: a served request, and a call to MongoDB. Its metrics follow:
 * `trace.NAME.hits`, `trace.NAME.errors`, and the distribution `trace.NAME` in seconds.
 * Source: Datadog, "Operation name mapping for OpenTelemetry".
 */
export const spans = { request: "http.server.request", databaseCall: "mongodb.query" } as const;

/** Of the API alone: `env`, `service`, and further filters such as `outcome:ok`. */
export const ofApi = ({ environment, service }: Scope, ...filters: readonly string[]): string =>
  `{${[`env:${environment}`, `service:${service}`, ...filters].join(",")}}`;

/** All requests, while only one in ten leaves a trace. */
const requestDurations = "http.server.request.duration";
const callDurations = "db.client.operation.duration";

/** Requests but those of probes, which come every few seconds and would hide what people get. */
export const requestCount = (scope: Scope, ...filters: readonly string[]): string =>
  `count:${requestDurations}${ofApi(scope, "!route.class:probe", ...filters)}`;
export const failedRequests = (scope: Scope): string =>
  `${requestCount(scope, "http.response.status_class:5xx")}.as_count()`;

/** Requests that were refused: by a rate limit with 429, and with 503 where a task fell behind. */
export const refused = (scope: Scope, how: "limited" | "shed"): string =>
  `sum:http.server.${how}${ofApi(scope)}.as_count()`;

/** Calls to MongoDB and to Redis. */
export const calls = (scope: Scope, ...filters: readonly string[]): string =>
  `count:${callDurations}${ofApi(scope, ...filters)} by {db.system.name}.as_count()`;
/** Neither answered nor given up by a client that went away: late, refused, or not even made. */
export const failedCalls = (scope: Scope): string => calls(scope, "!outcome:ok", "!outcome:aborted");

const loadBalancer = (scope: Scope): string => `{loadbalancer:${scope.loadBalancer}}`;
const ecs = (scope: Scope): string => `{clustername:${scope.clusterName},servicename:${scope.serviceName}}`;

/** ECS's events carry the names of cluster and service as tags. */
const ecsEvents = (scope: Scope, words: string, window: string): string =>
  `events("source:amazon_ecs clustername:${scope.clusterName} servicename:${scope.serviceName} ${words}").rollup("count").last("${window}")`;

const hits = (scope: Scope): string => `${requestCount(scope)}.as_count()`;

/** What never happened is not measured at all: without `default_zero` the sum would be nothing. */
const responses = (scope: Scope, from: "elb" | "target"): string =>
  `default_zero(sum:aws.applicationelb.httpcode_${from}_5xx${loadBalancer(scope)}.as_count())`;

export const apiMonitors = {
  "api-error-rate": {
    title: "More than 1 % of the API's requests fail",
    means: "More than 1 % of the API's requests of the last 5 minutes ended with an error.",
    action: "Roll back if a deployment is less than an hour old; otherwise open the failing traces in APM.",
    service: "api",
    type: "query alert",
    // One error of ten requests at night is no outage: below 20 requests in 5 minutes the rate counts as 0.
    measure: (scope) =>
      `sum(last_5m):100 * default_zero(${failedRequests(scope)}) / ${hits(scope)} * is_greater(${hits(scope)}, 20)`,
    comparator: ">",
    // From the brief: error rate > 1 % for 5 minutes.
    critical: 1,
    warning: 0.5,
    priority: 1,
  },
  "api-latency-p95": {
    title: "One request in twenty is slow",
    means: "The slowest 5 % of the API's requests take longer than they may.",
    action:
      "Compare with database-slow-queries and service CPU; see in APM which endpoint became slow, and since when.",
    service: "api",
    type: "query alert",
    measure: (scope) => `percentile(last_5m):p95:trace.${spans.request}${ofApi(scope)}`,
    comparator: ">",
    critical: ({ p95Seconds }) => p95Seconds,
    warning: ({ p95Seconds }) => p95Seconds * 0.8,
    priority: 2,
  },
  "api-latency-median": {
    title: "Half of all requests take more than 200 ms",
    means: "The API's median response time was above 200 ms for 10 minutes.",
    action: "Look at CPU of service and database first: a slow median is load, not one bad query.",
    service: "api",
    type: "query alert",
    measure: (scope) => `percentile(last_10m):p50:trace.${spans.request}${ofApi(scope)}`,
    comparator: ">",
    // From the brief: median response time under 200 ms. In seconds, as Datadog measures spans.
    critical: 0.2,
    warning: 0.15,
    priority: 2,
  },
  "api-no-requests": {
    title: "The API reports no request",
    means: "For half an hour no request of the API was counted, not even a check of the load balancer.",
    action: "See whether uptime-api is green: if it is, the Datadog Agent beside the API is at fault, not the API.",
    service: "api",
    type: "query alert",
    // With the probes: the load balancer asks every task every 10 seconds, however quiet the night is.
    measure: (scope) => `sum(last_30m):count:${requestDurations}${ofApi(scope)}.as_count()`,
    comparator: "<",
    critical: 1,
    priority: 2,
    noDataMinutes: 60,
  },
  "api-shedding": {
    title: "Tasks refuse requests because they fall behind",
    means: "Within 10 minutes more than 50 requests were refused with 503, because a task could not keep up.",
    action: "See whether CPU or the event loop is at its bound, and whether auto-scaling has reached its own.",
    service: "api",
    type: "query alert",
    measure: (scope) => `sum(last_10m):default_zero(${refused(scope, "shed")})`,
    comparator: ">",
    // It tells why; where people feel it, api-error-rate and alb-5xx page.
    critical: 50,
    priority: 3,
  },
  "api-rate-limited": {
    title: "One request in five meets a rate limit",
    means: "Of the requests of the last 15 minutes more than 20 % were refused by a rate limit.",
    action: "Find out whether one client or all are refused, and whether a release made the sites ask more often.",
    service: "api",
    type: "query alert",
    // No error counts a 429. A few clients in a hurry at night are no news: below 200 requests the share counts as 0.
    measure: (scope) =>
      `sum(last_15m):100 * default_zero(${refused(scope, "limited")}) / ${hits(scope)} * is_greater(${hits(scope)}, 200)`,
    comparator: ">",
    critical: 20,
    priority: 3,
  },
  "api-dependency-unavailable": {
    title: "The API does not get through to MongoDB or Redis",
    means: "More than 5 % of the API's calls to a database of the last 5 minutes failed, or were not made.",
    action: "See at /health which of the two is down, then whether the database or the way to it is at fault.",
    service: "api",
    type: "query alert",
    // An outage of Redis alone makes no request fail: nothing else tells of it.
    measure: (scope) =>
      `sum(last_5m):100 * default_zero(${failedCalls(scope)}) / ${calls(scope)} * is_greater(${calls(scope)}, 20)`,
    comparator: ">",
    critical: 5,
    priority: 2,
  },
  "alb-5xx": {
    title: "The load balancer answers with errors",
    means: "The load balancer gave more than 10 answers of the class 5xx within 5 minutes.",
    action:
      "Tell its own errors (no healthy task, timeouts) from the API's on the dashboard, then follow the one that grew.",
    service: "api",
    type: "query alert",
    measure: (scope) => `sum(last_5m):${responses(scope, "elb")} + ${responses(scope, "target")}`,
    comparator: ">",
    // From the brief: ALB 5xx > 10 in 5 minutes.
    critical: 10,
    priority: 1,
  },
  "service-tasks": {
    title: "Fewer tasks run than should",
    means: "For 10 minutes fewer tasks of the API ran than are desired.",
    action: "Read the service's events in ECS: they say why a task does not start or stay.",
    service: "api",
    type: "query alert",
    measure: (scope) =>
      `min(last_10m):avg:aws.ecs.service.desired${ecs(scope)} - avg:aws.ecs.service.running${ecs(scope)}`,
    comparator: ">",
    critical: 0,
    priority: 1,
    noDataMinutes: 60,
  },
  "service-restarts": {
    title: "Tasks keep being replaced",
    means: "ECS replaced more than two unhealthy or failed tasks of the API within half an hour.",
    action: "Look at the exit code and the last log lines of the stopped tasks; 137 is memory.",
    service: "api",
    type: "event-v2 alert",
    measure: (scope) => ecsEvents(scope, "(unhealthy OR failed)", "30m"),
    comparator: ">",
    critical: 2,
    priority: 2,
  },
  "deployment-failed": {
    title: "A deployment failed",
    means: "ECS gave a deployment of the API up and went back to the version before.",
    action: "Nothing to save: the old version serves. Find out from the stopped tasks why the new one did not.",
    service: "api",
    type: "event-v2 alert",
    measure: (scope) => ecsEvents(scope, "deployment failed", "15m"),
    comparator: ">",
    critical: 0,
    priority: 2,
  },
} as const satisfies Record<string, MonitorRow>;
