import type { RequestSpan } from "./tracing.ts";

/** What is told of each request. Nothing else of it is: no body, no query, no header but the one named here. */
export interface RequestFacts {
  readonly requestId: string;
  readonly method: string;
  /** The contract's path (`/map/{userId}`), never the path that was asked for; `unmatched` where no route has it. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly span?: RequestSpan | undefined;
  /** From `hashUser`. */
  readonly userHash?: string | undefined;
  /** The kind of the problem that was answered. */
  readonly problem?: string | undefined;
  readonly userAgent?: string | undefined;
  /** The client went before its answer was sent. */
  readonly aborted?: boolean | undefined;
}

export type RequestLevel = "info" | "warn" | "error";

/** 500 is a fault of ours; 503 says that we are busy or that something is down, which has lines of its own. */
export const levelOf = (status: number): RequestLevel => (status < 500 ? "info" : status === 503 ? "warn" : "error");

const validId = /^[A-Za-z0-9._:-]{1,128}$/;
const longestUserAgent = 120;

const plainText = /^[\x20-\x7e]*$/;

/** A client's text in one line of a terminal: without control, format, and separator characters, and cut. */
export const clientText = (text: string): string => {
  const cut = text.slice(0, longestUserAgent);
  // Nearly every text is plain, which costs less to see than to replace what is not there.
  return plainText.test(cut) ? cut : withoutControls(cut);
};

const withoutControls = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "").toWellFormed();

/**
 * The ids as fields of a line. `dd` is what Datadog's own tracers write, by which it joins lines and traces: the whole
 * 128 bits of the trace in hexadecimal, and the span as a decimal.
 * Source: Datadog, "Trace and Span ID Formats", and the log injection of dd-trace.
 */
export function traceFields(span: RequestSpan): string {
  const { traceId, spanId } = span.spanContext();
  const decimal = BigInt(`0x${spanId}`).toString();
  return `,"traceId":"${traceId}","spanId":"${spanId}","dd":{"trace_id":"${traceId}","span_id":"${decimal}"}`;
}

/**
 * The fields of a request's line as JSON text that begins with a comma. Put together by hand, since it is written for
 * every request: measured, it costs half of one object given to pino and a third of a child logger.
 */
export function requestFields(facts: RequestFacts): string {
  const { requestId, method, route, status, durationMs, span, userHash, problem, userAgent, aborted } = facts;
  const id = validId.test(requestId) ? requestId : "invalid";
  let fields = `,"requestId":"${id}"`;
  if (span !== undefined) fields += traceFields(span);
  if (userHash !== undefined) fields += `,"userHash":${JSON.stringify(userHash)}`;
  fields += `,"method":${JSON.stringify(method)},"route":${JSON.stringify(route)},"status":${status}`;
  fields += `,"durationMs":${Math.round(durationMs * 1000) / 1000}`;
  if (problem !== undefined) fields += `,"problem":${JSON.stringify(problem)}`;
  if (aborted === true) fields += ',"aborted":true';
  if (userAgent !== undefined) fields += `,"userAgent":${JSON.stringify(clientText(userAgent))}`;
  return fields;
}
