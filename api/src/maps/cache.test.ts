import assert from "node:assert/strict";
import { pino } from "pino";
import { type RunningDatabase, startRedis } from "../../local/databases.ts";
import { createRedis } from "../dependencies/redis.ts";
import { createMapCache, type MapCache } from "./cache.ts";
import { decodeEntry } from "./cache-entry.ts";
import type { MapState } from "./document.ts";
import { redisAttempt } from "./redis-attempt.ts";

describe("maps: cache", () => {
  let server: RunningDatabase;
  let redis: ReturnType<typeof createRedis>;
  let cache: MapCache;
  let clock = 1_800_000_000_000;
  let users = 0;
  let user = "";
  let stored: number | undefined;
  let loads = 0;
  let outcomes: string[];
  let beforeLoadEnds: () => Promise<void>;
  before(async () => {
    server = await startRedis();
    redis = createRedis({ url: server.url, log: pino({ level: "silent" }) });
    await redis.warm();
    cache = createMapCache({
      redis: redisAttempt(redis, (error) => assert.fail(String(error))),
      keyPrefix: "test:",
      async load(): Promise<MapState | undefined> {
        loads += 1;
        const version = stored;
        await beforeLoadEnds();
        return version === undefined ? undefined : stateAt(version);
      },
      onLookup: (outcome) => outcomes.push(outcome),
      now: () => clock,
      random: () => 0,
    });
  });
  after(async () => {
    await redis.close();
    await server.stop();
  });
  beforeEach(() => {
    users += 1;
    user = `user-${users}`;
    stored = undefined;
    loads = 0;
    outcomes = [];
    beforeLoadEnds = () => Promise.resolve();
  });

  const stateAt = (version: number): MapState => ({
    userId: user,
    practiceData: "{}",
    version,
    updatedAt: new Date(clock),
  });
  const context = () => ({ signal: AbortSignal.timeout(30_000), span: undefined });
  const read = async () => (await cache.read(context(), user))?.version;
  const write = (version: number) => cache.written(context(), version, user, "{}");
  const entry = async () => {
    const text = await redis.call(context(), { operation: "get" }, (client) => client.get(`test:maps:entry:${user}`));
    return text === null ? undefined : decodeEntry(text);
  };

  it("loads once for 1,000 who ask at the same time", async () => {
    stored = 3;
    const read1000 = await Promise.all(Array.from({ length: 1_000 }, read));
    assert.deepEqual(new Set(read1000), new Set([3]));
    assert.equal(loads, 1);
    assert.equal(await read(), 3);
    assert.deepEqual(outcomes.at(-1), "hit");
  });

  it("never replaces a version by an older one, and the same one by itself", async () => {
    for (const version of [2, 1, 3, 3, 2]) await write(version);
    clock += 10;
    await write(3);
    assert.deepEqual([(await entry())?.version, (await entry())?.loadedAt], [3, clock]);
  });

  it("keeps what was written while a load was under way", async () => {
    stored = 1;
    beforeLoadEnds = async () => {
      stored = 2;
      await write(2);
    };
    assert.equal(await read(), 1);
    assert.equal(await read(), 2);
    assert.deepEqual(outcomes, ["miss", "hit"]);
  });

  it("gives a load of its own to who asks after a write", async () => {
    const [begun, end] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    stored = 1;
    beforeLoadEnds = async () => {
      begun.resolve(undefined);
      await end.promise;
    };
    const first = read();
    await begun.promise;
    stored = 2;
    beforeLoadEnds = () => Promise.resolve();
    await write(2);
    await redis.call(context(), { operation: "del" }, (client) => client.del(`test:maps:entry:${user}`));
    assert.equal(await read(), 2);
    end.resolve(undefined);
    assert.equal(await first, 1);
    assert.equal((await entry())?.version, 2);
  });

  it("does not bring back what was removed while a load was under way", async () => {
    stored = 4;
    beforeLoadEnds = async () => {
      stored = undefined;
      await cache.removed(context(), user, 4);
    };
    assert.equal(await read(), 4);
    assert.equal(await read(), undefined);
    assert.deepEqual(outcomes, ["miss", "negative"]);
    clock += 60_000;
    beforeLoadEnds = () => Promise.resolve();
    assert.equal(await read(), undefined);
    assert.equal(await cache.knownVersion(context(), user), 4);
    await write(5);
    assert.equal(await read(), 5);
  });

  it("replaces any version by what was loaded once it was no longer fresh", async () => {
    await write(7);
    stored = 1;
    clock += 15_001;
    assert.equal(await read(), 7);
    for (let tried = 0; (await entry())?.version !== 1; tried++) assert.ok(tried < 10_000);
    clock += 60_001;
    stored = undefined;
    assert.equal(await read(), undefined);
    assert.deepEqual(outcomes, ["stale", "miss"]);
  });

  it("lets who has no more time go, and finishes the load for the others", async () => {
    stored = 1;
    const end = Promise.withResolvers<undefined>();
    beforeLoadEnds = async () => {
      await end.promise;
    };
    const hasty = cache.read({ signal: AbortSignal.timeout(5), span: undefined }, user);
    const patient = read();
    await assert.rejects(hasty, { name: "TimeoutError" });
    end.resolve(undefined);
    assert.equal(await patient, 1);
    assert.equal(loads, 1);
  });
});
