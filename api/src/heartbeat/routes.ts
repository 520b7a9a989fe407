import type { Environment } from "../environment.ts";
import { type Route, route } from "../http/route.ts";
import { heartbeatContract } from "./contract.ts";

export interface HeartbeatOptions {
  readonly environment: Pick<Environment, "VERSION" | "COMMIT" | "ENVIRONMENT">;
  /** Seconds since the process began. */
  readonly uptime: () => number;
}

export function heartbeatRoutes({ environment, uptime }: HeartbeatOptions): readonly Route[] {
  const same = {
    status: "alive",
    version: environment.VERSION,
    commit: environment.COMMIT,
    environment: environment.ENVIRONMENT,
  } as const;
  return [
    route(heartbeatContract, () => ({ status: 200, body: { ...same, uptimeSeconds: Math.floor(uptime()) } }) as const),
  ];
}
