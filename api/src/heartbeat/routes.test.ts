import assert from "node:assert/strict";
import type { Route, RouteRequest } from "../http/route.ts";
import { heartbeatRoutes } from "./routes.ts";

describe("the heartbeat", () => {
  it("says which release is alive, where, and for how long", async () => {
    const environment = { VERSION: "1.4.0", COMMIT: "4f9c2d7", ENVIRONMENT: "staging" } as const;
    let seconds = 0;
    const [route] = heartbeatRoutes({ environment, uptime: () => seconds }) as readonly [Route];
    const expected = { status: "alive", version: "1.4.0", commit: "4f9c2d7", environment: "staging" };
    for (const [uptime, uptimeSeconds] of [
      [0.2, 0],
      [12.1, 12],
      [12.9, 12],
      [13, 13],
    ] as const) {
      seconds = uptime;
      const answer = await route.handler({} as RouteRequest<Route["contract"]>);
      assert.ok("text" in answer && typeof answer.text === "string");
      assert.equal(answer.status, 200);
      assert.deepEqual(JSON.parse(answer.text), { ...expected, uptimeSeconds });
    }
  });
});
