import { type Caller, isAdmin } from "../auth/caller.ts";
import { ProblemError } from "../http/problem.ts";
import { type Handler, type Route, route } from "../http/route.ts";
import { createMapCache, type LookupOutcome } from "./cache.ts";
import { readMapContract, removeMapContract, updateMapContract } from "./contract.ts";
import type { MapsMongo, MapsRedis } from "./databases.ts";
import { etagOf, names, versionsOf } from "./entity-tag.ts";
import { keyOf } from "./idempotency-key.ts";
import { createMarks } from "./marks.ts";
import { redisAttempt } from "./redis-attempt.ts";
import { createRemoval } from "./removal.ts";
import { createMapRepository } from "./repository.ts";
import { createUpdates } from "./updates.ts";
import { createWriteQueue } from "./write-queue.ts";

export interface MapServices {
  readonly mongo: MapsMongo;
  readonly redis: MapsRedis;
  /** Begins every key in Redis. */
  readonly keyPrefix: string;
  /** Counts how reads are answered. */
  readonly onLookup: (outcome: LookupOutcome) => void;
  /** Hears of errors of Redis that are no outage, such as a refused command. */
  readonly onRedisError: (error: unknown) => void;
  /** How long a mark stays whose process has died, in milliseconds. Default: 10 s. */
  readonly markMs?: number;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

const cacheControl = "private, no-cache";

export function mapRoutes(services: MapServices): Route[] {
  const { mongo, keyPrefix, onLookup, markMs, now = Date.now, random = Math.random } = services;
  const redis = redisAttempt(services.redis, services.onRedisError);
  const repository = createMapRepository(mongo);
  const load: typeof repository.findState = (context, userId) => repository.findState(context, userId);
  const cache = createMapCache({ redis, keyPrefix, load, onLookup, now, random });
  const marks = createMarks({ redis, keyPrefix, ...(markMs !== undefined && { markMs }) });
  const queue = createWriteQueue();
  const update = createUpdates({ repository, cache, marks, queue, now, random });
  const remove = createRemoval({ repository, cache, queue });

  const onUpdate: Handler<typeof updateMapContract> = async ({ body, headers, caller, context }) => {
    const { userId, practiceData: patch } = body;
    requireOwn(caller, userId);
    const ifMatch = headers["if-match"];
    const sentKey = headers["idempotency-key"];
    const key = sentKey === undefined ? undefined : keyOf(sentKey, { callerId: caller.userId, userId, patch, ifMatch });
    const { version, body: text, replayed } = await update(context, { userId, patch, ifMatch, key });
    return {
      status: 200,
      headers: { ETag: etagOf(version), ...(replayed && { "Idempotency-Replayed": "true" }) },
      text,
    };
  };

  const onRead: Handler<typeof readMapContract> = async ({ params: { userId }, headers, caller, context }) => {
    requireOwn(caller, userId);
    const found = await cache.read(context, userId);
    if (found === undefined) throw new ProblemError("not-found", "The user has no map.");
    const { version, body, ageSeconds } = found;
    const answered = {
      ETag: etagOf(version),
      "Cache-Control": cacheControl,
      ...(ageSeconds !== undefined && { Age: String(ageSeconds) }),
    };
    const known = headers["if-none-match"];
    if (known !== undefined && names(versionsOf(known, "weak"), version)) return { status: 304, headers: answered };
    return { status: 200, headers: answered, text: body };
  };

  const onRemove: Handler<typeof removeMapContract> = async ({ params: { userId }, headers, caller, context }) => {
    requireOwn(caller, userId);
    await remove(context, userId, headers["if-match"]);
    return { status: 204 };
  };

  return [route(updateMapContract, onUpdate), route(readMapContract, onRead), route(removeMapContract, onRemove)];
}

/** Before anything is looked up, so that nobody learns who has a map. */
function requireOwn(caller: Caller, userId: string): void {
  if (caller.userId !== userId && !isAdmin(caller))
    throw new ProblemError("forbidden", "The map belongs to another user.");
}
