import type { Attributes } from "@opentelemetry/api";
import type { Dependency, OnCall } from "../dependencies/dependency.ts";
import type { RouteClass, RouteContract } from "../http/route.ts";
import type { GaugeName } from "./metric-names.ts";

/** How a lookup in a cache ended: there, there but old, known to be nothing, or not there. */
export type CacheOutcome = "hit" | "stale" | "negative" | "miss";

/** What is counted and measured. Nothing of it throws, and all of it does nothing where no agent is. */
export interface Metrics {
  request(contract: RouteContract | undefined, status: number, durationMs: number): void;
  /** Fits as a dependency's `onCall`. */
  readonly dependencyCall: OnCall;
  cacheLookup(cache: string, outcome: CacheOutcome): void;
  limited(limit: RouteClass["limit"]): void;
  shed(): void;
  /** Asks `read` at each export; returns what stops that. */
  observe(gauge: GaugeName, attributes: Attributes, read: () => number): () => void;
  /** Connections, calls that wait, and places of the bulkhead. */
  observeDependency(dependency: Pick<Dependency<unknown>, "name" | "usage">): () => void;
  /** Sends what was measured since the last export. */
  shutdown(): Promise<void>;
}

const nothing = (): void => undefined;
const nothingToStop = () => nothing;

/** Where there is no agent. */
export const noMetrics: Metrics = {
  request: nothing,
  dependencyCall: nothing,
  cacheLookup: nothing,
  limited: nothing,
  shed: nothing,
  observe: nothingToStop,
  observeDependency: nothingToStop,
  shutdown: () => Promise.resolve(),
};
