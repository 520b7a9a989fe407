import type { Logger } from "../telemetry/log.ts";
import type { RequestSpan } from "../telemetry/tracing.ts";

/** What goes with one request from its first byte to its log line. */
export interface RequestContext {
  /** The client's where it is a valid one, else a new one. */
  readonly id: string;
  /** Says the request's id, trace, and route in each line. */
  readonly log: Logger;
  /** Aborted at the request's deadline, or once the client has gone. */
  readonly signal: AbortSignal;
  /** The parent of what the request asks of others; undefined where it is not traced. */
  readonly span: RequestSpan | undefined;
}
