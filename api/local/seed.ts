import { type Collection, MongoClient } from "mongodb";
import type { MapDocument } from "../src/maps/document.ts";
import { practiceMaps } from "./practice-maps.ts";

export interface Seeded {
  /** Whose maps are there now. */
  readonly users: readonly string[];
  /** How many of them were not there before. */
  readonly inserted: number;
}

/** Long enough for a database that has just begun to listen. */
const REACHABLE_MILLISECONDS = 10_000;

async function insertMissing(maps: Collection<MapDocument>, at: Date): Promise<Seeded> {
  const documents = practiceMaps(at);
  const { upsertedCount } = await maps.bulkWrite(
    documents.map(({ _id, ...rest }) => ({
      // What somebody has changed since stays as it is.
      updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
    })),
  );
  return { users: documents.map(({ _id }) => _id), inserted: upsertedCount };
}

/** Adds the practice maps that are missing; may run as often as one likes. Rejects with the driver's error. */
export async function seed(url: string, database: string): Promise<Seeded> {
  const client = new MongoClient(url, { appName: "seed", serverSelectionTimeoutMS: REACHABLE_MILLISECONDS });
  try {
    return await insertMissing(client.db(database).collection<MapDocument>("maps"), new Date());
  } finally {
    await client.close();
  }
}
