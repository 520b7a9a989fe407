import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import { type RunningDatabase, startMongo, startRedis } from "../local/databases.ts";
import { type ApiProcess, startApiProcess } from "./api-process.ts";
import type { Ask } from "./ask.ts";
import { createPlace, type Place } from "./place.ts";
import { problemOf } from "./problems.ts";

const hour = 3_600_000;

describe("while the clock of a server jumps", () => {
  let mongo: RunningDatabase;
  let redis: RunningDatabase;
  let place: Place;
  let api: ApiProcess;
  let ask: Ask;

  before(async () => {
    [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
    place = await createPlace({ mongo, redis, config: { requestsPerMinute: 30, writesPerMinute: 30 } });
    api = startApiProcess(place, { preloads: [join(import.meta.dirname, "clock.ts")] });
    ({ ask } = await api.listening());
  });
  after(async () => {
    await api.kill();
    await Promise.all([mongo.stop(), redis.stop(), place.remove()]);
  });

  async function shift(milliseconds: number): Promise<void> {
    const taken = once(api.child, "message");
    api.child.send(milliseconds);
    await taken;
  }
  /** A token that is valid at the server's time. */
  const tokenAt = (shiftedMs: number, userId: string) =>
    place.token(userId, { lifetimeSeconds: shiftedMs / 1000 + 3_600 });
  const write = (token: string, userId: string, n: number, key?: string) =>
    ask("/map", {
      method: "POST",
      body: { userId, practiceData: { n } },
      headers: { Authorization: `Bearer ${token}`, ...(key !== undefined && { "Idempotency-Key": key }) },
    });
  const read = (token: string, userId: string) =>
    ask(`/map/${userId}`, { headers: { Authorization: `Bearer ${token}` } });
  const nOf = async (answer: Response) => {
    assert.equal(answer.status, 200);
    return ((await answer.json()) as { data: { practiceData: { n: number } } }).data.practiceData.n;
  };

  for (const [what, jump] of [
    ["forward", 5 * hour],
    ["back", -5 * hour],
  ] as const) {
    it(`keeps tokens, caches, limits, and idempotency right, ${what} and to where it was`, async () => {
      const user = `user-${what}`;
      const before = await tokenAt(0, user);
      const during = await tokenAt(Math.max(0, jump), user);
      assert.equal(await nOf(await write(before, user, 1, "key-1")), 1);
      const first = await (await read(before, user)).text();

      await shift(jump);
      // A token is valid by the clock that there is, also one that was verified a moment ago.
      if (jump > 0) await problemOf(await read(before, user), "unauthenticated");
      assert.equal(await (await read(during, user)).text(), first);
      const again = await write(during, user, 1, "key-1");
      assert.equal(again.headers.get("idempotency-replayed"), "true");
      assert.equal(await again.text(), first);
      assert.equal(await nOf(await write(during, user, 2)), 2);
      assert.equal(await nOf(await read(during, user)), 2);

      await shift(0);
      assert.equal(await nOf(await read(before, user)), 2);
      assert.equal(await nOf(await write(before, user, 3, "key-2")), 3);
      assert.equal(await nOf(await read(before, user)), 3);

      // One window of a minute all the while: neither jump has ended it, nor made it longer.
      const answers = await Promise.all(Array.from({ length: 40 }, () => read(before, user)));
      const refused = answers.filter(({ status }) => status === 429);
      assert.ok(refused.length >= 10 && refused.length < 40, `${refused.length}`);
      for (const { headers } of refused) assert.ok(Number(headers.get("retry-after")) <= 60);
    });
  }

  it("is ready all the while, and has no errors to tell of", async () => {
    const ready = await ask("/health/ready");
    assert.equal(((await ready.json()) as { status: string }).status, "ready");
    assert.deepEqual(
      api.lines().filter(({ level }) => level === "error" || level === "fatal"),
      [],
    );
  });
});
