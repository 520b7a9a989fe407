import { type Attributes, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { parseTraceParent } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_URL_PATH,
} from "@opentelemetry/semantic-conventions";
import { type RouteContract, routeClasses } from "../http/route.ts";
import type { RequestTelemetry } from "../http/services.ts";

/** The span of a request, and of what it calls. */
export type RequestSpan = Span;

export interface TracingOptions {
  readonly resource: Resource;
  readonly exporter: SpanExporter;
  /** Part of the traced routes' requests that get a span, from 0 to 1; asked for each. */
  readonly ratio: () => number;
  /** Milliseconds that a finished span waits for others. Default: 2000. */
  readonly delayMs?: number;
  /** From 0 to below 1. Default: Math.random. */
  readonly random?: () => number;
}

export interface Tracing {
  begin: RequestTelemetry["begin"];
  end(span: RequestSpan, status: number): void;
  /** Sends what waits. */
  shutdown(): Promise<void>;
}

/** Spans that wait for the agent, and that one message holds; more are dropped. */
const mostWaiting = 2_048;
const mostAtOnce = 512;
const exportMs = 2_000;

/**
 * Datadog's agent counts a span as the inverse of this part of all requests, so that the counts which the monitors read
 * are those of all requests. Source: pkg/trace/stats/weight.go of the agent.
 */
const sampleRate = "_sample_rate";

/**
 * Spans of requests, made by hand; nothing is patched. The same provider serves `@opentelemetry/api` for the calls below
 * a request, which have a span where the request has one.
 *
 * Who is sampled is drawn here for each request, whatever the caller's `traceparent` says: callers are browsers and
 * anybody else, so that a set flag, or a trace id that was chosen for it, could fill the quota, and a cleared one could
 * hide from the monitors. The trace id itself is taken over, so that what is sampled joins the caller's trace.
 */
export function createTracing(options: TracingOptions): Tracing {
  const { resource, exporter, ratio, delayMs = 2_000, random = Math.random } = options;
  const processor = new BatchSpanProcessor(exporter, {
    maxQueueSize: mostWaiting,
    maxExportBatchSize: mostAtOnce,
    scheduledDelayMillis: delayMs,
    exportTimeoutMillis: exportMs,
  });
  // Only what was drawn gets as far as the tracer.
  const provider = new BasicTracerProvider({ resource, sampler: new AlwaysOnSampler(), spanProcessors: [processor] });
  trace.setGlobalTracerProvider(provider);
  const tracer = provider.getTracer("groundwork.http");

  return {
    begin(contract, headers) {
      if (!routeClasses[contract.class].traced) return undefined;
      const part = ratio();
      if (random() >= part) return undefined;
      return tracer.startSpan(
        `${contract.method.toUpperCase()} ${contract.path}`,
        { kind: SpanKind.SERVER, attributes: { ...attributesOf(contract), [sampleRate]: part } },
        contextOf(headers["traceparent"]),
      );
    },
    end(span, status) {
      span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
      // By OpenTelemetry's conventions a client's mistake is no error of the server.
      if (status >= 500) {
        span.setAttribute(ATTR_ERROR_TYPE, String(status));
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
    async shutdown() {
      await provider.shutdown();
      trace.disable();
    },
  };
}

/** Users' ids stand in the path, so it is told with its parameters' names in their place. */
const attributesOf = ({ method, path }: RouteContract): Attributes => ({
  [ATTR_HTTP_REQUEST_METHOD]: method.toUpperCase(),
  [ATTR_HTTP_ROUTE]: path,
  [ATTR_URL_PATH]: path,
});

/** A `tracestate` is not taken over: it is the caller's own text. */
function contextOf(traceparent: string | string[] | undefined) {
  const parent = typeof traceparent === "string" ? parseTraceParent(traceparent) : null;
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
}
