import assert from "node:assert/strict";
import { type Answered, type MapsApp, startMapsApp } from "../../local/maps-app.ts";
import { type RunningDatabase, startMongo, startRedis } from "../../local/databases.ts";
import { eventually } from "../../test/eventually.ts";

const versionOf = ({ body, text, status }: Answered): number => {
  assert.equal(status, 200, text);
  return (body as { readonly data: { readonly version: number } }).data.version;
};

describe("maps: outages", () => {
  let mongo: RunningDatabase;
  let redis: RunningDatabase;
  let app: MapsApp;
  let clock = 0;
  let users = 0;
  let user = "";
  before(async () => {
    [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
    app = await startMapsApp({ mongoUrl: mongo.url, redisUrl: redis.url, now: () => Date.now() + clock });
  });
  after(async () => {
    await app.close();
    await Promise.all([mongo.stop(), redis.stop()]);
  });
  beforeEach(() => {
    users += 1;
    user = `user-${users}`;
    clock = 0;
    app.lookups.length = 0;
  });

  const post = (practiceData: unknown, headers: Readonly<Record<string, string>> = {}) =>
    app.ask("POST", "/map", { body: { userId: user, practiceData }, headers, as: user });
  const get = () => app.ask("GET", `/map/${user}`, { as: user });
  const remove = () => app.ask("DELETE", `/map/${user}`, { as: user });
  const isUp = (name: "mongo" | "redis") => () => app[name].report().state === "up";

  /** What holds without Redis. */
  const worksOnMongoAlone = async (): Promise<void> => {
    assert.equal((await get()).status, 404);
    const headers = { "Idempotency-Key": "k" };
    const repeats = await Promise.all(Array.from({ length: 20 }, () => post({ a: 1 }, headers)));
    assert.deepEqual(new Set(repeats.map(versionOf)), new Set([1]));
    assert.equal((await post({ a: 2 }, headers)).status, 422);
    const writers = await Promise.all(Array.from({ length: 10 }, (_, index) => post({ [`n${index}`]: index })));
    assert.equal(Math.max(...writers.map(versionOf)), 11);
    assert.equal(versionOf(await get()), 11);
    assert.equal((await remove()).status, 204);
    assert.equal((await get()).status, 404);
    assert.deepEqual(new Set(app.lookups), new Set(["miss"]));
  };

  it("works without Redis, and fills it again", async () => {
    await redis.kill();
    await worksOnMongoAlone();
    await redis.restart();
    await eventually("Redis is seen", isUp("redis"));
    assert.equal(versionOf(await post({ a: 1 })), 1);
    assert.equal(versionOf(await get()), 1);
    assert.equal(app.lookups.at(-1), "hit");
  });

  it("works while Redis does not answer", async () => {
    redis.pause();
    try {
      await worksOnMongoAlone();
    } finally {
      redis.resume();
    }
    await eventually("Redis is seen", isUp("redis"));
  });

  it("reads what is cached without MongoDB, and says what it cannot do", async () => {
    await post({ a: 1 });
    await eventually("the map is cached", async () => (await get()).headers.has("age"));
    await mongo.kill();
    const fresh = await get();
    assert.equal(versionOf(fresh), 1);
    assert.ok(fresh.headers.has("age"));
    clock = 1_800_000;
    const old = await get();
    assert.equal(versionOf(old), 1);
    assert.ok(Number(old.headers.get("age")) >= 1800);
    assert.deepEqual(app.lookups.slice(-2), ["hit", "stale"]);
    const nobody = `nobody-${users}`;
    for (const refused of [
      await post({ a: 2 }),
      await remove(),
      await app.ask("GET", `/map/${nobody}`, { as: nobody }),
    ]) {
      assert.equal((refused.body as { readonly type: unknown }).type, "/problems/dependency-unavailable");
      assert.ok(Number(refused.headers.get("retry-after")) > 0);
    }
    await mongo.restart();
    await eventually("MongoDB is seen", isUp("mongo"));
    assert.equal(versionOf(await post({ a: 2 })), 2);
    assert.equal(versionOf(await get()), 2);
  });

  it("does not take what it once did not find for lasting, while MongoDB does not answer", async () => {
    await eventually("it is known that there is none", async () => {
      assert.equal((await get()).status, 404);
      return app.lookups.at(-1) === "negative";
    });
    await mongo.kill();
    assert.equal((await get()).status, 404);
    clock = 60_000;
    assert.equal((await get()).status, 503);
    await mongo.restart();
    await eventually("MongoDB is seen", isUp("mongo"));
    assert.equal((await get()).status, 404);
  });
});
