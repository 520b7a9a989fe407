import express, { type Express } from "express";
import { contract, type Environment } from "./environment.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { notFound, onError } from "./problem.ts";

export interface AppOptions {
  readonly environment: Environment;
  readonly lifecycle: Lifecycle;
  /** Seconds since the process began. */
  readonly uptime: () => number;
}

/** What `GET /heartbeat` answers. */
export interface Heartbeat {
  readonly status: "alive";
  readonly version: string;
  readonly commit: string;
  readonly environment: Environment["ENVIRONMENT"];
  readonly uptimeSeconds: number;
}

export function createApp({ environment, lifecycle, uptime }: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");

  app.use((_request, response, next) => {
    response.set("Cache-Control", "no-store");
    // A connection that is not reused lets the server close in time.
    if (lifecycle.stage === "draining") response.set("Connection", "close");
    next();
  });

  app.get(contract.paths.heartbeat, (_request, response) => {
    const heartbeat: Heartbeat = {
      status: "alive",
      version: environment.VERSION,
      commit: environment.COMMIT,
      environment: environment.ENVIRONMENT,
      uptimeSeconds: Math.floor(uptime()),
    };
    response.json(heartbeat);
  });
  app.get(contract.paths.live, (_request, response) => {
    response.json({ status: "live" });
  });
  app.get(contract.paths.ready, (_request, response) => {
    response.status(lifecycle.stage === "ready" ? 200 : 503).json({ status: lifecycle.stage });
  });

  app.use(notFound);
  app.use(onError);
  return app;
}
