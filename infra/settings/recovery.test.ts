import assert from "node:assert/strict";
import { databaseObjectives, dataStores, statefulTypes, uncovered, type DataStore } from "./recovery.ts";

const stores = Object.entries<DataStore>(dataStores);
const bucket = (name: string) => ({ type: "aws:s3/bucket:Bucket", name });

describe("the table of data stores", () => {
  it("names a resource that holds data and stands in no row", () => {
    const queue = { type: "aws:sqs/queue:Queue", name: "groundwork-staging-jobs" };
    const unknown = bucket("groundwork-staging-media-thumbnails");
    assert.deepEqual(uncovered([queue, unknown]), [queue, unknown]);
  });

  it("tells buckets apart by what they are for, also where a long name was cut", () => {
    assert.deepEqual(uncovered([bucket("groundwork-staging-media-objects"), bucket("x-0a1b2c-focus")]), []);
    assert.equal(uncovered([bucket("groundwork-staging-mediaobjects")]).length, 1);
  });

  it("leaves alone what holds nothing", () => {
    assert.deepEqual(uncovered([{ type: "aws:iam/role:Role", name: "r" }]), []);
  });

  for (const [name, { resources, coveredBy, recovery, holds }] of stores) {
    it(`says of ${name} what covers it, in every environment`, () => {
      assert.ok(holds.length > 10 && coveredBy.length > 10);
      for (const { point, time, retention } of Object.values(recovery)) assert.ok(point && time && retention);
    });

    it(`names types of ${name} that hold data`, () => {
      for (const { type } of resources) assert.ok(statefulTypes.has(type), type);
    });
  }

  it("gives no resource to two stores", () => {
    const holders = stores.flatMap(([, { resources }]) => resources);
    for (const type of new Set(holders.map((one) => one.type))) {
      const endings = holders.filter((one) => one.type === type).map(({ ending }) => ending);
      assert.ok(endings.length === 1 || !endings.includes(undefined), `${type} without an ending`);
      assert.equal(new Set(endings).size, endings.length, type);
    }
  });

  it("measures drills of the database against what it promises", () => {
    const { production, staging } = dataStores.database.recovery;
    assert.deepEqual(databaseObjectives.production, { pointHours: 1, timeHours: 1 }, "the brief's");
    assert.ok(production.time.startsWith(`${databaseObjectives.production.timeHours} hour:`));
    assert.equal(staging.point, `${databaseObjectives.staging.pointHours} hours`);
    assert.equal(staging.time, `${databaseObjectives.staging.timeHours} hour`);
  });

  it("promises production an hour at most for what customers would miss", () => {
    for (const store of [dataStores.database, dataStores.media]) {
      assert.match(store.recovery.production.point, /^\d+ minutes?/);
      assert.match(store.recovery.production.time, /^1 hour/);
    }
  });
});
