import type { Ending } from "./proxy.ts";

/** Every way in which a request fails, in the order of the report. */
export const FAILURE_KINDS = {
  status: "an answer that is not 2xx",
  timeout: "no whole answer in time",
  "profile-reset": "reset by the profile",
  reset: "reset by the server",
  closed: "closed before the answer was whole",
  refused: "nothing listens there any more",
  unreachable: "the server cannot be reached any more",
  tls: "the TLS handshake or the certificate",
  protocol: "an answer that is no HTTP",
  other: "something else",
} as const;

export type FailureKind = keyof typeof FAILURE_KINDS;

export interface Failure {
  readonly kind: FailureKind;
  /** The status, or the system's code; empty where there is nothing to add. */
  readonly detail: string;
}

export interface CountedFailure extends Failure {
  readonly count: number;
}

interface RequestError {
  readonly code: string;
  /** Only an error of the system has a call. A close without a word gets the same code, and none. */
  readonly hasSystemCall: boolean;
}

const TLS_CODES = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|EPROTO$)|_CERT(_|$)|_CA$/;

/** `ending`: what the proxy knows of the connection's end, if it ended it. */
export function failureOf({ code, hasSystemCall }: RequestError, ending: Ending | undefined): Failure {
  if (ending?.by === "profile") return { kind: "profile-reset", detail: "" };
  if (ending !== undefined)
    return { kind: ending.code === "ECONNREFUSED" ? "refused" : "unreachable", detail: ending.code };
  if (code === "ECONNRESET" || code === "EPIPE") return { kind: hasSystemCall ? "reset" : "closed", detail: "" };
  if (TLS_CODES.test(code)) return { kind: "tls", detail: code };
  return { kind: code.startsWith("HPE_") ? "protocol" : "other", detail: code };
}

/** Each kind and detail once, with its count: in the order of the kinds, the most frequent first within one. */
export function countFailures(failures: readonly Failure[]): CountedFailure[] {
  const kinds = Object.keys(FAILURE_KINDS);
  return [...Map.groupBy(failures, ({ kind, detail }) => `${kind} ${detail}`).values()]
    .flatMap((same) => same.slice(0, 1).map((one) => ({ ...one, count: same.length })))
    .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || b.count - a.count);
}
