import assert from "node:assert/strict";
import { createUpdates } from "./updates.ts";
import { createWriteQueue } from "./write-queue.ts";
import type { MapRepository } from "./repository.ts";

describe("maps: updates", () => {
  const absent = () => Promise.resolve(undefined);
  const cache = { read: absent, written: absent, removed: absent, knownVersion: () => Promise.resolve(0) };
  const update = { userId: "u", patch: {}, ifMatch: undefined, key: undefined };
  const within = (milliseconds: number) => ({ signal: AbortSignal.timeout(milliseconds), span: undefined });

  /** A map that another task has always just changed. */
  const contended = (insert: MapRepository["insert"]) => {
    const repository: MapRepository = {
      find: absent,
      findState: absent,
      insert,
      replace: () => Promise.resolve(false),
      remove: absent,
    };
    const marks = { take: () => Promise.resolve({ state: "unknown" } as const) };
    return createUpdates({ repository, cache, marks, queue: createWriteQueue(), now: Date.now, random: () => 1 });
  };

  it("tries until the request's deadline", async () => {
    let tries = 0;
    const lose = () => {
      tries += 1;
      return Promise.resolve(false);
    };
    // The router answers it with 503 and Retry-After.
    await assert.rejects(contended(lose)(within(50), update), { name: "TimeoutError" });
    assert.ok(tries > 1 && tries < 10, String(tries));
  });

  it("refuses writers of one map beyond those that may wait, and no other map's", async () => {
    const end = Promise.withResolvers<boolean>();
    const write = contended(() => end.promise);
    const waiting = Array.from({ length: 200 }, () => write(within(30_000), update));
    await assert.rejects(write(within(30_000), update), { kind: "overloaded" });
    const other = write(within(30_000), { ...update, userId: "v" });
    end.resolve(true);
    await Promise.all([...waiting, other]);
    assert.equal((await write(within(30_000), update)).version, 1);
  });

  it("does not write what nobody waits for any more", async () => {
    let inserted = 0;
    const end = Promise.withResolvers<boolean>();
    const write = contended(() => {
      inserted += 1;
      return end.promise;
    });
    const first = write(within(30_000), update);
    await assert.rejects(write(within(5), update), { name: "TimeoutError" });
    end.resolve(true);
    await first;
    await write(within(30_000), update);
    assert.equal(inserted, 2);
  });
});
