import assert from "node:assert/strict";
import type { Route, RouteRequest } from "../http/route.ts";
import { heartbeatRoutes } from "./routes.ts";

describe("the heartbeat", () => {
  it("says which release is alive, where, and for how long", async () => {
    const environment = { VERSION: "1.4.0", COMMIT: "4f9c2d7", ENVIRONMENT: "staging" } as const;
    const [route] = heartbeatRoutes({ environment, uptime: () => 12.9 }) as readonly [Route];
    const answer = await route.handler({} as RouteRequest<Route["contract"]>);
    assert.deepEqual(answer, {
      status: 200,
      body: { status: "alive", version: "1.4.0", commit: "4f9c2d7", environment: "staging", uptimeSeconds: 12 },
    });
  });
});
