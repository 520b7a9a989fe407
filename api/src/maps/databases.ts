import type { Db } from "mongodb";
import type { Dependency } from "../dependencies/dependency.ts";

/** What the maps need of MongoDB. */
export type MapsMongo = Dependency<Pick<Db, "collection">>;

/** The commands that the maps need of Redis, as node-redis has them. */
export interface RedisCommands {
  get(key: string): Promise<string | null>;
  eval(script: string, options: ScriptOptions): Promise<unknown>;
  evalSha(sha1: string, options: ScriptOptions): Promise<unknown>;
}

interface ScriptOptions {
  keys: string[];
  arguments: string[];
}

export type MapsRedis = Dependency<RedisCommands>;
