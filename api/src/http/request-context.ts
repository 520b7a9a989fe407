import type { RequestContext } from "./context.ts";
import { type RouteContract, routeClasses } from "./route.ts";
import type { RouterServices } from "./services.ts";

/** What the request's end is told to. */
export interface EndingContext extends RequestContext {
  /** `aborted`: the client has gone before its answer was sent. */
  end(aborted: boolean): void;
}

/**
 * Makes its costly parts once somebody asks for them: a probe asks for none. A class, because getters of an object
 * literal give each object a hidden class of its own, by which V8 keeps the whole request until the next full
 * collection: measured, a quarter of a small request's time.
 */
class LazyContext implements EndingContext {
  readonly id: string;
  readonly span: RequestContext["span"];
  readonly #contract: RouteContract;
  readonly #services: Pick<RouterServices, "log">;
  #log: RequestContext["log"] | undefined;
  #abort: AbortController | undefined;
  #deadline: NodeJS.Timeout | undefined;

  constructor(
    id: string,
    span: RequestContext["span"],
    contract: RouteContract,
    services: Pick<RouterServices, "log">,
  ) {
    this.id = id;
    this.span = span;
    this.#contract = contract;
    this.#services = services;
  }

  get log(): RequestContext["log"] {
    return (this.#log ??= this.#services.log.logger.child({ requestId: this.id, route: this.#contract.path }));
  }

  get signal(): AbortSignal {
    return (this.#abort ??= this.#begin()).signal;
  }

  end(aborted: boolean): void {
    clearTimeout(this.#deadline);
    if (aborted) this.#abort?.abort(new DOMException("the client has gone", "AbortError"));
  }

  #begin(): AbortController {
    const controller = new AbortController();
    const { deadlineMs } = routeClasses[this.#contract.class];
    if (deadlineMs > 0)
      this.#deadline = setTimeout(() => {
        controller.abort(new DOMException("the request's deadline is over", "TimeoutError"));
      }, deadlineMs);
    return controller;
  }
}

export function createContext(...parts: ConstructorParameters<typeof LazyContext>): EndingContext {
  return new LazyContext(...parts);
}
