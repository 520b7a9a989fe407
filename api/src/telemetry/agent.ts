import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AggregationTemporality, InstrumentType, type PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { SpanExporter } from "@opentelemetry/sdk-trace-base";
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from "@opentelemetry/semantic-conventions";
import type { Environment } from "../environment.ts";
import type { Logger } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { createMetrics } from "./otlp-metrics.ts";
import { createTracing, type Tracing } from "./tracing.ts";

export interface AgentOptions {
  /** OTEL_EXPORTER_OTLP_ENDPOINT; the paths of OTLP are added to it. */
  readonly url: string;
  readonly environment: Environment;
  readonly log: Pick<Logger, "info" | "warn">;
  readonly ratio: () => number;
  readonly intervalsMs?: { readonly spans: number; readonly metrics: number } | undefined;
}

/** For one message, its repetition included. The agent is in the same task: what takes longer will not come. */
const timeoutMillis = 2_000;
/** Messages on their way at a time; more are dropped. */
const concurrencyLimit = 4;

/** Spans and metrics by OTLP over HTTP in protobuf. An agent that is down is told of once, and once when it is back. */
export function connectAgent(options: AgentOptions): { readonly tracing: Tracing; readonly metrics: Metrics } {
  const { url, environment, log, ratio, intervalsMs } = options;
  const base = url.replace(/\/+$/, "");
  const resource = resourceFromAttributes({
    [ATTR_SERVICE_NAME]: environment.OTEL_SERVICE_NAME,
    [ATTR_SERVICE_VERSION]: environment.VERSION,
    "deployment.environment.name": environment.ENVIRONMENT,
    "git.commit.sha": environment.COMMIT,
  });
  const heard = createHearing(log);
  const spans = new OTLPTraceExporter({ url: `${base}/v1/traces`, timeoutMillis, concurrencyLimit });
  const measured = new OTLPMetricExporter({
    url: `${base}/v1/metrics`,
    timeoutMillis,
    concurrencyLimit,
    temporalityPreference: AggregationTemporality.DELTA,
  });
  return {
    tracing: createTracing({
      resource,
      exporter: hearingSpans(spans, heard),
      ratio,
      ...(intervalsMs !== undefined && { delayMs: intervalsMs.spans }),
    }),
    metrics: createMetrics({
      resource,
      exporter: hearingMetrics(measured, heard),
      ...(intervalsMs !== undefined && { intervalMs: intervalsMs.metrics }),
    }),
  };
}

type Hear = (result: ExportResult) => void;

/** Logs the first failure, and the first success after it. */
function createHearing(log: Pick<Logger, "info" | "warn">): Hear {
  let down = false;
  return ({ code, error }) => {
    const failed = code === ExportResultCode.FAILED;
    if (failed === down) return;
    down = failed;
    if (failed) log.warn({ err: error }, "the agent takes no traces and metrics; they are dropped until it does");
    else log.info("the agent takes traces and metrics again");
  };
}

const hearingSpans = (exporter: SpanExporter, heard: Hear): SpanExporter => ({
  export(spans, done) {
    exporter.export(spans, (result) => {
      heard(result);
      done(result);
    });
  },
  shutdown: () => exporter.shutdown(),
  forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
});

/** Datadog counts what came since the last message, so sums and histograms begin anew each time. */
const hearingMetrics = (exporter: PushMetricExporter, heard: Hear): PushMetricExporter => ({
  export(metrics, done) {
    exporter.export(metrics, (result) => {
      heard(result);
      done(result);
    });
  },
  selectAggregationTemporality: (type) =>
    type === InstrumentType.UP_DOWN_COUNTER ? AggregationTemporality.CUMULATIVE : AggregationTemporality.DELTA,
  shutdown: () => exporter.shutdown(),
  forceFlush: () => exporter.forceFlush(),
});
