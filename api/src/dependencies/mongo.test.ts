import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { InMemorySpanExporter, SimpleSpanProcessor, BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import type { Db } from "mongodb";
import { type RunningDatabase, startMongo } from "../../local/databases.ts";
import { eventually } from "../../test/eventually.ts";
import { type Dependency, DependencyUnavailable } from "./dependency.ts";
import { createMongo, type MongoOptions } from "./mongo.ts";

interface Counted {
  readonly _id: string;
  readonly count: number;
}

const quick = {
  breaker: { minimumCalls: 3, size: 6, firstProbeMs: 100, lastProbeMs: 300 },
  probe: { intervalMs: 100, deadlineMs: 2_000 },
} as const;

const reasonOf = (error: unknown): string => (error instanceof DependencyUnavailable ? error.reason : String(error));

describe("MongoDB", () => {
  let server: RunningDatabase;
  let mongo: Dependency<Db> | undefined;
  let lines: string[];
  before(async () => {
    server = await startMongo();
  });
  after(() => server.stop());
  afterEach(() => mongo?.close());

  const create = (options: Partial<MongoOptions> = {}): Dependency<Db> => {
    lines = [];
    const say = (...said: unknown[]) => lines.push(String(said[1]));
    mongo = createMongo({
      uri: server.url,
      database: "dependency_test",
      log: { info: say, warn: say },
      ...quick,
      ...options,
    });
    return mongo;
  };
  const background = () => ({ signal: new AbortController().signal, span: undefined });
  const find = (from: Dependency<Db>, deadlineMs = 2_000) =>
    from.call(background(), { operation: "find", target: "counted", deadlineMs }, (db, signal, maxTimeMS) =>
      db.collection<Counted>("counted").findOne({ _id: "a" }, { signal, maxTimeMS }),
    );
  const answered = async (from: Dependency<Db>): Promise<void> => {
    for (let tried = 0; ; tried++) {
      try {
        await find(from);
        return;
      } catch (error) {
        assert.ok(tried < 200, `never answered: ${String(error)}`);
        await sleep(50);
      }
    }
  };

  it("is up with as many connections as the pool keeps once it is warm", async () => {
    const warm = create({ pool: { min: 5, max: 20 } });
    assert.deepEqual(warm.report(), { state: "down", latencyMs: null });
    await warm.warm();
    assert.equal(warm.report().state, "up");
    assert.equal(typeof warm.report().latencyMs, "number");
    assert.ok(warm.usage().connections >= 5);
    const found = await Promise.allSettled(Array.from({ length: 20 }, () => find(warm)));
    assert.deepEqual(
      found.filter(({ status }) => status === "rejected"),
      [],
    );
    assert.deepEqual({ ...warm.usage(), connections: 0 }, { inFlight: 0, capacity: 100, connections: 0, waiting: 0 });
  });

  it("answers 20 calls at once on a pool that nobody warmed", async () => {
    const cold = create({ pool: { min: 0, max: 5 } });
    const found = await Promise.allSettled(Array.from({ length: 20 }, () => find(cold)));
    assert.deepEqual(
      found.filter(({ status }) => status === "rejected"),
      [],
    );
    assert.ok(cold.usage().connections <= 5);
  });

  it("passes a duplicate key on, and stays up", async () => {
    const warm = create();
    await warm.warm();
    const insert = () =>
      warm.call(background(), { operation: "insertOne" }, (db) =>
        db.collection<Counted>("duplicates").insertOne({ _id: "same", count: 1 }),
      );
    await insert();
    for (let i = 0; i < 10; i++) await assert.rejects(insert(), { code: 11000 });
    assert.equal(warm.report().state, "up");
    await find(warm);
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
        reasons.push(await find(stalled, 150).then(() => "ok", reasonOf));
        assert.ok(performance.now() - started < 2_900, "far below the driver's own timeouts");
      }
      assert.ok(reasons.includes("deadline"));
      assert.equal(stalled.report().state, "down");
    } finally {
      server.resume();
    }
    await answered(stalled);
    await eventually("it is up", () => stalled.report().state === "up");
    assert.deepEqual(lines, ["mongodb does not answer", "mongodb answers again"]);
    await eventually("nothing is in flight", () => stalled.usage().inFlight === 0);
  });

  it("fails at once once it is known to be gone, and comes back by itself", async () => {
    const gone = create();
    await gone.warm();
    await server.kill();
    const reasons: string[] = [];
    while (reasons.at(-1) !== "breaker-open") {
      assert.ok(reasons.length < 50, reasons.join(" "));
      reasons.push(await find(gone, 300).then(() => "ok", reasonOf));
    }
    assert.deepEqual(
      reasons.filter((reason) => !["connection", "deadline", "breaker-open"].includes(reason)),
      [],
    );
    assert.equal(gone.report().state, "down");
    await server.restart();
    await answered(gone);
    await eventually("it is up", () => gone.report().state === "up");
    assert.deepEqual(lines, ["mongodb does not answer", "mongodb answers again"]);
  });

  it("starts without the server, and takes it once it is there", async () => {
    await server.kill();
    const early = create({ warmMs: 100, probe: { intervalMs: 100, deadlineMs: 300 } });
    await early.warm();
    assert.deepEqual(early.report(), { state: "down", latencyMs: null });
    assert.deepEqual(lines, ["mongodb does not answer"]);
    await server.restart();
    await eventually("it is up", () => early.report().state === "up");
    await answered(early);
  });

  it("is a client span below the request's, without what was asked", async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const tracer = provider.getTracer("test");
    const traced = create({ tracer });
    const parent = tracer.startSpan("GET /map/{userId}");
    await traced.call(
      { signal: new AbortController().signal, span: parent },
      { operation: "find", target: "counted" },
      (db, signal) => db.collection<Counted>("counted").findOne({ _id: "secret" }, { signal }),
    );
    const [span] = exporter.getFinishedSpans();
    assert.equal(span?.name, "find counted");
    assert.equal(span.parentSpanContext?.spanId, parent.spanContext().spanId);
    assert.deepEqual(span.attributes, {
      "db.system.name": "mongodb",
      "db.namespace": "dependency_test",
      "db.operation.name": "find",
      "db.collection.name": "counted",
      "server.address": "127.0.0.1",
      "server.port": server.port,
    });
    await provider.shutdown();
  });
});
