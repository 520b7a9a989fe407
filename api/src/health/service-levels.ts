import type { DependencyName, DependencyState } from "../dependencies/dependency.ts";

/** What callers can rely on. */
export interface ServiceLevel {
  readonly works: readonly string[];
  readonly lost: readonly string[];
}

const whateverHappens = ["heartbeat", "feature flags", "upload signing", "documentation"];

const levels = {
  complete: {
    works: [...whateverHappens, "map reads from the cache", "map writes", "limits shared by all tasks"],
    lost: [],
  },
  withoutRedis: {
    works: [...whateverHappens, "map reads from the database", "map writes", "limits per task"],
    lost: ["the cache of maps", "limits shared by all tasks", "409 for an Idempotency-Key that is in flight elsewhere"],
  },
  withoutMongodb: {
    works: [...whateverHappens, "map reads that are cached", "limits shared by all tasks"],
    lost: ["map reads that are not cached", "map writes and removals"],
  },
  withoutEither: {
    works: [...whateverHappens, "limits per task"],
    lost: ["map reads", "map writes and removals", "limits shared by all tasks"],
  },
} as const satisfies Readonly<Record<string, ServiceLevel>>;

const levelOf: Readonly<Record<DependencyState, Readonly<Record<DependencyState, ServiceLevel>>>> = {
  up: { up: levels.complete, down: levels.withoutRedis },
  down: { up: levels.withoutMongodb, down: levels.withoutEither },
};

export type DependencyStates = Readonly<Record<DependencyName, DependencyState>>;

export const serviceLevel = ({ mongodb, redis }: DependencyStates): ServiceLevel => levelOf[mongodb][redis];
