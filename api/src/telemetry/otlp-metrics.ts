import { type Attributes, ValueType } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader, type PushMetricExporter } from "@opentelemetry/sdk-metrics";
import {
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_ROUTE,
} from "@opentelemetry/semantic-conventions";
import type { CallOutcome, DependencyName } from "../dependencies/dependency.ts";
import type { RouteContract } from "../http/route.ts";
import { createDurations } from "./durations.ts";
import { createEventLoopMonitor } from "./event-loop.ts";
import { counters, type CounterName, type GaugeName, gauges } from "./metric-names.ts";
import type { Metrics } from "./metrics.ts";

export interface MetricsOptions {
  readonly resource: Resource;
  readonly exporter: PushMetricExporter;
  /** Milliseconds between two exports. Default: 10 seconds, the resolution of Datadog's charts. */
  readonly intervalMs?: number;
}

const exportMs = 2_000;

/** A method that no route has is `_OTHER`, as OpenTelemetry asks: a client could invent any number. */
const requestAttributes = (contract: RouteContract | undefined, hundreds: number, _: undefined): Attributes => ({
  [ATTR_HTTP_REQUEST_METHOD]: contract?.method.toUpperCase() ?? "_OTHER",
  [ATTR_HTTP_ROUTE]: contract?.path ?? "unmatched",
  "http.response.status_class": `${hundreds}xx`,
  "route.class": contract?.class ?? "unmatched",
});

const callAttributes = (name: DependencyName, operation: string, outcome: CallOutcome): Attributes => ({
  [ATTR_DB_SYSTEM_NAME]: name,
  [ATTR_DB_OPERATION_NAME]: operation,
  outcome,
});

/** Measures in this process; an export is one message for all of it. */
export function createMetrics({ resource, exporter, intervalMs = 10_000 }: MetricsOptions): Metrics {
  const requests = createDurations("http.server.request.duration", requestAttributes);
  const calls = createDurations("db.client.operation.duration", callAttributes);
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: Math.min(exportMs, intervalMs),
    metricProducers: [requests.producer, calls.producer],
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  const meter = provider.getMeter("groundwork");
  const counterOf = (name: CounterName) => meter.createCounter(name, { ...counters[name], valueType: ValueType.INT });
  const lookups = createTally();
  meter
    .createObservableCounter("cache.lookups", { ...counters["cache.lookups"], valueType: ValueType.INT })
    .addCallback((result) => {
      for (const [cache, outcome, count] of lookups.all()) result.observe(count, { cache, outcome });
    });
  const limited = counterOf("http.server.limited");
  const shed = counterOf("http.server.shed");
  const gaugesByName = new Map(
    Object.entries(gauges).map(([name, facts]) => [name as GaugeName, meter.createObservableGauge(name, facts)]),
  );

  const observe: Metrics["observe"] = (name, attributes, read) => {
    const gauge = gaugesByName.get(name);
    const callback: Parameters<NonNullable<typeof gauge>["addCallback"]>[0] = (result) => {
      result.observe(read(), attributes);
    };
    gauge?.addCallback(callback);
    return () => {
      gauge?.removeCallback(callback);
    };
  };

  const loop = createEventLoopMonitor();
  let reading = loop.read();
  // The first of the four begins a new reading, since callbacks are asked in their order.
  observe("nodejs.eventloop.delay.p50", {}, () => (reading = loop.read()).p50);
  observe("nodejs.eventloop.delay.p99", {}, () => reading.p99);
  observe("nodejs.eventloop.delay.max", {}, () => reading.max);
  observe("nodejs.eventloop.utilization", {}, () => reading.utilization);
  observe("process.memory.usage", {}, () => process.memoryUsage.rss());

  return {
    request: (contract, status, durationMs) =>
      requests.record(contract, Math.trunc(status / 100), undefined, durationMs),
    dependencyCall: (name, operation, outcome, milliseconds) => calls.record(name, operation, outcome, milliseconds),
    cacheLookup(cache, outcome) {
      lookups.add(cache, outcome);
    },
    limited(limit) {
      limited.add(1, { limit });
    },
    shed() {
      shed.add(1);
    },
    observe,
    observeDependency({ name, usage }) {
      const attributes = { [ATTR_DB_SYSTEM_NAME]: name };
      const stops = [
        observe("db.client.connection.count", attributes, () => usage().connections),
        observe("db.client.connection.pending_requests", attributes, () => usage().waiting),
        observe("dependency.calls", attributes, () => usage().inFlight),
        observe("dependency.capacity", attributes, () => usage().capacity),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
    async shutdown() {
      await provider.shutdown();
      loop.close();
    },
  };
}

/** Counts that only grow, without the SDK's cost for each. */
function createTally() {
  const counts = new Map<string, Map<string, number>>();
  return {
    add(cache: string, outcome: string): void {
      let byOutcome = counts.get(cache);
      if (byOutcome === undefined) counts.set(cache, (byOutcome = new Map<string, number>()));
      byOutcome.set(outcome, (byOutcome.get(outcome) ?? 0) + 1);
    },
    *all(): Generator<readonly [cache: string, outcome: string, count: number]> {
      for (const [cache, byOutcome] of counts) for (const [outcome, count] of byOutcome) yield [cache, outcome, count];
    },
  };
}
