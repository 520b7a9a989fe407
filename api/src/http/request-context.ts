import type { ServerResponse } from "node:http";
import type { RequestContext } from "./context.ts";
import { type RouteContract, routeClasses } from "./route.ts";
import type { RouterServices } from "./services.ts";

/**
 * Makes its costly parts once somebody asks for them: a probe asks for none. A class, because getters of an object
 * literal give each object a hidden class of its own, by which V8 keeps the whole request until the next full
 * collection: measured, a quarter of a small request's time.
 */
class LazyContext implements RequestContext {
  readonly id: string;
  readonly span: RequestContext["span"];
  readonly #contract: RouteContract;
  readonly #response: ServerResponse;
  readonly #services: Pick<RouterServices, "log">;
  #log: RequestContext["log"] | undefined;
  #signal: AbortSignal | undefined;

  constructor(
    id: string,
    span: RequestContext["span"],
    contract: RouteContract,
    response: ServerResponse,
    services: Pick<RouterServices, "log">,
  ) {
    this.id = id;
    this.span = span;
    this.#contract = contract;
    this.#response = response;
    this.#services = services;
  }

  get log(): RequestContext["log"] {
    return (this.#log ??= this.#services.log.logger.child({ requestId: this.id, route: this.#contract.path }));
  }

  get signal(): AbortSignal {
    return (this.#signal ??= signalOf(this.#response, routeClasses[this.#contract.class].deadlineMs));
  }
}

export function createContext(...parts: ConstructorParameters<typeof LazyContext>): RequestContext {
  return new LazyContext(...parts);
}

/** Aborted at the deadline, or once the client has gone before its answer. */
function signalOf(response: ServerResponse, deadlineMs: number): AbortSignal {
  const controller = new AbortController();
  const timer =
    deadlineMs === 0
      ? undefined
      : setTimeout(() => {
          controller.abort(new DOMException("the request's deadline is over", "TimeoutError"));
        }, deadlineMs);
  response.once("close", () => {
    clearTimeout(timer);
    if (!response.writableFinished) controller.abort(new DOMException("the client has gone", "AbortError"));
  });
  return controller.signal;
}
