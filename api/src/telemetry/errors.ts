import type { Scope } from "@sentry/node";
import type { Environment } from "../environment.ts";
import { maskOf } from "./mask.ts";
import { secretsOf } from "./secrets.ts";
import { safeError, type SafeError } from "./safe-error.ts";

/** Which request failed; `route` is the contract's path. */
export interface FailureFacts {
  readonly requestId: string;
  readonly route: string;
  /** From `hashUser`. */
  readonly userHash?: string | undefined;
}

export interface Errors {
  /** Tells Sentry of what nobody expected. Never throws, and waits for nothing. */
  unexpected(error: unknown, facts: FailureFacts): void;
  /** Sends what waits, for at most so many milliseconds. */
  close(deadlineMs: number): Promise<void>;
}

/** Where there is no DSN: errors are only logged. */
export const noErrors: Errors = {
  unexpected: () => undefined,
  close: () => Promise.resolve(),
};

export interface ErrorsOptions {
  readonly environment: Environment;
  /** Default: SENTRY_DSN, which is https. A test's own receiver is not. */
  readonly dsn?: string;
}

/** In a minute; an outage has one cause and needs no thousand reports. */
const mostPerMinute = 60;
const minute = 60_000;

/**
 * Sentry as a client of its own: no global state, no integration, nothing patched, and nothing collected. An event is
 * made of what `safeError` tells and the facts alone; no headers, body, address, host name, or breadcrumbs.
 */
export async function createErrors({ environment, dsn = environment.SENTRY_DSN }: ErrorsOptions): Promise<Errors> {
  if (dsn === undefined) return noErrors;
  // A quarter of a second and 40 MB, which are spent only where there is a DSN.
  const sentry = await import("@sentry/node");
  const client = new sentry.NodeClient({
    dsn,
    release: `${environment.OTEL_SERVICE_NAME}@${environment.VERSION}`,
    environment: environment.ENVIRONMENT,
    transport: sentry.makeNodeTransport,
    stackParser: sentry.defaultStackParser,
    integrations: [],
    dataCollection: {
      userInfo: false,
      cookies: false,
      httpHeaders: false,
      httpBodies: [],
      urlQueryParams: false,
      databaseQueryData: false,
      stackFrameVariables: false,
      frameContextLines: 0,
    },
    sendClientReports: false,
    includeServerName: false,
    maxBreadcrumbs: 0,
    skipOpenTelemetrySetup: true,
  });
  client.init();
  const mask = maskOf(secretsOf(environment));
  const { COMMIT: commit } = environment;
  let since = 0;
  let count = 0;

  const mayTell = (): boolean => {
    const now = Date.now();
    if (now - since >= minute) {
      since = now;
      count = 0;
    }
    count += 1;
    return count <= mostPerMinute;
  };

  return {
    unexpected(error, { requestId, route, userHash }) {
      if (!mayTell()) return;
      const chain = chainOf(safeError(error, mask));
      const scope: Scope = new sentry.Scope();
      client.captureEvent(
        {
          level: "error",
          tags: { requestId, route, commit },
          ...(userHash !== undefined && { user: { id: userHash } }),
          exception: {
            // Sentry wants the first cause first.
            values: chain.reverse().map(({ name, message, code, stack }) => ({
              type: name,
              value: code === undefined ? message : `${message} (${code})`,
              ...(stack !== undefined && { stacktrace: { frames: sentry.defaultStackParser(stack) } }),
              mechanism: { type: "generic", handled: true },
            })),
          },
        },
        {},
        scope,
      );
    },
    async close(deadlineMs) {
      await client.close(deadlineMs);
    },
  };
}

/** The error, its cause, and so on. */
function chainOf(error: SafeError): SafeError[] {
  return error.cause === undefined ? [error] : [error, ...chainOf(error.cause)];
}
