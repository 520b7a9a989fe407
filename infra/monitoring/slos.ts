import type { types } from "@pulumi/datadog";
import { ofApi, spans } from "./api-monitors.ts";
import type { Scope } from "./monitors.ts";

/** The time over which objectives are counted. */
export const timeframe = "30d";

/** From the brief: 99.9 % uptime, which leaves 43 minutes of 30 days. */
export const availabilityTarget = 99.9;
export const availabilityWarning = 99.95;

/** 99 of 100 slices of 5 minutes: 7 hours of 30 days may be slow. */
export const latencyTarget = 99;
export const latencyWarning = 99.5;

type Specification = types.input.ServiceLevelObjectiveSliSpecification;

const named = (name: string, query: string) => ({ metricQuery: { name, query } });
const responses = (name: string, metric: string, { loadBalancer }: Scope) =>
  named(name, `sum:aws.applicationelb.${metric}{loadbalancer:${loadBalancer}}.as_count()`);

/**
 * Answers of the class 5xx are failures, the API's own and the load balancer's. They are counted at the load balancer:
 * an API that is down reports no failure. A request that no task took is not in `request_count`, so it is added.
 * CloudWatch has no data of a code that no answer had: that is none, not nothing known.
 */
export const availability = (scope: Scope): Specification => ({
  count: {
    goodEventsFormula: "default_zero(requests) - default_zero(api_errors)",
    totalEventsFormula: "default_zero(requests) + default_zero(balancer_errors)",
    queries: [
      responses("requests", "request_count", scope),
      responses("api_errors", "httpcode_target_5xx", scope),
      responses("balancer_errors", "httpcode_elb_5xx", scope),
    ],
  },
});

/** A slice of 5 minutes is good while 95 of 100 requests are answered in time. */
export const latency = (scope: Scope): Specification => ({
  timeSlice: {
    query: {
      formula: { formulaExpression: "p95" },
      queries: [named("p95", `p95:trace.${spans.request}${ofApi(scope)}`)],
    },
    comparator: "<=",
    threshold: scope.p95Seconds,
  },
});

export interface BurnRow {
  readonly title: string;
  readonly means: string;
  readonly action: string;
  /** How many times as fast as allowed errors come. */
  readonly rate: number;
  readonly longWindow: string;
  readonly shortWindow: string;
  readonly priority: 1 | 2 | 3;
}

/**
 * Rates and windows are those that Datadog recommends for 30 days: the fast one uses 2 % of the month's errors up in an
 * hour, the slow one 10 % in a day. The short window, a twelfth of the long one, ends the alert soon after the trouble.
 */
export const burnRows = {
  "api-availability-fast-burn": {
    title: "The month's errors are used up in two days",
    means: "In the last hour the API failed 14.4 times as often as its objective of 99.9 % allows.",
    action: "Treat it as an outage: roll back what changed, then look for the cause.",
    rate: 14.4,
    longWindow: "1h",
    shortWindow: "5m",
    priority: 1,
  },
  "api-availability-slow-burn": {
    title: "The month's errors are used up in ten days",
    means: "In the last day the API failed 3 times as often as its objective of 99.9 % allows.",
    action: "Find the endpoint that fails most and plan its repair for today.",
    rate: 3,
    longWindow: "24h",
    shortWindow: "2h",
    priority: 3,
  },
} as const satisfies Record<string, BurnRow>;

export const burnQuery = (objectiveId: string, { rate, longWindow, shortWindow }: BurnRow): string =>
  `burn_rate("${objectiveId}").over("${timeframe}").long_window("${longWindow}").short_window("${shortWindow}") > ${rate}`;
