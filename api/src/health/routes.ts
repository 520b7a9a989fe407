import type { DependencyName, DependencyReport } from "../dependencies/dependency.ts";
import { type Route, route } from "../http/route.ts";
import type { Lifecycle, Stage } from "../lifecycle.ts";
import { healthContract, livenessContract, type Readiness, readinessContract } from "./contract.ts";
import { type DependencyStates, serviceLevel } from "./service-levels.ts";

export interface HealthOptions {
  readonly lifecycle: Pick<Lifecycle, "stage">;
  readonly dependencies: Readonly<Record<DependencyName, { report(): DependencyReport }>>;
}

/** The load balancer replaces what answers 503: an outage, which would meet the next task as well, answers 200. */
export function readinessOf(stage: Stage, states: DependencyStates): Readiness {
  const isDegraded = stage === "ready" && (states.mongodb === "down" || states.redis === "down");
  return { status: isDegraded ? "degraded" : stage, ...serviceLevel(states) };
}

export function healthRoutes({ lifecycle, dependencies }: HealthOptions): readonly Route[] {
  const reports = () => ({ mongodb: dependencies.mongodb.report(), redis: dependencies.redis.report() });
  const answer = <Body>(body: Body) =>
    lifecycle.stage === "ready" ? ({ status: 200, body } as const) : ({ status: 503, body } as const);
  const readinessBy = ({ mongodb, redis }: ReturnType<typeof reports>) =>
    readinessOf(lifecycle.stage, { mongodb: mongodb.state, redis: redis.state });
  return [
    route(livenessContract, () => ({ status: 200, body: { status: "live" } }) as const),
    route(readinessContract, () => answer(readinessBy(reports()))),
    route(healthContract, () => {
      const found = reports();
      return answer({ ...readinessBy(found), dependencies: found });
    }),
  ];
}
