import type { z } from "zod";
import type { Caller } from "../auth/caller.ts";
import type { ProblemKind } from "./problem.ts";
import type { RequestContext } from "./context.ts";

/** What a caller, or an address, has so many of in a minute. */
export type CountedLimit = "read" | "write" | "upload" | "failedSignIn";

/** What every request of a class is subject to. */
export interface RouteClass {
  /** Which limit counts it; probes are asked by our own machines and count nowhere. */
  readonly limit: "none" | CountedLimit;
  readonly traced: boolean;
  /** Whether it is refused while the process has more to do than it can. */
  readonly shed: boolean;
  /** The longest that it may take, in milliseconds; 0 where it waits for nothing. */
  readonly deadlineMs: number;
}

export const routeClasses = {
  /** Must answer when nothing else does, and is asked every few seconds. */
  probe: { limit: "none", traced: false, shed: false, deadlineMs: 0 },
  /** The same bytes for everyone. */
  document: { limit: "read", traced: false, shed: true, deadlineMs: 0 },
  read: { limit: "read", traced: true, shed: true, deadlineMs: 3_000 },
  write: { limit: "write", traced: true, shed: true, deadlineMs: 5_000 },
  upload: { limit: "upload", traced: true, shed: true, deadlineMs: 3_000 },
} as const satisfies Readonly<Record<string, RouteClass>>;

/** One kind of answer. */
export interface AnswerContract {
  readonly description: string;
  /** Left out where there is no body, or one that is no JSON. */
  readonly body?: z.ZodType;
  /** The media type of a body that is no JSON. */
  readonly mediaType?: string;
  /** Headers beyond those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One route as data: the router, the OpenAPI document, and the tests read it. */
export interface RouteContract {
  /** The operationId. */
  readonly id: string;
  readonly method: "get" | "post" | "put" | "delete";
  /** With parameters as OpenAPI writes them: `/map/{userId}`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly class: keyof typeof routeClasses;
  readonly access: "anyone" | "caller";
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** In lower case. Unknown headers are ignored. */
  readonly headers?: z.ZodObject;
  readonly body?: { readonly schema: z.ZodType; readonly maxBytes: number; readonly description: string };
  readonly answers: Readonly<Record<number, AnswerContract>>;
  /** Beside those that any route of its access and class may answer with. */
  readonly problems?: readonly ProblemKind[];
}

type Part<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler gets: everything is validated. */
export interface RouteRequest<Contract extends RouteContract> {
  readonly params: Part<Contract["params"]>;
  readonly query: Part<Contract["query"]>;
  readonly headers: Part<Contract["headers"]>;
  readonly body: Contract["body"] extends { readonly schema: infer Schema } ? Part<Schema> : undefined;
  readonly caller: Contract["access"] extends "caller" ? Caller : undefined;
  readonly context: RequestContext;
}

/** What a handler answers. `body` is JSON; `text` is sent as it is, with the contract's media type, or is JSON already. */
export type Answer<Contract extends RouteContract> = {
  [Status in keyof Contract["answers"] & number]: {
    readonly status: Status;
    readonly headers?: Readonly<Record<string, string>>;
  } & (Contract["answers"][Status] extends { readonly body: infer Body extends z.ZodType }
    ? { readonly body: z.input<Body> } | { readonly text: string }
    : { readonly text?: string | Buffer });
}[keyof Contract["answers"] & number];

export type Handler<Contract extends RouteContract> = (
  request: RouteRequest<Contract>,
) => Answer<Contract> | Promise<Answer<Contract>>;

export interface Route {
  readonly contract: RouteContract;
  readonly handler: Handler<RouteContract>;
}

/** Binds a contract to what answers it. */
export function route<const Contract extends RouteContract>(contract: Contract, handler: Handler<Contract>): Route {
  // The router validates by the contract, so that the handler gets what its type says.
  return { contract, handler: handler as unknown as Handler<RouteContract> };
}
