import assert from "node:assert/strict";
import { MongoClient } from "mongodb";
import type { MapDocument } from "../src/maps/document.ts";
import { updateMapContract } from "../src/maps/contract.ts";
import { type RunningDatabase, startMongo } from "./databases.ts";
import { practiceMaps } from "./practice-maps.ts";
import { seed } from "./seed.ts";

describe("the seed", () => {
  let mongo: RunningDatabase;
  let client: MongoClient;
  const maps = () => client.db("seeded").collection<MapDocument>("maps");
  before(async () => {
    mongo = await startMongo();
    client = new MongoClient(mongo.url);
  });
  after(async () => {
    await client.close();
    await mongo.stop();
  });

  it("holds maps that the API would have taken from a client", () => {
    const { schema } = updateMapContract.body;
    for (const { _id: userId, practiceData } of practiceMaps(new Date()))
      schema.parse({ userId, practiceData: JSON.parse(practiceData) as unknown });
  });

  it("stores the maps, then only those that are missing, and touches none that somebody has changed", async () => {
    const first = await seed(mongo.url, "seeded");
    assert.equal(first.inserted, first.users.length);
    const [changed = "", removed = ""] = first.users;
    await maps().updateOne({ _id: changed }, { $set: { version: 7 } });
    await maps().deleteOne({ _id: removed });
    const second = await seed(mongo.url, "seeded");
    assert.deepEqual(second, { users: first.users, inserted: 1 });
    assert.equal((await maps().findOne({ _id: changed }))?.version, 7);
    assert.equal((await maps().findOne({ _id: removed }))?.version, 1);
  });
});
