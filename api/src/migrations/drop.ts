import type { Db } from "mongodb";

/** Environments whose databases hold nothing but examples. */
const disposable: ReadonlySet<string> = new Set(["local", "preview"]);

/**
 * Drops every collection, and with the last one the database: the user of migrations may do that, while it may not drop
 * the database as a whole. Returns their names, sorted. Rejects, before anything is dropped, in an environment that
 * holds more than examples.
 */
export async function dropCollections(db: Db, environment: string): Promise<readonly string[]> {
  if (!disposable.has(environment)) throw new Error(`the database of ${environment} is never dropped`);
  const collections = await db.listCollections({}, { nameOnly: true }).toArray();
  const names = collections
    .map(({ name }) => name)
    .filter((name) => !name.startsWith("system."))
    .sort();
  for (const name of names) await db.dropCollection(name);
  return names;
}
