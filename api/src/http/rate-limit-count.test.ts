import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "redis";
import { type RunningDatabase, startRedis } from "../../local/databases.ts";
import { createCounter } from "./rate-limit-count.ts";

const hour = 3_600_000;

describe("counting in Redis", () => {
  let database: RunningDatabase;
  const connect = () => createClient({ url: database.url, RESP: 3 });
  let client: ReturnType<typeof connect>;
  before(async () => {
    database = await startRedis();
    client = connect();
    await client.connect();
  });
  after(async () => {
    client.destroy();
    await database.stop();
  });
  beforeEach(() => client.flushAll());

  it("goes up together in all tasks, in a window that begins with the first count", async () => {
    const [one, other] = [createCounter(hour), createCounter(hour)];
    const counts = await Promise.all(Array.from({ length: 50 }, (_, at) => (at % 2 === 0 ? one : other)(client, "a")));
    assert.deepEqual(
      counts.map(([count]) => count),
      Array.from({ length: 50 }, (_, at) => at + 1),
    );
    assert.ok(counts.every(([, left]) => left > hour - 60_000 && left <= hour));
    const ttl = await client.pTTL("a");
    assert.ok(ttl > hour - 60_000 && ttl <= hour);
  });

  it("begins anew in the next window", async () => {
    const count = createCounter(60);
    assert.deepEqual((await count(client, "a"))[0], 1);
    await sleep(150);
    const [again, left] = await count(client, "a");
    assert.equal(again, 1);
    assert.ok(left > 0 && left <= 60);
  });

  it("gives a window an end where it was lost, or where Redis has lost the window", async () => {
    await client.set("a", 7);
    assert.deepEqual(await createCounter(hour)(client, "a"), [8, hour]);
    assert.ok((await client.pTTL("a")) > 0);

    const count = createCounter(hour);
    for (let counts = 0; counts < 3; counts++) await count(client, "b");
    await client.flushAll();
    assert.deepEqual(await count(client, "b"), [1, hour]);
    assert.ok((await client.pTTL("b")) > 0);
  });

  it("costs one command once the window is known", async () => {
    const count = createCounter(hour);
    await count(client, "a");
    const asked: string[] = [];
    const recording = {
      incr: (key: string) => (asked.push("incr"), client.incr(key)),
      pTTL: (key: string) => (asked.push("pTTL"), client.pTTL(key)),
      pExpire: (key: string, milliseconds: number) => (asked.push("pExpire"), client.pExpire(key, milliseconds)),
    };
    for (let counts = 0; counts < 3; counts++) await count(recording, "a");
    assert.deepEqual(asked, ["incr", "incr", "incr"]);
  });
});
