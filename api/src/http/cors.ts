/** What the router needs to let pages of other origins call. */
export interface Cors {
  /** The headers of any answer. `origin` is the request's header. */
  headersFor(origin: string | undefined): Readonly<Record<string, string>>;
  /** The headers of the 204 that answers a preflight. `methods` are those of the path, in upper case. */
  preflightFor(origin: string | undefined, methods: readonly string[]): Readonly<Record<string, string>>;
}

/** What a page may read of an answer beside its body. */
export const exposedHeaders = [
  "Age",
  "Allow",
  "ETag",
  "Idempotency-Replayed",
  "RateLimit-Limit",
  "RateLimit-Remaining",
  "RateLimit-Reset",
  "Retry-After",
  "WWW-Authenticate",
  "X-Request-Id",
] as const;

/** What a page may send. */
export const requestHeaders = [
  "Authorization",
  "Content-Type",
  "Idempotency-Key",
  "If-Match",
  "If-None-Match",
  "X-Request-Id",
  "traceparent",
  "tracestate",
] as const;

/** The longest that Chromium keeps an answer to a preflight, in seconds. */
const maxAgeSeconds = 7_200;

/** Also on answers to no origin: a cache must not give them to one. */
const vary = Object.freeze({ Vary: "Origin" });

const oneLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** As browsers write an origin: lower case, no default port. Throws where it is none. */
function canonical(origin: string): string {
  const url = URL.parse(origin);
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
  if (!isOrigin)
    throw new TypeError(`CORS: ${JSON.stringify(origin)} is not an origin such as https://www.example.com`);
  return url.origin;
}

/** Whether an origin is one of these; `https://*.example.com` stands for exactly one label before `.example.com`. */
export function originMatcher(origins: readonly string[]): (origin: string) => boolean {
  const all = origins.map(canonical);
  const exact = new Set(all.filter((origin) => !origin.includes("*")));
  const patterns = all
    .filter((origin) => origin.includes("*"))
    .map((origin) => {
      const [scheme, suffix, ...more] = origin.split("*");
      const isOneLabel = scheme?.endsWith("://") === true && suffix?.startsWith(".") === true && more.length === 0;
      if (!isOneLabel) throw new TypeError(`CORS: ${JSON.stringify(origin)} may have *. in front of its host alone`);
      return { scheme, suffix };
    });
  return (origin) =>
    exact.has(origin) ||
    patterns.some(
      ({ scheme, suffix }) =>
        origin.startsWith(scheme) &&
        origin.endsWith(suffix) &&
        oneLabel.test(origin.slice(scheme.length, -suffix.length)),
    );
}

/**
 * Without credentials: a caller is known by `Authorization`, which a page sends on purpose, so that no cookie can be
 * made to act for it. Throws a TypeError where an origin is none.
 */
export function createCors(origins: readonly string[]): Cors {
  const isAllowed = originMatcher(origins);
  const exposed = exposedHeaders.join(", ");
  const acceptedHeaders = requestHeaders.join(", ");
  return {
    headersFor: (origin) =>
      origin !== undefined && isAllowed(origin)
        ? { ...vary, "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": exposed }
        : vary,
    preflightFor: (origin, methods) =>
      origin !== undefined && isAllowed(origin)
        ? {
            ...vary,
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": methods.join(", "),
            "Access-Control-Allow-Headers": acceptedHeaders,
            "Access-Control-Max-Age": String(maxAgeSeconds),
          }
        : vary,
  };
}
