import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningDatabase, startMongo, startRedis } from "../local/databases.ts";
import { createPlace, type Place } from "./place.ts";
import { problemOf } from "./problems.ts";
import { type RunningApi, startApi } from "./running-api.ts";

interface MapBody {
  readonly data: { readonly practiceData: Readonly<Record<string, number>>; readonly version: number };
}

describe("writers of one map, over two servers of one database", () => {
  let mongo: RunningDatabase;
  let redis: RunningDatabase;
  let place: Place;
  let servers: readonly [RunningApi, RunningApi];
  const serverOf = (i: number): RunningApi => servers[i % 2 === 0 ? 0 : 1];

  before(async () => {
    [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
    place = await createPlace({ mongo, redis });
    servers = await Promise.all([startApi(place), startApi(place)]);
  });
  after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await Promise.all([mongo.stop(), redis.stop(), place.remove()]);
  });

  const write = (
    server: RunningApi,
    userId: string,
    practiceData: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>> = {},
  ) => server.ask("/map", { as: userId, method: "POST", body: { userId, practiceData }, headers });
  const read = async (server: RunningApi, userId: string) =>
    (await (await server.ask(`/map/${userId}`, { as: userId })).json()) as MapBody;

  it("lose no update: 20 at a time, each with entries of its own", async () => {
    const rounds = 3;
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        for (let round = 0; round < rounds; round++) {
          const answer = await write(serverOf(i + round), "many", { [`of-${i}-${round}`]: i });
          assert.equal(answer.status, 200, await answer.clone().text());
        }
      }),
    );
    for (const server of servers) {
      const { data } = await read(server, "many");
      assert.equal(Object.keys(data.practiceData).length, 20 * rounds);
      assert.equal(data.version, 20 * rounds);
    }
  });

  it("lose no update: 20 that count up one entry, each by the ETag of what it read", async () => {
    await write(servers[0], "counted", { n: 0 });
    let refusals = 0;
    const countUp = async (i: number): Promise<void> => {
      for (;;) {
        const answer = await serverOf(i).ask("/map/counted", { as: "counted" });
        const { data } = (await answer.json()) as MapBody;
        const etag = answer.headers.get("etag") ?? "";
        const written = await write(
          serverOf(i),
          "counted",
          { n: (data.practiceData["n"] ?? 0) + 1 },
          { "If-Match": etag },
        );
        if (written.status === 200) return;
        await problemOf(written, "version-mismatch");
        refusals++;
        await sleep(Math.random() * 20);
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, i) => countUp(i)));
    assert.deepEqual((await read(servers[0], "counted")).data, (await read(servers[1], "counted")).data);
    assert.equal((await read(servers[0], "counted")).data.practiceData["n"], 20);
    assert.ok(refusals > 0);
  });

  /** As a client repeats: while another request with its key is in flight, it comes again. */
  async function untilAnswered(
    server: RunningApi,
    userId: string,
    key: string,
    practiceData: Readonly<Record<string, unknown>>,
  ) {
    for (;;) {
      const answer = await write(server, userId, practiceData, { "Idempotency-Key": key });
      if (answer.status !== 409) return answer;
      await problemOf(answer, "key-in-flight");
      await sleep(Math.random() * 20);
    }
  }

  it("have one effect with one key, however often they repeat it: 1,000 times", async () => {
    const told = new Map<string, number>();
    let sent = 0;
    let first = 0;
    const repeat = async (): Promise<void> => {
      while (sent < 1_000) {
        const answer = await untilAnswered(serverOf(sent++), "repeats", "the-one-key", { n: 1 });
        if (answer.headers.get("idempotency-replayed") === null) first++;
        const said = `${answer.status} ${answer.headers.get("etag") ?? ""} ${await answer.text()}`;
        told.set(said, (told.get(said) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 40 }, repeat));
    assert.deepEqual([...told.values()], [1_000], [...told.keys()].join("\n"));
    assert.equal(first, 1);
    assert.equal((await read(servers[0], "repeats")).data.version, 1);
  });

  it("have one effect for each key, where many keys come twice at the same time", async () => {
    const keys = Array.from({ length: 20 }, (_, i) => `key-${i}`);
    const answers = await Promise.all(
      keys.flatMap((key, i) => servers.map((server) => untilAnswered(server, "keyed", key, { [key]: i }))),
    );
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    for (const [i] of keys.entries()) assert.equal(bodies[2 * i], bodies[2 * i + 1]);
    assert.equal((await read(servers[1], "keyed")).data.version, keys.length);
    // And later: what came in between changes none of the answers, but for the order of names.
    await write(servers[0], "keyed", { "key-3": null, more: 1 });
    for (const [i, key] of keys.entries()) {
      const again = await untilAnswered(servers[1], "keyed", key, { [key]: i });
      assert.deepEqual(await again.json(), JSON.parse(bodies[2 * i] ?? ""));
    }
  });

  it("are told that a key is in flight, and that it was used for another request", async () => {
    mongo.pause();
    const first = write(servers[0], "slow", { a: 1 }, { "Idempotency-Key": "slow-key" });
    try {
      await sleep(100);
      const second = write(servers[1], "slow", { a: 1 }, { "Idempotency-Key": "slow-key" });
      const other = write(servers[1], "slow", { a: 2 }, { "Idempotency-Key": "slow-key" });
      await sleep(100);
      mongo.resume();
      await problemOf(await second, "key-in-flight");
      await problemOf(await other, "key-reused");
    } finally {
      mongo.resume();
    }
    assert.equal((await first).status, 200);
    await problemOf(await write(servers[1], "slow", { a: 2 }, { "Idempotency-Key": "slow-key" }), "key-reused");
    // Another caller's key is another key, and so is one of another map.
    const other = await servers[1].ask("/map", {
      as: "root+admin",
      method: "POST",
      body: { userId: "slow", practiceData: { a: 3 } },
      headers: { "Idempotency-Key": "slow-key" },
    });
    assert.equal(other.status, 200);
    assert.equal((await write(servers[1], "slower", { a: 2 }, { "Idempotency-Key": "slow-key" })).status, 200);
  });
});
