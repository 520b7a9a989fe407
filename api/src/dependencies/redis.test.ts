import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningDatabase, startRedis } from "../../local/databases.ts";
import { eventually } from "../../test/eventually.ts";
import { type CallOutcome, type Dependency, DependencyUnavailable } from "./dependency.ts";
import { createRedis, type RedisClient, type RedisOptions } from "./redis.ts";

const quick = {
  breaker: { minimumCalls: 3, size: 6, firstProbeMs: 100, lastProbeMs: 300 },
  probe: { intervalMs: 100, deadlineMs: 2_000 },
} as const;

/** Forwards to a port, until it swallows what its open connections bring, as a broken network does it. */
async function startProxy(port: number) {
  const sockets = new Set<Socket>();
  const silent = new WeakSet<Socket>();
  const server = createServer((from) => {
    const to = connect(port, "127.0.0.1");
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one);
      one.on("data", (chunk) => {
        if (!silent.has(one)) other.write(chunk);
      });
      one.on("error", () => undefined);
      one.on("close", () => other.destroy());
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    swallow() {
      for (const socket of sockets) silent.add(socket);
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const reasonOf = (error: unknown): string => (error instanceof DependencyUnavailable ? error.reason : String(error));

describe("Redis", () => {
  let server: RunningDatabase;
  let redis: Dependency<RedisClient> | undefined;
  let lines: string[];
  let outcomes: CallOutcome[];
  before(async () => {
    server = await startRedis();
  });
  after(() => server.stop());
  afterEach(() => redis?.close());

  const create = (options: Partial<RedisOptions> = {}): Dependency<RedisClient> => {
    lines = [];
    outcomes = [];
    const say = (...said: unknown[]) => lines.push(String(said[1]));
    redis = createRedis({
      url: server.url,
      log: { info: say, warn: say },
      onCall: (_name, _operation, outcome) => outcomes.push(outcome),
      ...quick,
      ...options,
    });
    return redis;
  };
  const background = () => ({ signal: new AbortController().signal, span: undefined });
  const get = (from: Dependency<RedisClient>, deadlineMs = 2_000) =>
    from.call(background(), { operation: "get", deadlineMs }, (client) => client.get("key"));
  const answered = async (from: Dependency<RedisClient>): Promise<void> => {
    for (let tried = 0; ; tried++) {
      try {
        await get(from);
        return;
      } catch (error) {
        assert.ok(tried < 200, `never answered: ${String(error)}`);
        await sleep(50);
      }
    }
  };

  it("is up once it is warm, and closes in order", async () => {
    const warm = create();
    assert.deepEqual(warm.report(), { state: "down", latencyMs: null });
    await warm.warm();
    assert.equal(warm.report().state, "up");
    assert.deepEqual(warm.usage(), { inFlight: 0, capacity: 1_000, connections: 1, waiting: 0 });
    await warm.close();
    await assert.rejects(get(warm), { reason: "connection" });
  });

  it("passes on what the command itself did wrong, and stays up", async () => {
    const warm = create();
    await warm.warm();
    await warm.call(background(), { operation: "set" }, (client) => client.set("text", "text"));
    for (let i = 0; i < 10; i++)
      await assert.rejects(
        warm.call(background(), { operation: "lPush" }, (client) => client.lPush("text", "entry")),
        /WRONGTYPE/,
      );
    assert.equal(warm.report().state, "up");
    await get(warm);
  });

  it("does not let a stalled server hold a call, opens, and recovers when it goes on", async () => {
    const stalled = create();
    await stalled.warm();
    server.pause();
    try {
      // Until it has stopped, it may still answer.
      const reasons: string[] = [];
      while (reasons.at(-1) !== "breaker-open") {
        assert.ok(reasons.length < 50, reasons.join(" "));
        const started = performance.now();
        reasons.push(await get(stalled, 100).then(() => "ok", reasonOf));
        assert.ok(performance.now() - started < 2_500, "far below the driver's own timeouts");
      }
      assert.ok(reasons.includes("deadline"));
      assert.equal(stalled.report().state, "down");
    } finally {
      server.resume();
    }
    await answered(stalled);
    await eventually("it is up", () => stalled.report().state === "up");
    assert.deepEqual(lines, ["redis does not answer", "redis answers again"]);
    await eventually("nothing is in flight", () => stalled.usage().inFlight === 0);
  });

  it("gives up a connection that has gone silent, and makes another", async () => {
    const proxy = await startProxy(server.port);
    try {
      // A probe is written to the connection, which counts as life: it comes less often than the silence lasts.
      const silent = create({ url: proxy.url, silentMs: 300, probe: { intervalMs: 1_000, deadlineMs: 200 } });
      await silent.warm();
      proxy.swallow();
      await assert.rejects(get(silent, 100), { reason: "deadline" });
      await answered(silent);
    } finally {
      proxy.close();
    }
  });

  it("fails at once while it is gone, and comes back by itself", async () => {
    const gone = create();
    await gone.warm();
    await server.kill();
    const started = performance.now();
    for (let i = 0; i < 10; i++) await assert.rejects(get(gone, 10_000), DependencyUnavailable);
    assert.ok(performance.now() - started < 5_000);
    assert.ok(outcomes.includes("breaker-open"));
    assert.equal(gone.report().state, "down");
    await server.restart();
    await answered(gone);
    await eventually("it is up", () => gone.report().state === "up");
    assert.deepEqual(lines, ["redis does not answer", "redis answers again"]);
  });

  it("starts without the server, and takes it once it is there", async () => {
    await server.kill();
    const early = create({ warmMs: 100 });
    await early.warm();
    assert.deepEqual(early.report(), { state: "down", latencyMs: null });
    await server.restart();
    await eventually("it is up", () => early.report().state === "up");
    await answered(early);
  });
});
