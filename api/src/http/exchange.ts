import type { Request, Response } from "express";
import type { Caller } from "../auth/caller.ts";
import type { RequestSpan } from "../telemetry/tracing.ts";
import type { Cors } from "./cors.ts";
import { problemOf } from "./failure.ts";
import { type ProblemKind, problemKinds } from "./problem.ts";
import type { EndingContext } from "./request-context.ts";
import { requestIdOf } from "./request-id.ts";
import type { RouteContract } from "./route.ts";
import { commonHeaders, type Headers, sendProblem } from "./send.ts";
import type { RouterServices } from "./services.ts";

/** One request and its answer, from the first byte to the log line. */
export interface Exchange {
  readonly request: Request;
  readonly response: Response;
  /** Undefined where no route has the path and method. */
  readonly contract: RouteContract | undefined;
  readonly requestId: string;
  /** What the answer carries; written with it. */
  readonly headers: Headers;
  readonly span: RequestSpan | undefined;
  caller: Caller | undefined;
  problem: ProblemKind | undefined;
  /** Once a route begins to answer. */
  context: EndingContext | undefined;
}

export type ExchangeServices = Pick<RouterServices, "lifecycle" | "log" | "telemetry" | "hashUser" | "requests"> & {
  readonly cors: Cors;
};

/** What nginx calls a client that has gone before its answer. */
const clientGone = 499;

/** Begins an exchange, and sees to it that its end is told. */
export function beginExchange(
  request: Request,
  response: Response,
  contract: RouteContract | undefined,
  services: ExchangeServices,
): Exchange {
  const start = performance.now();
  const requestId = requestIdOf(request.headers["x-request-id"]);
  const headers = commonHeaders(requestId, services.lifecycle.stage === "draining");
  Object.assign(headers, services.cors.headersFor(request.headers.origin));
  const span = contract && services.telemetry.begin(contract, request.headers);
  const exchange: Exchange = {
    request,
    response,
    contract,
    requestId,
    headers,
    span,
    caller: undefined,
    problem: undefined,
    context: undefined,
  };
  services.requests.begin();
  // The only listener, and without what `once` wraps around it: a second one makes a list of them, and where V8 once
  // takes such lists for long-lived, each keeps its request until the next full collection, at twice a request's cost.
  response.on("close", () => {
    endExchange(exchange, performance.now() - start, services);
  });
  return exchange;
}

function endExchange(exchange: Exchange, durationMs: number, services: ExchangeServices): void {
  const { request, response, contract, span, caller } = exchange;
  const { telemetry, log, hashUser, requests } = services;
  const aborted = !response.writableFinished;
  requests.end();
  exchange.context?.end(aborted);
  const status = aborted ? clientGone : response.statusCode;
  telemetry.end(span, contract, status, durationMs);
  log.request({
    requestId: exchange.requestId,
    method: request.method,
    route: routeOf(exchange),
    status,
    durationMs,
    span,
    userHash: caller && hashUser(caller.userId),
    problem: exchange.problem,
    userAgent: request.headers["user-agent"],
    aborted,
  });
}

const routeOf = ({ contract }: Exchange): string => contract?.path ?? "unmatched";

/** Of a request that began before: a connection that is not reused lets the server close in time. */
export function closeWhileDraining({ headers }: Exchange, { lifecycle }: Pick<ExchangeServices, "lifecycle">): void {
  if (lifecycle.stage === "draining") headers["Connection"] = "close";
}

/** Answers with the problem that was thrown; what nobody expected is logged and reported. */
export function fail(exchange: Exchange, error: unknown, services: ExchangeServices): void {
  const { log, telemetry, hashUser } = services;
  const { response, headers, requestId, caller } = exchange;
  closeWhileDraining(exchange, services);
  const problem = problemOf(error);
  exchange.problem = problem.kind;
  const facts = { requestId, route: routeOf(exchange) };
  if (problem.kind === "internal") {
    log.logger.error({ ...facts, error }, "unexpected error");
    telemetry.unexpected(error, { ...facts, userHash: caller && hashUser(caller.userId) });
  } else if (problemKinds[problem.kind].status >= 500)
    log.logger.debug({ ...facts, error: problem.options.cause }, problem.message);
  // Half an answer cannot become another one.
  if (response.headersSent) response.destroy();
  else sendProblem(response, headers, problem, requestId);
}
