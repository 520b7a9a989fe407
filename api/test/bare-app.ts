import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import type { Authenticate } from "../src/auth/caller.ts";
import { documentationRoutes } from "../src/documentation/routes.ts";
import { ProblemError } from "../src/http/problem.ts";
import type { Route } from "../src/http/route.ts";
import { noLimits } from "../local/no-limits.ts";
import { createApp } from "../src/http/router.ts";
import { createRequestCount } from "../src/http/request-count.ts";
import type { RouterServices } from "../src/http/services.ts";
import { createLifecycle } from "../src/lifecycle.ts";
import { defaultRuntimeConfig } from "../src/runtime-config.ts";

export interface BareApp {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly server: Server;
  close(): Promise<void>;
}

/** Whoever sends `Bearer NAME` is the user NAME. */
const byName: Authenticate = (authorization) => {
  const userId = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
  return userId === undefined
    ? Promise.reject(new ProblemError("unauthenticated", undefined, { headers: { "WWW-Authenticate": "Bearer" } }))
    : Promise.resolve({ userId, scopes: new Set() });
};

/** The real router and documentation on a free port, with services that need nothing: for tests of one resource's routes. */
export async function startBareApp(routes: readonly Route[], services: Partial<RouterServices> = {}): Promise<BareApp> {
  const lifecycle = createLifecycle();
  lifecycle.enter("ready");
  const app = createApp([...routes, ...documentationRoutes(routes, { environment: { VERSION: "0.0.0" } })], {
    log: { logger: pino({ level: "silent" }), request: () => undefined },
    lifecycle,
    config: { current: defaultRuntimeConfig, onChange: () => () => undefined },
    authenticate: byName,
    limiter: noLimits,
    requests: createRequestCount(),
    shed: () => undefined,
    telemetry: { begin: () => undefined, end: () => undefined, unexpected: () => undefined },
    hashUser: (userId) => userId,
    corsOrigins: ["https://www.example.com"],
    trustProxy: 0,
    ...services,
  });
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
