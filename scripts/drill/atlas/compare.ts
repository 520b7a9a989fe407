import type { Db } from "mongodb";
import { checksumOf, type Fingerprint, fingerprintOf, typesKept } from "../canonical.ts";

/** A write is in the snapshot, or it is not, while Atlas takes it. */
const MARGIN_MILLISECONDS = 60_000;
/** Enough to find what is missing, and quickly read. */
const MOST = 10_000;
const BATCH = 500;

export interface Compared {
  readonly expected: Fingerprint;
  readonly found: Fingerprint;
  /** Documents that were written since the snapshot. */
  readonly lost: number;
}

/**
 * The canaries are the documents of the live database that nobody has changed since the snapshot: each must be in the
 * restored one, the same. `updatedAt` tells, which the API writes with every change. Both databases are only read.
 */
export async function compareWithLive(live: Db, restored: Db, collection: string, taken: Date): Promise<Compared> {
  const settled = { updatedAt: { $lte: new Date(taken.getTime() - MARGIN_MILLISECONDS) } };
  const documents = await live
    .collection(collection)
    .find(settled, typesKept)
    .sort({ updatedAt: 1 })
    .limit(MOST)
    .toArray();
  const found: string[] = [];
  for (let at = 0; at < documents.length; at += BATCH) {
    const ids = documents.slice(at, at + BATCH).map(({ _id }) => _id);
    for await (const document of restored.collection(collection).find({ _id: { $in: ids } }, typesKept))
      found.push(checksumOf(document));
  }
  return {
    expected: fingerprintOf(documents.map(checksumOf)),
    found: fingerprintOf(found),
    lost: await live.collection(collection).countDocuments({ updatedAt: { $gt: taken } }),
  };
}
