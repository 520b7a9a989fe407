import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from "@opentelemetry/semantic-conventions";
import type { CallContext, CallOptions, CallOutcome, DependencyName } from "./dependency.ts";

/** Where a database is; neither a user nor a password. */
export interface Place {
  /** Of a replica set, its name or its first host. */
  readonly address: string;
  readonly port?: number;
  /** MongoDB's database, or the number of Redis's. */
  readonly namespace: string;
}

export interface Spans {
  /** Undefined where the request is not traced. */
  begin(parent: CallContext["span"], options: CallOptions): Span | undefined;
  end(span: Span, outcome: CallOutcome): void;
}

/** A client span per call, by OpenTelemetry's conventions for databases. What was asked is not in it. */
export function createSpans(name: DependencyName, place: Place, tracer: Tracer): Spans {
  const common: Attributes = {
    [ATTR_DB_SYSTEM_NAME]: name,
    [ATTR_DB_NAMESPACE]: place.namespace,
    [ATTR_SERVER_ADDRESS]: place.address,
    ...(place.port !== undefined && { [ATTR_SERVER_PORT]: place.port }),
  };
  return {
    begin(parent, { operation, target }) {
      if (parent === undefined) return undefined;
      const attributes: Attributes = {
        ...common,
        [ATTR_DB_OPERATION_NAME]: operation,
        ...(target !== undefined && { [ATTR_DB_COLLECTION_NAME]: target }),
      };
      const spanName = target === undefined ? operation : `${operation} ${target}`;
      return tracer.startSpan(spanName, { kind: SpanKind.CLIENT, attributes }, trace.setSpan(ROOT_CONTEXT, parent));
    },
    end(span, outcome) {
      // Who gave up was not failed.
      if (outcome !== "ok" && outcome !== "aborted") {
        span.setAttribute(ATTR_ERROR_TYPE, outcome);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}
