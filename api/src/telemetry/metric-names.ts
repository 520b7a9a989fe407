/** Upper bounds in seconds: OpenTelemetry's for this metric, and two below for what answers from memory. */
export const secondsBuckets = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

interface MetricFacts {
  readonly unit: string;
  readonly description: string;
}

/** How long things took. Datadog makes a distribution of each. */
export const histograms = {
  "http.server.request.duration": {
    unit: "s",
    description: "Requests by http.request.method, http.route, http.response.status_class (2xx), and route.class.",
  },
  "db.client.operation.duration": {
    unit: "s",
    description: "Calls to MongoDB and Redis by db.system.name, db.operation.name, and outcome (ok, deadline, ...).",
  },
} as const satisfies Record<string, MetricFacts>;

/** What happened. */
export const counters = {
  "cache.lookups": { unit: "{lookup}", description: "Lookups by cache and outcome; the hit rate is all but miss." },
  "http.server.limited": { unit: "{request}", description: "Requests refused by a rate limit, by limit." },
  "http.server.shed": { unit: "{request}", description: "Requests refused because the process fell behind." },
} as const satisfies Record<string, MetricFacts>;

/** What is the case when somebody looks. */
export const gauges = {
  "http.server.active_requests": { unit: "{request}", description: "Requests that are not answered yet." },
  "db.client.connection.count": { unit: "{connection}", description: "Connections, by db.system.name." },
  "db.client.connection.pending_requests": {
    unit: "{request}",
    description: "Calls that wait for a connection, by db.system.name.",
  },
  "dependency.calls": { unit: "{call}", description: "Calls whose work has not ended, by db.system.name." },
  "dependency.capacity": { unit: "{call}", description: "The most calls at a time, by db.system.name." },
  "nodejs.eventloop.delay.p50": { unit: "s", description: "Half of all turns of the event loop were later." },
  "nodejs.eventloop.delay.p99": { unit: "s", description: "One turn in a hundred was later." },
  "nodejs.eventloop.delay.max": { unit: "s", description: "The latest turn." },
  "nodejs.eventloop.utilization": { unit: "1", description: "Part of the time in which the event loop was busy." },
  "process.memory.usage": { unit: "By", description: "Memory of the process (resident set)." },
} as const satisfies Record<string, MetricFacts>;

export type HistogramName = keyof typeof histograms;
export type CounterName = keyof typeof counters;
export type GaugeName = keyof typeof gauges;
