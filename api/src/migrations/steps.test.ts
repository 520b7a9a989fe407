import assert from "node:assert/strict";
import { type Db, MongoClient } from "mongodb";
import { type RunningDatabase, startMongo } from "../../local/databases.ts";
import { IrreversibleMigration, migration, type MigrationRun } from "./migration.ts";
import { rollbackBlockers } from "./rollback.ts";
import { readSteps } from "./steps-on-disk.ts";

const run: MigrationRun = {
  async step(_description, work) {
    await work(new AbortController().signal);
  },
};

describe("the migrations of the API", () => {
  let server: RunningDatabase;
  let client: MongoClient;
  let db: Db;
  before(async () => {
    server = await startMongo();
    client = await new MongoClient(server.url).connect();
    db = client.db("steps_test");
  });
  after(async () => {
    await client.close();
    await server.stop();
  });

  it("have names that sort by time, and say what they do", async () => {
    for (const { fileName, migration } of await readSteps()) {
      assert.match(fileName, /^\d{14}-[a-z0-9-]+\.ts$/);
      assert.ok(migration.description.length > 10);
    }
  });

  it("may run again after they were interrupted, and can be undone where they say so", async () => {
    for (const { migration } of await readSteps()) {
      await migration.up(db, run);
      await migration.up(db, run);
      if (migration.irreversible !== undefined) continue;
      await migration.down(db, run);
      await migration.up(db, run);
    }
  });

  it("index maps by the time of their last change", async () => {
    const indexes = await db.collection("maps").indexes();
    assert.ok(indexes.some(({ key }) => key["updatedAt"] === 1));
  });
});

describe("a migration that cannot be undone", () => {
  const definition = { description: "drop what nobody reads", up: () => Promise.resolve() };

  it("refuses, with its reason", async () => {
    const gone = migration({ ...definition, irreversible: "the data is gone" });
    await assert.rejects(gone.down({} as Db, run), (error: unknown) => {
      assert.ok(error instanceof IrreversibleMigration);
      assert.match(error.message, /cannot be undone: the data is gone/);
      return true;
    });
  });

  it("stands in the way of a release that does not have it, and of no other", () => {
    const facts = [
      { fileName: "1.ts", irreversible: undefined },
      { fileName: "2.ts", irreversible: "the data is gone" },
      { fileName: "3.ts", irreversible: undefined },
    ];
    assert.deepEqual(rollbackBlockers(facts, facts), []);
    assert.deepEqual(rollbackBlockers(facts, facts.slice(0, 2)), []);
    assert.deepEqual(rollbackBlockers(facts, facts.slice(0, 1)), [{ fileName: "2.ts", reason: "the data is gone" }]);
  });
});
