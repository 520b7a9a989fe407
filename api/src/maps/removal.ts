import type { CallContext } from "../dependencies/dependency.ts";
import { ProblemError } from "../http/problem.ts";
import type { MapCache } from "./cache.ts";
import { etagOf, versionsOf } from "./entity-tag.ts";
import type { MapRepository } from "./repository.ts";
import type { WriteQueue } from "./write-queue.ts";

export interface RemovalOptions {
  readonly repository: MapRepository;
  readonly cache: MapCache;
  readonly queue: WriteQueue;
}

/** `ifMatch`: the header's value, where there is one. */
export type RemoveMap = (context: CallContext, userId: string, ifMatch: string | undefined) => Promise<void>;

/**
 * What removes maps, with the keys that they remember. Where there is none, there is nothing left to do, conditional or
 * not (RFC 9110, 13.1.1, lets a repeated request succeed). Rejects with a ProblemError `version-mismatch`, or with a
 * DependencyUnavailable.
 */
export function createRemoval({ repository, cache, queue }: RemovalOptions): RemoveMap {
  const remove = async (context: CallContext, userId: string, ifMatch: string | undefined): Promise<void> => {
    // Asked first: what is written after it has a higher version, and stays.
    const known = await cache.knownVersion(context, userId);
    const versions = ifMatch === undefined ? "any" : versionsOf(ifMatch, "strong");
    const removed = await repository.remove(context, userId, versions);
    const left = removed === undefined && versions !== "any" ? await repository.findState(context, userId) : undefined;
    if (left !== undefined)
      throw new ProblemError("version-mismatch", undefined, { headers: { ETag: etagOf(left.version) } });
    await cache.removed(context, userId, removed ?? known);
  };
  return (context, userId, ifMatch) => queue.run(userId, context.signal, () => remove(context, userId, ifMatch));
}
