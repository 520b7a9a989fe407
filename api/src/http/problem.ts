import type { ErrorRequestHandler, RequestHandler, Response } from "express";

/** RFC 9457. `type` is left out: it means about:blank, so `title` is the status in words. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
}

export function sendProblem(response: Response, problem: Problem): void {
  response.status(problem.status).type("application/problem+json").send(JSON.stringify(problem));
}

export const notFound: RequestHandler = (_request, response) => {
  sendProblem(response, { status: 404, title: "Not Found", detail: "There is no such resource." });
};

function statusOf(error: unknown): number {
  const status: unknown = typeof error === "object" && error !== null && "status" in error ? error.status : undefined;
  return typeof status === "number" && status >= 400 && status < 500 ? status : 500;
}

/** Says nothing of the cause: a message may hold a driver's, or a caller's, secrets. */
export const onError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const status = statusOf(error);
  sendProblem(response, { status, title: status === 500 ? "Internal Server Error" : "Bad Request" });
};
