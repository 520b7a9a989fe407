import type { Response } from "express";
import { type ProblemError, problemDocument, problemKinds } from "./problem.ts";
import { securityHeaders } from "./security-headers.ts";

/** What an answer carries beside what its route says. */
export type Headers = Record<string, string | number>;

/** Headers of every answer; a route's own go over them. */
export function commonHeaders(requestId: string, draining: boolean): Headers {
  return {
    ...securityHeaders,
    "Cache-Control": "no-store",
    "X-Request-Id": requestId,
    // A connection that is not reused lets the server close in time.
    ...(draining && { Connection: "close" }),
  };
}

/** Writes status, headers, and body in one go, which costs Node the least. */
export function sendText(
  response: Response,
  status: number,
  headers: Headers,
  mediaType: string,
  body: string | Buffer,
): void {
  const bytes = Buffer.byteLength(body);
  headers["Content-Type"] = mediaType;
  headers["Content-Length"] = bytes;
  // A text of one byte a character is the same in both, and Node copies it as it is.
  response.writeHead(status, headers).end(body, bytes === body.length ? "latin1" : "utf8");
}

export function sendJson(response: Response, status: number, headers: Headers, body: unknown): void {
  sendText(response, status, headers, "application/json; charset=utf-8", JSON.stringify(body));
}

export function sendNothing(response: Response, status: number, headers: Headers): void {
  response.writeHead(status, headers).end();
}

export function sendProblem(response: Response, headers: Headers, problem: ProblemError, requestId: string): void {
  const { headers: own, retryAfterSeconds } = problem.options;
  Object.assign(headers, own, retryAfterSeconds !== undefined && { "Retry-After": retryAfterSeconds });
  const document = JSON.stringify(problemDocument(problem, requestId));
  sendText(response, problemKinds[problem.kind].status, headers, "application/problem+json; charset=utf-8", document);
}
