import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BSON, MongoClient } from "mongodb";
import { type RunningDatabase, startMongo } from "../../api/local/databases.ts";
import { UserError } from "../sandbox/user-error.ts";
import { dump } from "./dump.ts";
import { checkedDump } from "./dump-check.ts";
import { differencesFrom, restore } from "./dump-restore.ts";
import { MANIFEST_FILE } from "./manifest.ts";

const flip = async (file: string, at: number): Promise<void> => {
  const bytes = await readFile(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(file, bytes);
};

describe("dump and restore", () => {
  let mongo: RunningDatabase;
  let client: MongoClient;
  let folder: string;
  let number = 0;
  const emptied = () => client.db(`restored${String(number++)}`);

  before(async () => {
    [mongo, folder] = await Promise.all([startMongo(), mkdtemp(join(tmpdir(), "dump-"))]);
    client = new MongoClient(mongo.url);
    const source = client.db("source");
    await source.collection("maps").insertMany(
      Array.from({ length: 250 }, (_, index) => ({
        _id: new BSON.ObjectId(),
        index: new BSON.Int32(index),
        share: new BSON.Double(2),
        large: BSON.Long.fromString("9007199254740993"),
        at: new Date(index),
        text: `line\u2028end\n${"x".repeat(2000)}`,
      })),
    );
    await source.collection("maps").createIndex({ index: -1 }, { unique: true, name: "by-index" }, {});
    await source.createCollection("a/b empty");
    await dump(source, join(folder, "whole"));
  });
  after(async () => {
    await client.close();
    await mongo.stop();
    await rm(folder, { recursive: true });
  });

  it("brings back every document with its types, collections without any, and indexes", async () => {
    const target = emptied();
    const manifest = await restore(join(folder, "whole"), target);
    assert.deepEqual(
      manifest.collections.map(({ name, documents }) => [name, documents.count]),
      [
        ["a/b empty", 0],
        ["maps", 250],
      ],
    );
    assert.deepEqual(await differencesFrom(manifest, target), []);
    await assert.rejects(target.collection("maps").insertOne({ index: new BSON.Int32(7) }), /E11000|duplicate/i);
  });

  it("says what is missing, changed, or without its index", async () => {
    const target = emptied();
    const manifest = await restore(join(folder, "whole"), target);
    const maps = target.collection("maps");
    await maps.updateOne({ index: 3 }, { $set: { text: "x" } });
    assert.deepEqual(await differencesFrom(manifest, target), ["maps has documents with other content"]);
    await maps.deleteOne({ index: 3 });
    await maps.dropIndex("by-index");
    assert.deepEqual(await differencesFrom(manifest, target), [
      "maps has 249 documents instead of 250",
      "maps has other indexes",
    ]);
  });

  it("writes into no database that has something, and over no dump", async () => {
    const busy = client.db("source");
    await assert.rejects(
      restore(join(folder, "whole"), busy),
      /database source is not empty: it has a\/b empty, maps$/,
    );
    await assert.rejects(dump(busy, join(folder, "whole")), { code: "EEXIST" });
  });

  const damages: Readonly<Record<string, (dumped: string) => Promise<void>>> = {
    "maps.ejsonl has other content than when it was written": (dumped) => flip(join(dumped, "maps.ejsonl"), 4321),
    "maps.ejsonl has 1000 bytes instead of": (dumped) => truncate(join(dumped, "maps.ejsonl"), 1000),
    "maps.ejsonl is missing": (dumped) => rm(join(dumped, "maps.ejsonl")),
    "manifest.json is not as it was written": (dumped) => flip(join(dumped, MANIFEST_FILE), 200),
    "manifest.json is missing": (dumped) => rm(join(dumped, MANIFEST_FILE)),
  };
  for (const [said, damage] of Object.entries(damages))
    it(`sees before it writes that ${said}`, async () => {
      const dumped = join(folder, `damaged${String(number++)}`);
      await dump(client.db("source"), dumped);
      await damage(dumped);
      const target = emptied();
      await assert.rejects(
        restore(dumped, target),
        (error) => error instanceof UserError && error.message.includes(said),
      );
      assert.deepEqual(await target.listCollections().toArray(), []);
    });

  it("sees any single byte that changed", async () => {
    const small = client.db("small");
    await small.collection("one").insertOne({ _id: "x" as never });
    for (const file of ["one.ejsonl", MANIFEST_FILE]) {
      const { length } = await readFile(join((await dumpedOf(small)).folder, file));
      for (let at = 0; at < length; at += 7) {
        const { folder: dumped } = await dumpedOf(small);
        await flip(join(dumped, file), at);
        await assert.rejects(checkedDump(dumped), /the dump is damaged/, `${file} at ${String(at)}`);
      }
    }
  });
  const dumpedOf = async (db: ReturnType<typeof emptied>) => {
    const dumped = join(folder, `small${String(number++)}`);
    return { folder: dumped, manifest: await dump(db, dumped) };
  };
});
