import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { createMongo } from "../src/dependencies/mongo.ts";
import { createRedis } from "../src/dependencies/redis.ts";
import { adminScope } from "../src/auth/caller.ts";
import { ProblemError, problemKinds } from "../src/http/problem.ts";
import { createRequestCount } from "../src/http/request-count.ts";
import { createApp } from "../src/http/router.ts";
import type { RouteContract } from "../src/http/route.ts";
import { createLifecycle } from "../src/lifecycle.ts";
import { type MapServices, mapRoutes } from "../src/maps/routes.ts";
import { defaultRuntimeConfig } from "../src/runtime-config.ts";
import { noLimits } from "./no-limits.ts";

/** An answer that fits the contract of its route. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where there is no body. */
  readonly body: unknown;
}

export interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who calls. Default: user-1. With `+admin` after it, an administrator. */
  readonly as?: string;
}

/** One task of the API with the maps' routes alone, for tests: real servers, and callers who are whoever they say. */
export interface MapsApp {
  readonly mongo: ReturnType<typeof createMongo>;
  readonly redis: ReturnType<typeof createRedis>;
  readonly lookups: string[];
  readonly redisErrors: unknown[];
  /** Rejects where the answer is none of its route's contract. */
  ask(method: "GET" | "POST" | "DELETE", path: string, asked?: Asked): Promise<Answered>;
  close(): Promise<void>;
}

export interface MapsAppOptions extends Partial<Pick<MapServices, "markMs" | "now" | "random" | "keyPrefix">> {
  readonly mongoUrl: string;
  readonly redisUrl: string;
  readonly database?: string;
}

const quiet = pino({ level: "silent" });

/** An outage is seen, and seen to be over, within a tenth of a second. */
const quick = {
  log: quiet,
  breaker: { minimumCalls: 3, size: 6, firstProbeMs: 50, lastProbeMs: 100 },
  probe: { intervalMs: 100, deadlineMs: 300 },
  warmMs: 10_000,
} as const;

export async function startMapsApp(options: MapsAppOptions): Promise<MapsApp> {
  const { mongoUrl, redisUrl, database = "maps_test", keyPrefix = "test:", ...rest } = options;
  const mongo = createMongo({ uri: mongoUrl, database, pool: { min: 2, max: 10 }, ...quick });
  const redis = createRedis({ url: redisUrl, ...quick });
  await Promise.all([mongo.warm(), redis.warm()]);
  const lookups: string[] = [];
  const redisErrors: unknown[] = [];
  const unexpected: unknown[] = [];
  const routes = mapRoutes({
    mongo,
    redis,
    keyPrefix,
    onLookup: (outcome) => lookups.push(outcome),
    onRedisError: (error) => redisErrors.push(error),
    ...rest,
  });
  const lifecycle = createLifecycle();
  lifecycle.enter("ready");
  const app = createApp(routes, {
    log: { logger: quiet, request: () => undefined },
    lifecycle,
    config: { current: defaultRuntimeConfig, onChange: () => () => undefined },
    authenticate: (authorization) => {
      const [userId, scope] = authorization?.split(" ")[1]?.split("+") ?? [];
      if (userId === undefined) return Promise.reject(new ProblemError("unauthenticated"));
      return Promise.resolve({ userId, scopes: new Set(scope === undefined ? [] : [adminScope]) });
    },
    limiter: noLimits,
    requests: createRequestCount(),
    shed: () => undefined,
    telemetry: { begin: () => undefined, end: () => undefined, unexpected: (error) => unexpected.push(error) },
    hashUser: (userId) => userId,
    corsOrigins: [],
    trustProxy: 0,
  });
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const contracts = routes.map(({ contract }) => contract);

  return {
    mongo,
    redis,
    lookups,
    redisErrors,
    async ask(method, path, { body, headers = {}, as = "user-1" } = {}) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: {
          ...(as !== "" && { Authorization: `Bearer ${as}` }),
          ...(body !== undefined && { "Content-Type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const answered: Answered = {
        status: response.status,
        headers: response.headers,
        text,
        body: text === "" ? undefined : JSON.parse(text),
      };
      assert.deepEqual(unexpected.splice(0), []);
      requireContract(contracts, method, path, answered);
      return answered;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await Promise.all([mongo.close(), redis.close()]);
    },
  };
}

/** Refusals that a route's access and class bring with them. */
const general = ["invalid-request", "unauthenticated", "too-large", "unsupported-media-type"] as const;

function requireContract(
  contracts: readonly RouteContract[],
  method: string,
  path: string,
  { status, headers, text, body }: Answered,
): void {
  const contract = contracts.find(
    (candidate) =>
      candidate.method === method.toLowerCase() && candidate.path.split("/").length === path.split("/").length,
  );
  assert.ok(contract, `${method} ${path} has no contract`);
  const answer = contract.answers[status];
  if (answer !== undefined) {
    if (answer.body === undefined) assert.equal(text, "");
    else answer.body.parse(body);
    for (const name of headers.keys()) {
      const special = ["etag", "idempotency-replayed", "age"].includes(name);
      const named = Object.keys(answer.headers ?? {}).map((header) => header.toLowerCase());
      assert.ok(!special || named.includes(name), `${contract.id} does not name the header ${name}`);
    }
    return;
  }
  const type = String((body as { readonly type: unknown }).type).replace("/problems/", "");
  const allowed: readonly string[] = [...general, ...(contract.problems ?? [])];
  assert.ok(allowed.includes(type), `${contract.id} answered ${status} ${text}`);
  assert.equal(status, problemKinds[type as keyof typeof problemKinds].status);
}
