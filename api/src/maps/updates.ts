import { setTimeout as sleep } from "node:timers/promises";
import type { CallContext } from "../dependencies/dependency.ts";
import { ProblemError } from "../http/problem.ts";
import type { MapCache } from "./cache.ts";
import { bodyOf, type MapDocument, nextDocument, stateOf, stateOfKey } from "./document.ts";
import { etagOf, names, versionsOf } from "./entity-tag.ts";
import type { Key } from "./idempotency-key.ts";
import type { Marks } from "./marks.ts";
import type { PracticeData } from "./practice-data.ts";
import type { MapRepository } from "./repository.ts";
import { detached } from "./redis-attempt.ts";
import type { RememberedKey } from "./remembered.ts";
import { createSingleFlight, orAborted } from "./single-flight.ts";
import type { WriteQueue } from "./write-queue.ts";

export interface MapUpdate {
  readonly userId: string;
  readonly patch: PracticeData;
  /** The header's value, where there is one. */
  readonly ifMatch: string | undefined;
  readonly key: Key | undefined;
}

export interface UpdatedMap {
  readonly version: number;
  readonly body: string;
  /** The answer of an earlier request with the same key. */
  readonly replayed: boolean;
}

export interface UpdatesOptions {
  readonly repository: MapRepository;
  readonly cache: MapCache;
  readonly marks: Marks;
  readonly queue: WriteQueue;
  readonly now: () => number;
  readonly random: () => number;
}

export type UpdateMap = (context: CallContext, update: MapUpdate) => Promise<UpdatedMap>;

/** Waits before another try, at most: of other tasks' writers one wins each time. */
const waitMs = { first: 4, most: 200 };

/**
 * What writes maps. Rejects with a ProblemError `version-mismatch`, `too-large`, `key-reused`, `key-in-flight`, or
 * `overloaded`, with a DependencyUnavailable, or with the signal's reason where other writers were first until then.
 */
export function createUpdates({ repository, cache, marks, queue, now, random }: UpdatesOptions): UpdateMap {
  const looks = createSingleFlight<MapDocument | undefined>();

  const replay = async (context: CallContext, current: MapDocument, known: RememberedKey): Promise<UpdatedMap> => {
    // Who repeats may do so because the first answer never came, and then the cache may have missed that write as well.
    await cache.written(context, current.version, current._id, bodyOf(stateOf(current)));
    return { version: known.version, body: bodyOf(stateOfKey(current, known)), replayed: true };
  };

  /** Undefined where another writer was first. */
  const tryOnce = async (context: CallContext, update: MapUpdate): Promise<UpdatedMap | undefined> => {
    const { userId, patch, ifMatch, key } = update;
    const current = await repository.find(context, userId);
    const known = key && rememberedBy(current, key);
    if (current !== undefined && known !== undefined) return replay(context, current, known);
    if (ifMatch !== undefined) requireMatch(ifMatch, current);
    const floor = current === undefined ? await cache.knownVersion(context, userId) : 0;
    const next = nextDocument(current, { userId, patch, key, at: new Date(now()), floor });
    const body = bodyOf(stateOf(next));
    const stored = await (current === undefined
      ? repository.insert(context, next)
      : repository.replace(context, current, next));
    if (!stored) return undefined;
    await cache.written(context, next.version, userId, body);
    return { version: next.version, body, replayed: false };
  };

  const tryUntilDeadline = async (context: CallContext, update: MapUpdate): Promise<UpdatedMap> => {
    for (let wait = waitMs.first; ; wait = Math.min(2 * wait, waitMs.most)) {
      const updated = await tryOnce(context, update);
      if (updated !== undefined) return updated;
      await sleep(wait * random(), undefined, { signal: context.signal });
    }
  };

  const inTurn = (context: CallContext, update: MapUpdate): Promise<UpdatedMap> =>
    queue.run(update.userId, context.signal, () => tryUntilDeadline(context, update));

  return async (context, update) => {
    const { key, userId } = update;
    if (key === undefined) return inTurn(context, update);
    const mark = await marks.take(context, userId, key);
    if (mark.state === "held") {
      if (mark.fingerprint !== key.fingerprint) throw keyReused();
      // Its process may have died between its effect and the mark's end.
      const looking = looks.join(userId, () => repository.find(detached(context), userId));
      const current = await orAborted(looking, context.signal);
      const known = rememberedBy(current, key);
      if (current === undefined || known === undefined)
        throw new ProblemError("key-in-flight", undefined, { retryAfterSeconds: 1 });
      return replay(context, current, known);
    }
    if (mark.state === "unknown") return inTurn(context, update);
    try {
      return await inTurn(context, update);
    } finally {
      await mark.release();
    }
  };
}

/** Undefined where the key's request has had no effect yet. Throws where it was another request. */
function rememberedBy(current: MapDocument | undefined, key: Key): RememberedKey | undefined {
  const known = current?.keys.find(({ id }) => id === key.id);
  if (known !== undefined && known.fingerprint !== key.fingerprint) throw keyReused();
  return known;
}

const keyReused = (): ProblemError => new ProblemError("key-reused");

/** Throws where a conditional request does not fit the map, or there is none. */
function requireMatch(ifMatch: string, current: MapDocument | undefined): void {
  if (current !== undefined && names(versionsOf(ifMatch, "strong"), current.version)) return;
  throw new ProblemError(
    "version-mismatch",
    undefined,
    current === undefined ? {} : { headers: { ETag: etagOf(current.version) } },
  );
}
