import express, { type Express, type Request, type RequestHandler, type Response } from "express";
import type { Caller } from "../auth/caller.ts";
import { addressKey } from "./address-key.ts";
import type { RequestContext } from "./context.ts";
import { createCors } from "./cors.ts";
import { beginExchange, closeWhileDraining, type Exchange, type ExchangeServices, fail } from "./exchange.ts";
import { readJsonBody } from "./json-body.ts";
import { parseAll } from "./parse.ts";
import { ProblemError } from "./problem.ts";
import { createContext } from "./request-context.ts";
import {
  type Answer,
  type CountedLimit,
  type Route,
  type RouteClass,
  type RouteContract,
  type RouteRequest,
  routeClasses,
} from "./route.ts";
import { sendJson, sendNothing, sendText } from "./send.ts";
import type { RouterServices } from "./services.ts";

type Services = RouterServices & ExchangeServices;

const readOnlyRetrySeconds = 30;

/** The API's Express application: each route with what its class asks for, and a problem document for whatever else. */
export function createApp(routes: readonly Route[], options: RouterServices): Express {
  const services: Services = { ...options, cors: createCors(options.corsOrigins) };
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.enable("case sensitive routing");
  // What is not documented does not exist, a slash too many included.
  app.enable("strict routing");
  app.set("trust proxy", typeof options.trustProxy === "number" ? options.trustProxy : [...options.trustProxy]);
  const byPath = Map.groupBy(routes, ({ contract }) => contract.path);
  for (const [path, group] of byPath) {
    // One layer for all methods of a path: Express tries one layer's pattern after another.
    const atPath = app.route(path.replaceAll(/\{(\w+)\}/g, ":$1"));
    for (const route of group) atPath[route.contract.method](endpoint(route, services));
    atPath.all(
      otherMethods(
        group.map(({ contract }) => contract),
        services,
      ),
    );
  }
  app.use(unmatched(services));
  app.use(((error: unknown, request: Request, response: Response, _next: unknown) => {
    fail(beginExchange(request, response, undefined, services), error, services);
  }) satisfies express.ErrorRequestHandler);
  return app;
}

function endpoint(route: Route, services: Services): RequestHandler {
  const { contract, handler } = route;
  return (request, response) => {
    const exchange = beginExchange(request, response, contract, services);
    answer(exchange, contract, handler, services).catch((error: unknown) => {
      fail(exchange, error, services);
    });
  };
}

async function answer(
  exchange: Exchange,
  contract: RouteContract,
  handler: Route["handler"],
  services: Services,
): Promise<void> {
  const rules: RouteClass = routeClasses[contract.class];
  admit(rules, services);
  if (contract.access === "caller") exchange.caller = await signedIn(exchange, services);
  const work = () => answerOf(exchange, contract, handler, services);
  const answered = rules.limit === "none" ? await work() : await withinLimit(exchange, rules.limit, services, work);
  closeWhileDraining(exchange, services);
  send(exchange, contract, answered);
}

type Answered = Answer<RouteContract>;

/** At once where there is no body to wait for. Throws, or rejects, with what is wrong with the request. */
function answerOf(
  exchange: Exchange,
  contract: RouteContract,
  handler: Route["handler"],
  services: Services,
): Answered | Promise<Answered> {
  const ending = createContext(exchange.requestId, exchange.span, contract, services);
  exchange.context = ending;
  const context: RequestContext = ending;
  const { request, caller } = exchange;
  const handle = (sentBody: unknown): Answered | Promise<Answered> =>
    handler({ ...partsOf(request, contract, sentBody), caller, context } as RouteRequest<RouteContract>);
  return contract.body === undefined
    ? handle(undefined)
    : readJsonBody(request, { maxBytes: contract.body.maxBytes }).then(handle);
}

/**
 * The work's answer, if the limit allows it. What only reads begins while it is counted, so that both go to Redis in one
 * round trip, unless its refusal is known already.
 */
async function withinLimit(
  exchange: Exchange,
  counted: CountedLimit,
  services: Services,
  work: () => Answered | Promise<Answered>,
): Promise<Answered> {
  const counting = limit(exchange, counted, services);
  if (counted !== "read" || services.limiter.refuses(counted, limitKey(exchange))) {
    await counting;
    return work();
  }
  const working = new Promise<Answered>((resolve) => {
    resolve(work());
  });
  // A refusal goes before whatever the work says.
  working.catch(() => undefined);
  await counting;
  return working;
}

/** Refuses what the process cannot or must not do now. */
function admit(rules: RouteClass, { shed, config }: Services): void {
  const retryAfterSeconds = rules.shed ? shed() : undefined;
  if (retryAfterSeconds !== undefined) throw new ProblemError("overloaded", undefined, { retryAfterSeconds });
  if (config.current.readOnly && (rules.limit === "write" || rules.limit === "upload"))
    throw new ProblemError("read-only", undefined, { retryAfterSeconds: readOnlyRetrySeconds });
}

/** Who calls. One who guesses tokens uses up a limit of their address. */
async function signedIn(exchange: Exchange, services: Services): Promise<Caller> {
  try {
    return await services.authenticate(exchange.request.headers.authorization);
  } catch (error) {
    if (error instanceof ProblemError && error.kind === "unauthenticated")
      await limit(exchange, "failedSignIn", services);
    throw error;
  }
}

async function limit(exchange: Exchange, counted: CountedLimit, { limiter }: Services): Promise<void> {
  const { allowed, limit, remaining, resetSeconds } = await limiter(counted, limitKey(exchange));
  const { headers } = exchange;
  headers["RateLimit-Limit"] = limit;
  headers["RateLimit-Remaining"] = remaining;
  headers["RateLimit-Reset"] = resetSeconds;
  if (!allowed) throw new ProblemError("too-many-requests", undefined, { retryAfterSeconds: resetSeconds });
}

const limitKey = ({ request, caller }: Exchange): string =>
  caller === undefined ? addressKey(request.ip) : `user:${caller.userId}`;

function partsOf(request: Request, contract: RouteContract, sentBody: unknown): object {
  const { params, query, headers, body } = contract;
  if (!params && !query && !headers && !body) return noParts;
  const [parsedParams, parsedQuery, parsedHeaders, parsedBody] = parseAll([
    ["path", params, request.params],
    ["query", query, query && request.query],
    ["header", headers, request.headers],
    ["body", body?.schema, sentBody],
  ]);
  return { params: parsedParams, query: parsedQuery, headers: parsedHeaders, body: parsedBody };
}

const noParts = { params: undefined, query: undefined, headers: undefined, body: undefined };

const jsonType = "application/json; charset=utf-8";

function send({ response, headers }: Exchange, contract: RouteContract, answer: Answer<RouteContract>): void {
  const { status, body, text }: Sendable = answer;
  Object.assign(headers, answer.headers);
  if (body !== undefined) sendJson(response, status, headers, body);
  else if (text === undefined) sendNothing(response, status, headers);
  else sendText(response, status, headers, contract.answers[status]?.mediaType ?? jsonType, text);
}

/** An answer of any contract. */
interface Sendable {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string | Buffer;
}

/** OPTIONS, which browsers ask before they call, and 405 for what the path does not have. */
function otherMethods(contracts: readonly RouteContract[], services: Services): RequestHandler {
  const methods = contracts.map(({ method }) => method.toUpperCase());
  const allowed = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");
  return (request, response) => {
    const exchange = beginExchange(request, response, undefined, services);
    if (request.method === "OPTIONS") {
      Object.assign(exchange.headers, { Allow: allowed }, services.cors.preflightFor(request.headers.origin, methods));
      sendNothing(response, 204, exchange.headers);
    } else fail(exchange, new ProblemError("method-not-allowed", undefined, { headers: { Allow: allowed } }), services);
  };
}

/** Whoever looks for what is not there uses up a limit as well. */
function unmatched(services: Services): RequestHandler {
  return (request, response) => {
    const exchange = beginExchange(request, response, undefined, services);
    limit(exchange, "read", services).then(
      () => fail(exchange, new ProblemError("not-found"), services),
      (error: unknown) => fail(exchange, error, services),
    );
  };
}
