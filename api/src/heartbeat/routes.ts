import type { Environment } from "../environment.ts";
import { type Route, route } from "../http/route.ts";
import { type Heartbeat, heartbeatContract } from "./contract.ts";

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
  // The text of one second: a heartbeat is asked for more often than it changes.
  let said = -1;
  let text = "";
  return [
    route(heartbeatContract, () => {
      const uptimeSeconds = Math.floor(uptime());
      if (uptimeSeconds !== said) {
        said = uptimeSeconds;
        text = JSON.stringify({ ...same, uptimeSeconds } satisfies Heartbeat);
      }
      return { status: 200, text } as const;
    }),
  ];
}
