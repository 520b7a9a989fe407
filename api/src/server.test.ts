import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningDatabase, startMongo, startRedis } from "../local/databases.ts";
import { createPlace, type Place } from "../test/place.ts";
import { type RunningApi, startApi } from "../test/running-api.ts";
import { contract, readEnvironment } from "./environment.ts";
import { startServer } from "./server.ts";

const written = (userId: string) => ({ as: userId, method: "POST", body: { userId, practiceData: { a: 1 } } }) as const;

describe("the server", () => {
  let mongo: RunningDatabase;
  let redis: RunningDatabase;
  let place: Place;
  let api: RunningApi;
  let endDraining: () => void;

  before(async () => {
    [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
    place = await createPlace({ mongo, redis });
  });
  after(() => Promise.all([mongo.stop(), redis.stop(), place.remove()]));
  beforeEach(async () => {
    const draining = Promise.withResolvers<undefined>();
    endDraining = () => {
      draining.resolve(undefined);
    };
    api = await startApi(place, { drained: () => draining.promise });
  });
  afterEach(async () => {
    mongo.resume();
    endDraining();
    await api.stop();
  });

  it("is live and ready once it listens", async () => {
    assert.equal((await api.ask(contract.paths.live)).status, 200);
    const ready = await api.ask(contract.paths.ready);
    assert.equal(((await ready.json()) as { status: string }).status, "ready");
  });

  it("still serves while it drains, is not ready, and closes connections", async () => {
    assert.equal((await api.ask("/map", written("ann"))).headers.get("connection"), "keep-alive");
    const stopped = api.stop();
    const ready = await api.ask(contract.paths.ready);
    assert.equal(ready.status, 503);
    assert.equal(((await ready.json()) as { status: string }).status, "draining");
    for (const [path, asked] of [
      [contract.paths.heartbeat, {}],
      [contract.paths.live, {}],
      ["/map/ann", { as: "ann" }],
      ["/map", written("ann")],
    ] as const) {
      const answer = await api.ask(path, asked);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("connection"), "close");
    }
    for (const path of ["/nothing", "/map/"])
      assert.equal((await api.ask(path, { undocumented: true })).headers.get("connection"), "close");
    endDraining();
    await stopped;
    await assert.rejects(fetch(`${api.url}/heartbeat`));
  });

  it("answers what began before it drained, and waits for no connection that is idle after that", async () => {
    assert.equal((await api.ask("/map", written("bob"))).status, 200);
    mongo.pause();
    const inFlight = api.ask("/map", written("bob"));
    await sleep(100);
    const stopped = api.stop();
    endDraining();
    await sleep(100);
    const since = performance.now();
    mongo.resume();
    const answer = await inFlight;
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("connection"), "close");
    await stopped;
    assert.ok(performance.now() - since < 5_000);
  });

  it("ends though a client neither asks nor goes", async () => {
    const silent = connect(Number(new URL(api.url).port), "127.0.0.1");
    await once(silent, "connect");
    const closed = once(silent, "close");
    silent.on("error", () => undefined);
    endDraining();
    await api.stop();
    await closed;
  });

  it("stops once, however often it is told", async () => {
    endDraining();
    await Promise.all([api.stop(), api.stop()]);
    assert.equal(api.lines().filter(({ message }) => message === "stopped").length, 1);
  });

  it("does not start on a port that is taken, and leaves nothing open", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const environment = { ...readEnvironment(place.variables), PORT: port };
    await assert.rejects(startServer(environment), { code: "EADDRINUSE" });
    other.close();
  });
});
