import type { MonitorRow, Scope } from "./monitors.ts";

/**
 * Spans as the Datadog Agent names what comes by OTLP: a served request, and a call to MongoDB. Its metrics follow:
 * `trace.NAME.hits`, `trace.NAME.errors`, and the distribution `trace.NAME` in seconds.
 * Source: Datadog, "Operation name mapping for OpenTelemetry".
 */
export const spans = { request: "http.server.request", databaseCall: "mongodb.query" } as const;

export const requestsOf = ({ environment, service }: Scope): string => `{env:${environment},service:${service}}`;
const loadBalancer = (scope: Scope): string => `{loadbalancer:${scope.loadBalancer}}`;
const ecs = (scope: Scope): string => `{clustername:${scope.clusterName},servicename:${scope.serviceName}}`;

/** ECS's events carry the names of cluster and service as tags. */
const ecsEvents = (scope: Scope, words: string, window: string): string =>
  `events("source:amazon_ecs clustername:${scope.clusterName} servicename:${scope.serviceName} ${words}").rollup("count").last("${window}")`;

const hits = (scope: Scope): string => `sum:trace.${spans.request}.hits${requestsOf(scope)}.as_count()`;
const errors = (scope: Scope): string => `sum:trace.${spans.request}.errors${requestsOf(scope)}.as_count()`;

/** A code that no response had is not measured at all: without `default_zero` the sum would be nothing. */
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
    measure: (scope) => `sum(last_5m):100 * ${errors(scope)} / ${hits(scope)} * is_greater(${hits(scope)}, 20)`,
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
    measure: (scope) => `percentile(last_5m):p95:trace.${spans.request}${requestsOf(scope)}`,
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
    measure: (scope) => `percentile(last_10m):p50:trace.${spans.request}${requestsOf(scope)}`,
    comparator: ">",
    // From the brief: median response time under 200 ms. In seconds, as Datadog measures spans.
    critical: 0.2,
    warning: 0.15,
    priority: 2,
  },
  "api-no-requests": {
    title: "The API reports no request",
    means: "No request reached the API for half an hour, or its traces do not reach Datadog.",
    action: "See whether uptime-api is green: if it is, the Datadog Agent beside the API is at fault, not the API.",
    service: "api",
    type: "query alert",
    // Uptime checks alone make requests every 15 minutes from two places.
    measure: (scope) => `sum(last_30m):${hits(scope)}`,
    comparator: "<",
    critical: 1,
    priority: 2,
    noDataMinutes: 60,
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
