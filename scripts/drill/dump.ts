import { createHash } from "node:crypto";
import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Db } from "mongodb";
import { checksumOf, fingerprintOf, lineOf, typesKept } from "./canonical.ts";
import {
  type DumpedCollection,
  type IndexDescription,
  type Manifest,
  MANIFEST_FILE,
  manifestText,
} from "./manifest.ts";

const fileOf = (collection: string): string => `${encodeURIComponent(collection)}.ejsonl`;

/** What makes an index anew: without what the server adds by itself. */
const described = ({ v: _v, ns: _ns, background: _background, ...index }: IndexDescription): IndexDescription => index;

/** The indexes of a collection by name, without the one that every collection has. */
export async function indexesOf(db: Db, collection: string): Promise<readonly IndexDescription[]> {
  // The driver types what a server answers more loosely than what it takes.
  const all = (await db.collection(collection).indexes()) as unknown as IndexDescription[];
  return all
    .filter(({ name }) => name !== "_id_")
    .map(described)
    .sort((one, other) => one.name.localeCompare(other.name, "en"));
}

/** The collections of a database by name, without the server's own. */
export async function collectionsOf(db: Db): Promise<readonly string[]> {
  const all = await db.listCollections({}, { nameOnly: true }).toArray();
  return all
    .map(({ name }) => name)
    .filter((name) => !name.startsWith("system."))
    .sort();
}

/** As much as one write takes: a system call for each document would be most of the time. */
const BUFFERED_BYTES = 1 << 18;

async function dumpCollection(db: Db, name: string, folder: string, signal?: AbortSignal): Promise<DumpedCollection> {
  const file = fileOf(name);
  await using handle = await open(join(folder, file), "wx");
  const hash = createHash("sha256");
  const checksums: string[] = [];
  let bytes = 0;
  let lines: string[] = [];
  let waiting = 0;
  const flush = async (): Promise<void> => {
    const chunk = Buffer.from(lines.join(""));
    [lines, waiting] = [[], 0];
    hash.update(chunk);
    bytes += chunk.length;
    await handle.writeFile(chunk);
  };
  for await (const document of db.collection(name).find({}, typesKept)) {
    signal?.throwIfAborted();
    const line = `${lineOf(document)}\n`;
    checksums.push(checksumOf(document));
    lines.push(line);
    waiting += line.length;
    if (waiting >= BUFFERED_BYTES) await flush();
  }
  await flush();
  await handle.sync();
  return {
    name,
    file,
    bytes,
    sha256: hash.digest("hex"),
    documents: fingerprintOf(checksums),
    indexes: [...(await indexesOf(db, name))],
  };
}

/**
 * Writes a database into a new folder: a file for each collection, then the manifest. Documents pass through one by
 * one; their checksums stay in memory. Rejects where the folder is there already, and with a NotStorableError.
 */
export async function dump(db: Db, folder: string, signal?: AbortSignal): Promise<Manifest> {
  const takenAt = new Date().toISOString();
  await mkdir(folder);
  const collections: DumpedCollection[] = [];
  for (const name of await collectionsOf(db)) collections.push(await dumpCollection(db, name, folder, signal));
  const manifest: Manifest = { format: "groundwork-dump-1", database: db.databaseName, takenAt, collections };
  await writeFile(join(folder, MANIFEST_FILE), manifestText(manifest), { flag: "wx" });
  return manifest;
}
