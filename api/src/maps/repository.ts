import { type Abortable, type Collection, type Filter, MongoServerError } from "mongodb";
import type { CallContext } from "../dependencies/dependency.ts";
import type { MapsMongo } from "./databases.ts";
import { type MapDocument, type MapState, stateOf } from "./document.ts";
import type { NamedVersions } from "./entity-tag.ts";

/** The maps in MongoDB: one document per user, and every write replaces one whole document. */
export interface MapRepository {
  find(context: CallContext, userId: string): Promise<MapDocument | undefined>;
  /** Without what only writes need. */
  findState(context: CallContext, userId: string): Promise<MapState | undefined>;
  /** False where there is one by now. */
  insert(context: CallContext, document: MapDocument): Promise<boolean>;
  /** False where `previous` is no longer what is stored. */
  replace(context: CallContext, previous: MapDocument, document: MapDocument): Promise<boolean>;
  /** The version that was removed; undefined where none of these was there. */
  remove(context: CallContext, userId: string, versions: NamedVersions): Promise<number | undefined>;
}

const target = "maps";
const duplicateKey = 11_000;

export function createMapRepository(mongo: MapsMongo): MapRepository {
  const call = <Result>(
    context: CallContext,
    operation: string,
    work: (maps: Collection<MapDocument>, options: Abortable & { readonly maxTimeMS: number }) => Promise<Result>,
  ): Promise<Result> =>
    mongo.call(context, { operation, target }, (database, signal, maxTimeMS) =>
      work(database.collection<MapDocument>(target), { signal, maxTimeMS }),
    );
  return {
    find: async (context, userId) =>
      (await call(context, "find", (maps, options) => maps.findOne({ _id: userId }, options))) ?? undefined,

    async findState(context, userId) {
      const found = await call(context, "find", (maps, options) =>
        maps.findOne({ _id: userId }, { ...options, projection: { practiceData: 1, version: 1, updatedAt: 1 } }),
      );
      return found === null ? undefined : stateOf(found);
    },

    insert: (context, document) =>
      call(context, "insert", async (maps, options) => {
        try {
          await maps.insertOne(document, options);
          return true;
        } catch (error) {
          if (error instanceof MongoServerError && error.code === duplicateKey) return false;
          throw error;
        }
      }),

    replace: (context, { _id, version, createdAt }, document) =>
      call(context, "update", async (maps, options) => {
        const { matchedCount } = await maps.replaceOne({ _id, version, createdAt }, document, options);
        return matchedCount === 1;
      }),

    remove: (context, userId, versions) =>
      call(context, "findAndModify", async (maps, options) => {
        const filter: Filter<MapDocument> =
          versions === "any" ? { _id: userId } : { _id: userId, version: { $in: [...versions] } };
        const removed = await maps.findOneAndDelete(filter, options);
        return removed?.version;
      }),
  };
}
