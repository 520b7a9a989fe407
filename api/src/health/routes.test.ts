import assert from "node:assert/strict";
import type { DependencyReport, DependencyState } from "../dependencies/dependency.ts";
import type { Route, RouteRequest } from "../http/route.ts";
import { createLifecycle, type Stage } from "../lifecycle.ts";
import { healthRoutes, readinessOf } from "./routes.ts";
import { serviceLevel } from "./service-levels.ts";

const states: readonly DependencyState[] = ["up", "down"];

function answersOf(stage: Stage, mongodb: DependencyState, redis: DependencyState) {
  const lifecycle = createLifecycle();
  lifecycle.enter(stage);
  const report = (state: DependencyState) => (): DependencyReport => ({
    state,
    latencyMs: state === "up" ? 0.4 : null,
  });
  const routes = healthRoutes({
    lifecycle,
    dependencies: { mongodb: { report: report(mongodb) }, redis: { report: report(redis) } },
  });
  return (path: string) => {
    const { contract, handler } = routes.find((one) => one.contract.path === path)!;
    // These handlers look at nothing of a request.
    const answer = handler({} as RouteRequest<Route["contract"]>) as unknown as { status: number; body: unknown };
    const body = contract.answers[answer.status]?.body;
    assert.deepEqual(body?.parse(answer.body), answer.body, "as the contract says");
    return { status: answer.status, body: answer.body as Readonly<Record<string, unknown>> };
  };
}

describe("health", () => {
  it("is live in every stage, whatever the databases do", () => {
    for (const stage of ["starting", "ready", "draining"] as const)
      assert.deepEqual(answersOf(stage, "down", "down")("/health/live"), { status: 200, body: { status: "live" } });
  });

  it("asks for no requests while starting and draining", () => {
    for (const stage of ["starting", "draining"] as const) {
      const { status, body } = answersOf(stage, "up", "up")("/health/ready");
      assert.equal(status, 503);
      assert.equal(body["status"], stage);
    }
  });

  it("asks for requests in every outage, and says what is lost", () => {
    for (const mongodb of states)
      for (const redis of states) {
        const { status, body } = answersOf("ready", mongodb, redis)("/health/ready");
        const isComplete = mongodb === "up" && redis === "up";
        assert.equal(status, 200);
        assert.equal(body["status"], isComplete ? "ready" : "degraded");
        assert.equal((body["lost"] as string[]).length === 0, isComplete);
      }
  });

  it("names each dependency in the detailed answer", () => {
    const { status, body } = answersOf("ready", "up", "down")("/health");
    assert.equal(status, 200);
    assert.deepEqual(body["dependencies"], {
      mongodb: { state: "up", latencyMs: 0.4 },
      redis: { state: "down", latencyMs: null },
    });
  });

  it("promises nothing that is lost", () => {
    for (const mongodb of states)
      for (const redis of states) {
        const { works, lost } = serviceLevel({ mongodb, redis });
        assert.deepEqual(
          works.filter((one) => lost.includes(one)),
          [],
        );
      }
  });

  it("is draining rather than degraded", () => {
    assert.equal(readinessOf("draining", { mongodb: "down", redis: "down" }).status, "draining");
  });
});
