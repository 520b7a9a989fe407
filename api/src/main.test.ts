import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningDatabase, startMongo, startRedis } from "../local/databases.ts";
import { type ApiProcess, type ApiProcessOptions, startApiProcess } from "../test/api-process.ts";
import { askerOf } from "../test/ask.ts";
import { eventually } from "../test/eventually.ts";
import { createPlace, type Place } from "../test/place.ts";
import { contract } from "./environment.ts";

interface Readiness {
  readonly status: string;
  readonly lost: readonly string[];
}

describe("the API's process", () => {
  let mongo: RunningDatabase;
  let redis: RunningDatabase;
  let place: Place;
  const databases: RunningDatabase[] = [];
  const processes: ApiProcess[] = [];
  let outcomes: readonly Promise<void>[];
  const start = (options: ApiProcessOptions = {}): ApiProcess => {
    const api = startApiProcess(place, options);
    processes.push(api);
    return api;
  };

  before(async () => {
    [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
    databases.push(mongo, redis);
    place = await createPlace({ mongo, redis });
    // They wait for seconds, while the other tests go on.
    outcomes = [startsWithoutDatabases(), stopsWhileItWaits()];
    for (const outcome of outcomes) outcome.catch(() => undefined);
  });
  after(async () => {
    await Promise.all(processes.map((api) => api.kill()));
    await Promise.all([...databases.map((database) => database.stop()), place.remove()]);
  });

  const written = (userId: string) =>
    ({ as: userId, method: "POST", body: { userId, practiceData: { a: 1 } } }) as const;

  it("answers what is in flight when it is told to stop, writes its last lines, and exits 0", async () => {
    const api = start();
    const { url, ask } = await api.listening();
    assert.equal((await ask("/map", written("ann"))).status, 200);
    const started = performance.now();
    mongo.pause();
    const inFlight = Array.from({ length: 10 }, (_, i) => ask("/map", written(`user-${i}`)));
    const upload = new TransformStream<Uint8Array, Uint8Array>();
    const writer = upload.writable.getWriter();
    void writer.write(Buffer.from('{"userId":"slow","practiceData":'));
    const slow = ask("/map", {
      as: "slow",
      method: "POST",
      body: upload.readable,
      headers: { "Content-Type": "application/json" },
      ...halfDuplex,
    });
    await sleep(300);
    api.child.kill("SIGTERM");
    await eventually("it is stopping", () => api.lines().find(({ message }) => message === "stopping"));
    mongo.resume();
    await writer.write(Buffer.from("{}}"));
    await writer.close();
    for (const answer of await Promise.all([...inFlight, slow])) assert.equal(answer.status, 200, await answer.text());
    assert.equal(await api.ended, 0);
    assert.ok(performance.now() - started < contract.stopTimeoutSeconds * 1000);
    await assert.rejects(fetch(`${url}/heartbeat`));
    const lines = api.lines();
    assert.equal(lines.at(-1)?.message, "stopped");
    const requests = lines.filter(({ message, route }) => message === "request" && route === "/map");
    assert.deepEqual(
      requests.map(({ status }) => status),
      Array<number>(12).fill(200),
    );
    assert.deepEqual(
      lines.filter(({ level }) => level === "error" || level === "fatal"),
      [],
    );
  });

  async function startsWithoutDatabases(): Promise<void> {
    const [ownMongo, ownRedis] = await Promise.all([startMongo(), startRedis()]);
    databases.push(ownMongo, ownRedis);
    await Promise.all([ownMongo.kill(), ownRedis.kill()]);
    const port = await freePort();
    const api = start({
      variables: { PORT: String(port), MONGODB_URI: ownMongo.url, REDIS_URL: ownRedis.url },
    });
    const ask = askerOf(`http://127.0.0.1:${port}`, place);
    const readiness = async () => {
      const answer = await ask("/health/ready");
      return { code: answer.status, ...((await answer.json()) as Readiness) };
    };
    const starting = await eventually("it answers", () => readiness().catch(() => undefined));
    assert.equal(starting.code, 503);
    assert.equal(starting.status, "starting");
    assert.equal((await ask("/health/live")).status, 200);
    await api.listening();
    const { code, status, lost } = await readiness();
    assert.deepEqual(
      { code, status, lost },
      { code: 200, status: "degraded", lost: ["map reads", "map writes and removals", "limits shared by all tasks"] },
    );
    for (const [path, asked, expected] of [
      ["/heartbeat", {}, 200],
      ["/flags", { as: "ann" }, 200],
      ["/map/ann", { as: "ann" }, 503],
      ["/map", written("ann"), 503],
    ] as const) {
      const since = performance.now();
      assert.equal((await ask(path, asked)).status, expected, path);
      assert.ok(performance.now() - since < 7_000, path);
    }
    await Promise.all([ownMongo.restart(), ownRedis.restart()]);
    await eventually("it is ready", async () => {
      const written_ = await ask("/map", written("ann"));
      return written_.status === 200 && (await readiness()).status === "ready" ? true : undefined;
    });
    api.child.kill("SIGTERM");
    assert.equal(await api.ended, 0);
  }

  async function stopsWhileItWaits(): Promise<void> {
    const port = await freePort();
    const api = start({ variables: { PORT: String(port), MONGODB_URI: "mongodb://127.0.0.1:9" } });
    const url = `http://127.0.0.1:${port}`;
    await eventually("it answers", () => fetch(`${url}/health/live`).catch(() => undefined));
    api.child.kill("SIGTERM");
    assert.equal(await api.ended, 0);
    assert.equal(api.lines().at(-1)?.message, "stopped");
  }

  it("says what was thrown where nothing caught it, answers what is in flight, and exits 1", async () => {
    const api = start({ preloads: [join(import.meta.dirname, "../test/crash.ts")] });
    const { ask } = await api.listening();
    await ask("/heartbeat");
    mongo.pause();
    const inFlight = ask("/map", written("ann"));
    await sleep(200);
    api.child.send("nobody caught redis://u:hunter22@cache");
    await eventually("it says so", () => api.lines().find(({ level }) => level === "fatal"));
    mongo.resume();
    const answer = await inFlight;
    assert.equal(answer.status, 200);
    assert.doesNotMatch(await answer.text(), /crash\.ts|nobody/);
    assert.equal(await api.ended, 1);
    const fatal = api.lines().filter(({ level }) => level === "fatal");
    assert.equal(fatal.length, 1);
    assert.equal((fatal[0]?.["error"] as { message: string }).message, "nobody caught redis://***@cache");
    assert.doesNotMatch(api.text(), /hunter22/);
    // Lines of the log, and nothing that the engine printed by itself.
    assert.equal(api.lines().at(-1)?.message, "stopped");
  });

  it("exits 1 and names every variable that is wrong, in lines without a stack trace", async () => {
    const api = start({ variables: { PORT: "x", COMMIT: "y", MONGODB_URL: "mongodb://u:hunter22@h" } });
    assert.equal(await api.ended, 1);
    assert.deepEqual(
      api.lines().map(({ level, message }) => [level, message.split(":")[0]]),
      [
        ["fatal", "COMMIT"],
        ["fatal", "PORT"],
        ["fatal", "MONGODB_URL"],
      ],
    );
    assert.doesNotMatch(api.text(), /hunter22| at /);
  });

  it("exits 1 and says so in one line where its port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const api = start({ variables: { PORT: String(port) } });
    assert.equal(await api.ended, 1);
    other.close();
    const fatal = api.lines().filter(({ level }) => level === "fatal");
    assert.equal(fatal.length, 1);
    assert.match(fatal[0]?.message ?? "", new RegExp(`^cannot start: .*EADDRINUSE.*:${port}$`));
  });

  it("starts while both databases are down, says so, and works once they are back", () => outcomes[0]);
  it("stops in order while it waits for its databases, too", () => outcomes[1]);
});

/** What fetch wants for a body that is a stream. */
const halfDuplex = { duplex: "half" } as const;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
