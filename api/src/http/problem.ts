/** What can go wrong, as RFC 9457 problem types. The key ends the `type`; `title` is the same for every occurrence. */
export const problemKinds = {
  "invalid-request": { status: 400, title: "The request does not fit its schema" },
  unauthenticated: { status: 401, title: "The request carries no valid access token" },
  forbidden: { status: 403, title: "The caller may not do this" },
  "not-found": { status: 404, title: "There is no such resource" },
  "method-not-allowed": { status: 405, title: "The resource does not have this method" },
  "request-timeout": { status: 408, title: "The request did not arrive in time" },
  "key-in-flight": { status: 409, title: "A request with this Idempotency-Key is being worked on" },
  "version-mismatch": { status: 412, title: "The resource has changed since it was read" },
  "too-large": { status: 413, title: "The request is larger than the route takes" },
  "unsupported-media-type": { status: 415, title: "The route takes another media type" },
  "key-reused": { status: 422, title: "The Idempotency-Key was used for another request" },
  "too-many-requests": { status: 429, title: "The caller has asked too often" },
  internal: { status: 500, title: "The API failed" },
  "read-only": { status: 503, title: "The API takes no writes at the moment" },
  overloaded: { status: 503, title: "The API has more to do than it can" },
  "dependency-unavailable": { status: 503, title: "Something that the API needs does not answer" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemKind = keyof typeof problemKinds;

/** One wrong part of a request. */
export interface ProblemPart {
  /** Where: `body`, `query`, `path`, or `header`, and a JSON pointer or name within. */
  readonly in: "body" | "query" | "path" | "header";
  readonly pointer: string;
  readonly detail: string;
}

/** The document that a client gets. */
export interface ProblemDocument {
  /** A path of this API that says more: `/problems/<kind>`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** This occurrence in words; never a driver's message or a caller's secret. */
  readonly detail?: string;
  /** The request's id, for whoever looks for it in the logs. */
  readonly instance: string;
  readonly errors?: readonly ProblemPart[];
}

export interface ProblemOptions {
  readonly errors?: readonly ProblemPart[];
  /** Seconds after which a client may try again: the header Retry-After. */
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log alone. */
  readonly cause?: unknown;
}

/** Thrown by whatever cannot go on; the router answers with its document. */
export class ProblemError extends Error {
  readonly kind: ProblemKind;
  readonly detail: string | undefined;
  readonly options: ProblemOptions;

  constructor(kind: ProblemKind, detail?: string, options: ProblemOptions = {}) {
    super(detail ?? problemKinds[kind].title, { cause: options.cause });
    this.name = "ProblemError";
    this.kind = kind;
    this.detail = detail;
    this.options = options;
  }
}

export const problemPath = (kind: ProblemKind): string => `/problems/${kind}`;

export function problemDocument({ kind, detail, options }: ProblemError, requestId: string): ProblemDocument {
  return {
    type: problemPath(kind),
    title: problemKinds[kind].title,
    status: problemKinds[kind].status,
    ...(detail !== undefined && { detail }),
    instance: `urn:request:${requestId}`,
    ...(options.errors !== undefined && { errors: options.errors }),
  };
}
