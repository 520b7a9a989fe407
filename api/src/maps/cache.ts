import type { CallContext } from "../dependencies/dependency.ts";
import { type CacheEntry, decodeEntry, freshnessOf, freshUntil } from "./cache-entry.ts";
import { putEntry } from "./cache-put.ts";
import { bodyOf, type MapState } from "./document.ts";
import { detached, type RedisAttempt } from "./redis-attempt.ts";
import { createSingleFlight, orAborted } from "./single-flight.ts";

/** How a read was answered: from a fresh entry, from one that is being loaded again, from MongoDB, or that there is none. */
export type LookupOutcome = "hit" | "stale" | "miss" | "negative";

/** A map as it is answered. */
export interface ReadMap {
  readonly version: number;
  readonly body: string;
  /** Seconds since MongoDB said so; undefined where it just did. */
  readonly ageSeconds: number | undefined;
}

/** Maps as they are read: from Redis where it can say, from MongoDB where not. */
export interface MapCache {
  /** Undefined where there is none. Rejects where neither Redis nor MongoDB can say. */
  read(context: CallContext, userId: string): Promise<ReadMap | undefined>;
  /** After a write, and before its answer. Never rejects. */
  written(context: CallContext, version: number, userId: string, body: string): Promise<void>;
  /** After a removal of this version, and before its answer. Never rejects. */
  removed(context: CallContext, userId: string, version: number): Promise<void>;
  /** The highest version that Redis knows of, of a map that may be gone; 0 where it knows none. Never rejects. */
  knownVersion(context: CallContext, userId: string): Promise<number>;
}

export interface MapCacheOptions {
  readonly redis: RedisAttempt;
  readonly keyPrefix: string;
  readonly load: (context: CallContext, userId: string) => Promise<MapState | undefined>;
  readonly onLookup: (outcome: LookupOutcome) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

export function createMapCache({ redis, keyPrefix, load, onLookup, now, random }: MapCacheOptions): MapCache {
  const flights = createSingleFlight<ReadMap | undefined>();
  const keyFor = (userId: string): string => `${keyPrefix}maps:entry:${userId}`;

  const lookUp = async (context: CallContext, userId: string): Promise<CacheEntry | undefined> => {
    const text = await redis(context, "get", (client) => client.get(keyFor(userId)));
    return typeof text === "string" ? decodeEntry(text) : undefined;
  };

  const put = async (context: CallContext, userId: string, known: Omit<CacheEntry, "freshUntil">): Promise<void> => {
    const entry = { ...known, freshUntil: freshUntil(known.kind, known.loadedAt, random()) };
    await redis(context, "evalsha", (client) => putEntry(client, keyFor(userId), entry));
  };

  const loadAndPut = (context: CallContext, userId: string): Promise<ReadMap | undefined> =>
    flights.join(userId, async () => {
      const own = detached(context);
      // Before the load, so that only what is loaded after an entry's end may replace it whatever its version.
      const loadedAt = now();
      const state = await load(own, userId);
      if (state === undefined) {
        await put(own, userId, { kind: "absent", version: 0, loadedAt, body: "" });
        return undefined;
      }
      const read = { version: state.version, body: bodyOf(state), ageSeconds: undefined };
      await put(own, userId, { kind: "present", version: read.version, loadedAt, body: read.body });
      return read;
    });

  const answerOf = ({ version, body, loadedAt }: CacheEntry): ReadMap => ({
    version,
    body,
    ageSeconds: Math.max(0, Math.floor((now() - loadedAt) / 1000)),
  });

  return {
    async read(context, userId) {
      const entry = await lookUp(context, userId);
      const freshness = entry && freshnessOf(entry, now());
      if (entry !== undefined && freshness === "fresh") {
        onLookup(entry.kind === "present" ? "hit" : "negative");
        return entry.kind === "present" ? answerOf(entry) : undefined;
      }
      const loading = loadAndPut(context, userId);
      if (entry !== undefined && freshness === "stale") {
        // Where it fails, the entry gets older, and the next read tries again.
        loading.catch(() => undefined);
        onLookup("stale");
        return answerOf(entry);
      }
      try {
        const read = await orAborted(loading, context.signal);
        onLookup("miss");
        return read;
      } catch (error) {
        // Better an old map than none; that there was none is no answer to rely on.
        const old = entry?.kind === "present" ? answerOf(entry) : undefined;
        onLookup(old === undefined ? "miss" : "stale");
        if (old === undefined) throw error;
        return old;
      }
    },

    async written(context, version, userId, body) {
      // A load that began before the write may not see it.
      flights.forget(userId);
      await put(detached(context), userId, { kind: "present", version, loadedAt: now(), body });
    },

    async removed(context, userId, version) {
      flights.forget(userId);
      await put(detached(context), userId, { kind: "absent", version, loadedAt: now(), body: "" });
    },

    knownVersion: async (context, userId) => (await lookUp(context, userId))?.version ?? 0,
  };
}
