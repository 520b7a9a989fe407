import { ValueType } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader, type PushMetricExporter } from "@opentelemetry/sdk-metrics";
import { ATTR_DB_OPERATION_NAME, ATTR_DB_SYSTEM_NAME } from "@opentelemetry/semantic-conventions";
import { createEventLoopMonitor } from "./event-loop.ts";
import { counters, type CounterName, type GaugeName, gauges, histograms, secondsBuckets } from "./metric-names.ts";
import type { Metrics } from "./metrics.ts";
import { createRequestDurations } from "./request-durations.ts";

export interface MetricsOptions {
  readonly resource: Resource;
  readonly exporter: PushMetricExporter;
  /** Milliseconds between two exports. Default: 10 seconds, the resolution of Datadog's charts. */
  readonly intervalMs?: number;
}

const exportMs = 2_000;
const millisecondsPerSecond = 1_000;

/** Measures in this process; an export is one message for all of it. */
export function createMetrics({ resource, exporter, intervalMs = 10_000 }: MetricsOptions): Metrics {
  const requests = createRequestDurations();
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: Math.min(exportMs, intervalMs),
    metricProducers: [requests.producer],
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  const meter = provider.getMeter("groundwork");
  const calls = meter.createHistogram("db.client.operation.duration", {
    ...histograms["db.client.operation.duration"],
    advice: { explicitBucketBoundaries: secondsBuckets },
  });
  const counterOf = (name: CounterName) => meter.createCounter(name, { ...counters[name], valueType: ValueType.INT });
  const lookups = counterOf("cache.lookups");
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
    request: requests.record,
    dependencyCall(name, operation, outcome, milliseconds) {
      calls.record(milliseconds / millisecondsPerSecond, {
        [ATTR_DB_SYSTEM_NAME]: name,
        [ATTR_DB_OPERATION_NAME]: operation,
        outcome,
      });
    },
    cacheLookup(cache, outcome) {
      lookups.add(1, { cache, outcome });
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
