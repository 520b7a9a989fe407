import type { ProblemKind } from "../http/problem.ts";

/** What a kind of problem means to whoever calls the API, and what to do about it. */
export interface ProblemMeaning {
  readonly meaning: string;
  readonly remedy: string;
}

export const problemMeanings: Readonly<Record<ProblemKind, ProblemMeaning>> = {
  "invalid-request": {
    meaning: "A part of the request is missing, malformed, or not allowed. Nothing was changed.",
    remedy: "Read `errors`: each entry names the part and what is wrong with it. The same request will fail again.",
  },
  unauthenticated: {
    meaning: "There is no access token in Authorization, or it has expired or was not issued for this API.",
    remedy: "Get a new access token and send it as `Authorization: Bearer <token>`.",
  },
  forbidden: {
    meaning: "The access token is valid, and its holder may not do this to this resource.",
    remedy: "Ask for your own resources, or with a token that has the scope for others'.",
  },
  "not-found": {
    meaning: "Nothing is at this path, or there is nothing yet.",
    remedy: "Check the path against /openapi.json. A map exists once it was first written.",
  },
  "method-not-allowed": {
    meaning: "The path exists, and this method is not one of its own.",
    remedy: "Use one of the methods in the header Allow.",
  },
  "request-timeout": {
    meaning: "The request's body did not arrive in time. Nothing was changed.",
    remedy: "Send it again, over a new connection.",
  },
  "key-in-flight": {
    meaning: "Another request with the same Idempotency-Key has begun and is not over.",
    remedy: "Wait a moment, and send the same request with the same key: it gets the first one's answer.",
  },
  "version-mismatch": {
    meaning: "The resource is no longer at a version that If-Match names. Nothing was changed.",
    remedy: "Read it again, apply the change to what you read, and send it with the new ETag.",
  },
  "too-large": {
    meaning: "The request, or what it would make, has more bytes than the route takes. Nothing was changed.",
    remedy: "Send less. The document at /openapi.json says how much each route takes.",
  },
  "unsupported-media-type": {
    meaning: "The body is not JSON in UTF-8, or it is compressed.",
    remedy: "Send `Content-Type: application/json` and no Content-Encoding.",
  },
  "key-reused": {
    meaning: "The Idempotency-Key has already named a request with another body. Nothing was changed.",
    remedy: "Make a new key for each new request, and keep it only for repeats of the same one.",
  },
  "too-many-requests": {
    meaning: "The caller's requests of this class are used up for the current window.",
    remedy: "Wait for the seconds in Retry-After. RateLimit-Remaining says beforehand how many are left.",
  },
  internal: {
    meaning: "The API failed in a way that nobody foresaw. Whether something was changed is not known.",
    remedy: "Repeat a write with its Idempotency-Key. If it goes on, tell support the id in `instance`.",
  },
  "read-only": {
    meaning: "The API takes no writes at the moment, on purpose; reads still work. Nothing was changed.",
    remedy: "Try again after the seconds in Retry-After.",
  },
  overloaded: {
    meaning: "The API has more to do than it can in time. A write may or may not have had its effect.",
    remedy: "Try again after the seconds in Retry-After; a write with its Idempotency-Key.",
  },
  "dependency-unavailable": {
    meaning: "A database or a service behind the API does not answer. A write may or may not have had its effect.",
    remedy: "Try again after the seconds in Retry-After; a write with its Idempotency-Key.",
  },
};
