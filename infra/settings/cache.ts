export type CacheEngine = "valkey" | "redis";

/** Which keys go first when the memory is full; the words are the engine's own. */
export type EvictionPolicy =
  | "volatile-lru"
  | "allkeys-lru"
  | "volatile-lfu"
  | "allkeys-lfu"
  | "volatile-random"
  | "allkeys-random"
  | "volatile-ttl"
  | "noeviction";
