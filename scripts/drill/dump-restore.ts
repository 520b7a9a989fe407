import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Db, IndexDescription } from "mongodb";
import { UserError } from "../sandbox/user-error.ts";
import { checksumOf, documentOf, type Fingerprint, fingerprintOf, type TypedDocument, typesKept } from "./canonical.ts";
import { collectionsOf, indexesOf } from "./dump.ts";
import { checkedDump } from "./dump-check.ts";
import { linesIn } from "./dump-lines.ts";
import type { DumpedCollection, Manifest } from "./manifest.ts";

/** As many documents go into one message; each has at most 16 MB, and the message 48. */
const BATCH = 100;

async function restoreCollection(db: Db, folder: string, dumped: DumpedCollection, signal?: AbortSignal) {
  const collection = await db.createCollection(dumped.name);
  let batch: TypedDocument[] = [];
  const flush = async (): Promise<void> => {
    signal?.throwIfAborted();
    if (batch.length > 0) await collection.insertMany(batch);
    batch = [];
  };
  for await (const line of linesIn(join(folder, dumped.file))) {
    batch.push(documentOf(line));
    if (batch.length === BATCH) await flush();
  }
  await flush();
  // After the documents: an index that is filled once costs less than one that grows.
  if (dumped.indexes.length > 0) await collection.createIndexes(dumped.indexes as IndexDescription[]);
}

/**
 * Puts a dump into an empty database. The dump is read to its end first: where it is damaged nothing is written.
 * Rejects with a UserError then, and where the database has collections.
 */
export async function restore(folder: string, db: Db, signal?: AbortSignal): Promise<Manifest> {
  const manifest = await checkedDump(folder);
  const present = await collectionsOf(db);
  if (present.length > 0)
    throw new UserError(`the database ${db.databaseName} is not empty: it has ${present.join(", ")}`);
  for (const collection of manifest.collections) await restoreCollection(db, folder, collection, signal);
  return manifest;
}

/** Documents of a collection that fit the filter, read one by one. */
export async function fingerprintIn(db: Db, collection: string, filter: TypedDocument = {}): Promise<Fingerprint> {
  const checksums: string[] = [];
  for await (const document of db.collection(collection).find(filter, typesKept)) checksums.push(checksumOf(document));
  return fingerprintOf(checksums);
}

/** How what a database holds differs from what was dumped, in words; empty where it does not. */
export async function differencesFrom(manifest: Manifest, db: Db): Promise<readonly string[]> {
  const differences: string[] = [];
  for (const { name, documents, indexes } of manifest.collections) {
    const found = await fingerprintIn(db, name);
    if (found.count !== documents.count)
      differences.push(`${name} has ${found.count} documents instead of ${documents.count}`);
    else if (found.sha256 !== documents.sha256) differences.push(`${name} has documents with other content`);
    if (!isDeepStrictEqual(await indexesOf(db, name), indexes)) differences.push(`${name} has other indexes`);
  }
  return differences;
}
