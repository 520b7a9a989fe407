import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningDatabase, startRedis } from "../../local/databases.ts";
import type { Dependency } from "../dependencies/dependency.ts";
import { createRedis, type RedisClient } from "../dependencies/redis.ts";
import { defaultRuntimeConfig, type RuntimeConfig } from "../runtime-config.ts";
import { createRateLimiter, type RunningRateLimiter } from "./rate-limit.ts";
import type { RuntimeConfigSource } from "./services.ts";

interface ChangingConfig extends RuntimeConfigSource {
  change(config: Partial<RuntimeConfig>): void;
}

function changingConfig(first: Partial<RuntimeConfig>): ChangingConfig {
  let current: RuntimeConfig = { ...defaultRuntimeConfig, ...first };
  const listeners = new Set<(config: RuntimeConfig) => void>();
  return {
    get current() {
      return current;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    change(config) {
      current = { ...current, ...config };
      for (const listener of listeners) listener(current);
    },
  };
}

const silent = { info: () => undefined, warn: () => undefined };

function recordingLog() {
  const lines: string[] = [];
  const add = (_facts: unknown, message?: string) => void lines.push(message ?? "");
  return { lines, log: { info: add, warn: add } };
}

const limits = { requestsPerMinute: 5, writesPerMinute: 3, uploadsPerMinute: 1 };

describe("the rate limiter", () => {
  let database: RunningDatabase;
  let redis: Dependency<RedisClient>;
  let commands = 0;
  const opened: RunningRateLimiter[] = [];
  let tests = 0;

  before(async () => {
    database = await startRedis();
    redis = createRedis({
      url: database.url,
      log: silent,
      onCall: () => {
        commands++;
      },
      probe: { intervalMs: 50 },
    });
    await redis.warm();
  });
  after(async () => {
    await redis.close();
    await database.stop();
  });
  beforeEach(() => {
    tests++;
  });
  afterEach(() => {
    for (const limiter of opened.splice(0)) limiter.close();
  });

  /** Of the same tasks in one test, of others in the next. */
  function limiterOf(options: Partial<Parameters<typeof createRateLimiter>[0]> = {}): RunningRateLimiter {
    const limiter = createRateLimiter({
      redis,
      keyPrefix: `test-${tests}:`,
      config: changingConfig(limits),
      log: silent,
      // Redis answers, however slow the machine is; tests of what happens else say so.
      deadlineMs: 10_000,
      ...options,
    });
    opened.push(limiter);
    return limiter;
  }

  it("counts what all tasks serve, in one call of Redis each", async () => {
    const tasks = [limiterOf(), limiterOf()];
    const before = commands;
    const verdicts = [];
    for (let request = 0; request < 6; request++) verdicts.push(await tasks[request % 2]!("read", "user:a"));
    assert.deepEqual(
      verdicts.map(({ allowed, remaining }) => [allowed, remaining]),
      [
        [true, 4],
        [true, 3],
        [true, 2],
        [true, 1],
        [true, 0],
        [false, 0],
      ],
    );
    assert.ok(verdicts.every(({ limit, resetSeconds }) => limit === 5 && resetSeconds >= 1 && resetSeconds <= 60));
    assert.equal(commands - before, 6);
  });

  it("is stricter towards writes and uploads, and counts each caller and class for itself", async () => {
    const limiter = limiterOf();
    const allowed = { read: 5, write: 3, upload: 1 };
    for (const key of ["user:a", "address:192.0.2.1"]) {
      for (const limit of ["read", "write", "upload"] as const) {
        const verdicts = await Promise.all(Array.from({ length: 6 }, () => limiter(limit, key)));
        assert.equal(verdicts.filter((verdict) => verdict.allowed).length, allowed[limit], `${limit} ${key}`);
      }
    }
    assert.equal((await limiter("none", "user:a")).allowed, true);
  });

  it("refuses whoever is over the limit without a call of Redis", async () => {
    const limiter = limiterOf();
    assert.equal((await limiter("upload", "user:a")).allowed, true);
    const before = commands;
    for (let request = 0; request < 100; request++) {
      const { allowed, remaining, resetSeconds } = await limiter("upload", "user:a");
      assert.deepEqual([allowed, remaining], [false, 0]);
      assert.ok(resetSeconds >= 1 && resetSeconds <= 60);
    }
    assert.equal(commands, before);
  });

  it("knows whom it refuses, of the classes that are used up alone", async () => {
    const refused: string[] = [];
    const limiter = limiterOf({ onRefused: (limit) => refused.push(limit) });
    assert.equal(limiter.refuses("upload", "user:a"), false);
    await limiter("upload", "user:a");
    assert.equal(limiter.refuses("upload", "user:a"), true);
    assert.deepEqual(
      [limiter.refuses("read", "user:a"), limiter.refuses("upload", "user:b"), limiter.refuses("none", "user:a")],
      [false, false, false],
    );
    assert.deepEqual(refused, []);
    await limiter("upload", "user:a");
    assert.deepEqual(refused, ["upload"]);
  });

  it("takes another limit at once, also for who was refused", async () => {
    const config = changingConfig(limits);
    const limiter = limiterOf({ config });
    await limiter("upload", "user:a");
    assert.equal((await limiter("upload", "user:a")).allowed, false);
    config.change({ uploadsPerMinute: 3 });
    assert.deepEqual(
      [await limiter("upload", "user:a"), await limiter("upload", "user:a"), await limiter("upload", "user:a")].map(
        ({ allowed, limit, remaining }) => [allowed, limit, remaining],
      ),
      [
        [true, 3, 1],
        [true, 3, 0],
        [false, 3, 0],
      ],
    );
    config.change({ uploadsPerMinute: 1 });
    assert.equal((await limiter("upload", "user:a")).allowed, false);
  });

  it("does not wait for one that was closed", async () => {
    const config = changingConfig(limits);
    const limiter = limiterOf({ config });
    limiter.close();
    config.change({ uploadsPerMinute: 3 });
    assert.equal((await limiter("upload", "user:a")).limit, 1);
  });

  for (const [fault, begin, end] of [
    ["stalls", () => database.pause(), () => database.resume()],
    ["is killed", () => database.kill(), () => database.restart()],
  ] as const) {
    it(`counts in the task while Redis ${fault}, says so once, and shares again after it`, async () => {
      const { lines, log } = recordingLog();
      const limiter = limiterOf({ log, deadlineMs: 40, retryMs: 100 });
      let shared = false;
      for (let attempt = 0; attempt < 50 && !shared; attempt++) {
        const before = commands;
        await limiter("read", `user:first-${attempt}`);
        shared = commands > before && (lines.at(-1) ?? "the rate limits are shared again").endsWith("shared again");
      }
      lines.length = 0;
      await begin();
      const started = performance.now();
      try {
        const verdicts = [];
        for (let request = 0; request < 200; request++) verdicts.push(await limiter("read", "user:a"));
        assert.equal(verdicts.filter(({ allowed }) => allowed).length, 5);
        // One deadline now and then: not one for each request.
        assert.ok(performance.now() - started < 5_000);
      } finally {
        await end();
      }
      const deadline = Date.now() + 20_000;
      while (lines.length < 2 && Date.now() < deadline) {
        await sleep(20);
        await limiter("read", "user:b");
      }
      assert.deepEqual(lines, [
        "the rate limits cannot be shared: each task counts for itself",
        "the rate limits are shared again",
      ]);
    });
  }

  it("asks Redis again in spite of one who is over the limit and goes on", async () => {
    const { lines, log } = recordingLog();
    const limiter = limiterOf({ log, deadlineMs: 40, retryMs: 1 });
    const isBack = async (): Promise<boolean> => {
      await limiter("read", "user:b");
      return lines.at(-1)?.endsWith("shared again") ?? true;
    };
    for (let attempt = 0; attempt < 200 && !(await isBack()); attempt++) await sleep(20);
    for (let refused = false; !refused;) refused = !(await limiter("upload", "user:a")).allowed;
    await database.kill();
    while (!lines.at(-1)?.endsWith("for itself")) await limiter("read", "user:c");
    for (let request = 0; request < 20; request++) {
      assert.equal((await limiter("upload", "user:a")).allowed, false);
      await sleep(2);
    }
    assert.ok(lines.at(-1)?.endsWith("for itself"));
    await database.restart();
    const deadline = Date.now() + 20_000;
    while (!lines.at(-1)?.endsWith("shared again") && Date.now() < deadline) {
      await sleep(20);
      await limiter("upload", "user:a");
      await limiter("read", "user:b");
    }
    assert.ok(lines.at(-1)?.endsWith("shared again"));
  });

  it("counts in the task where there has never been a Redis", async () => {
    const nowhere = createRedis({ url: "redis://127.0.0.1:1", log: silent });
    const { lines, log } = recordingLog();
    const limiter = limiterOf({ redis: nowhere, log, deadlineMs: 40 });
    const verdicts = await Promise.all(Array.from({ length: 9 }, () => limiter("write", "user:a")));
    assert.equal(verdicts.filter(({ allowed }) => allowed).length, 3);
    assert.equal(lines.length, 1);
    await nowhere.close();
  });
});
