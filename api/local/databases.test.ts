import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";
import { createClient } from "redis";
import { eventually } from "../test/eventually.ts";
import { isListening } from "./listening.ts";
import { type RunningDatabase, startMongo, startRedis } from "./databases.ts";
import { DatabaseUnavailableError } from "./unavailable.ts";

const redisClient = (url: string) =>
  createClient({ url, RESP: 3, disableOfflineQueue: true, socket: { reconnectStrategy: false } }).on("error", () => {
    // Told by the call that fails.
  });

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "databases-test-"));
});
afterEach(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** Puts a program of Node into a folder of its own, and gives that folder. */
function installed(name: string, source: string): string {
  const folder = join(scratch, `bin-${name}`);
  mkdirSync(folder);
  const file = join(folder, name);
  writeFileSync(file, `#!${process.execPath}\n${source}`);
  chmodSync(file, 0o755);
  return folder;
}

describe("a MongoDB for tests and local work", () => {
  let mongo: RunningDatabase;
  let client: MongoClient;
  const maps = () => client.db("test").collection<{ _id: string; n: number }>("maps");
  const count = () =>
    maps().findOneAndUpdate({ _id: "a" }, { $inc: { n: 1 } }, { upsert: true, returnDocument: "after" });

  beforeEach(async () => {
    mongo = await startMongo();
    client = new MongoClient(mongo.url, { serverSelectionTimeoutMS: 500, appName: "test" });
  });
  afterEach(async () => {
    await client.close();
    await mongo.stop();
  });

  it("writes, reads, and keeps what it has when it is killed and started again on its port", async () => {
    assert.deepEqual(await count(), { _id: "a", n: 1 });
    await mongo.kill();
    await assert.rejects(count());
    assert.equal(await isListening(mongo.port), false);
    await mongo.restart();
    assert.deepEqual(await count(), { _id: "a", n: 2 });
    // One that runs as well.
    await mongo.restart();
    assert.deepEqual(await maps().findOne({ _id: "a" }), { _id: "a", n: 2 });
  });

  it("answers nothing while it is paused, and then goes on", async () => {
    await count();
    mongo.pause();
    await assert.rejects(maps().findOne({ _id: "a" }, { signal: AbortSignal.timeout(100) }));
    assert.equal(await isListening(mongo.port), true);
    mongo.resume();
    assert.deepEqual(await count(), { _id: "a", n: 2 });
  });
});

describe("a Redis for tests and local work", () => {
  let redis: RunningDatabase;
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await redis.stop();
  });

  it("writes, reads, and forgets what has expired", async () => {
    const client = await redisClient(redis.url).connect();
    try {
      await client.set("kept", "1");
      await client.set("short", "1", { expiration: { type: "PX", value: 50 } });
      assert.ok((await client.pTTL("short")) <= 50);
      await eventually("it is gone", async () => (await client.get("short")) === null);
      assert.equal(await client.get("kept"), "1");
    } finally {
      await client.close();
    }
  });

  it("answers nothing while it is paused, dies when it is killed, and is back on its port", async () => {
    const client = await redisClient(redis.url).connect();
    redis.pause();
    const answer = client.ping();
    assert.equal(await Promise.race([answer, sleep(100, "nothing")]), "nothing");
    redis.resume();
    assert.equal(await answer, "PONG");
    await redis.kill();
    await assert.rejects(client.ping());
    client.destroy();
    await redis.restart();
    const again = await redisClient(redis.url).connect();
    assert.equal(await again.ping(), "PONG");
    await again.close();
  });

  it("runs beside others that start at the same moment", async () => {
    const others = await Promise.all([startRedis(), startRedis(), startMongo()]);
    const ports = [redis, ...others].map(({ port }) => port);
    assert.equal(new Set(ports).size, ports.length);
    assert.deepEqual(await Promise.all(ports.map(isListening)), [true, true, true, true]);
    // A paused process is stopped as well.
    others[0].pause();
    await Promise.all(others.map((database) => database.stop()));
    assert.deepEqual(await Promise.all(ports.map(isListening)), [true, false, false, false]);
  });
});

describe("databases whose parent is killed", () => {
  it("end, a paused one too, and leave no data", async () => {
    const module = join(import.meta.dirname, "databases.ts");
    const parent = spawn(
      process.execPath,
      [
        "--input-type=module",
        "--eval",
        `import { startMongo, startRedis } from ${JSON.stringify(module)};
         const started = await Promise.all([startMongo(), startRedis()]);
         started[0].pause();
         console.log(JSON.stringify(started.map(({ port }) => port)));`,
      ],
      { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, TMPDIR: scratch } },
    );
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const ports = JSON.parse(line.toString()) as number[];
    assert.equal(readdirSync(scratch).length, 2);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    for (const port of ports) await eventually(`${port} is free`, async () => !(await isListening(port)));
    await eventually("no data is left", () => readdirSync(scratch).length === 0);
  });
});

/** Listens as Redis does: on --port, with its line. The second argument is done before that. */
const standIn = (line: string, first = "") => `
const at = (name) => process.argv[process.argv.indexOf(name) + 1];
${first}
require("node:net").createServer().listen(Number(at("--port")), "127.0.0.1", () => console.log(${JSON.stringify(line)}));`;

describe("what serves", () => {
  const nothing = () => ({ path: "", downloads: [], cache: join(scratch, "cache") });

  it("is what stands on the PATH, before anything else", async () => {
    const path = [installed("mongod", standIn("Waiting for connections")), join(scratch, "none")].join(":");
    const mongo = await startMongo({ places: { path } });
    assert.equal(mongo.kind, "mongod");
    assert.equal(await isListening(mongo.port), true);
    await mongo.stop();
  });

  it("is the newest that mongodb-memory-server has downloaded, where none is on the PATH", async () => {
    const source = (version: string) =>
      `#!${process.execPath}\n${standIn("Waiting for connections", `if (${JSON.stringify(version)} !== "10.0.2") process.exit(9);`)}`;
    for (const version of ["8.2.1", "10.0.2", "7.0.14"])
      writeFileSync(join(scratch, `mongod-x64-ubuntu-${version}`), source(version), { mode: 0o755 });
    writeFileSync(join(scratch, "mongod-x64-ubuntu-11.0.0"), "a download that has not ended", { mode: 0o644 });
    writeFileSync(join(scratch, "mongod-x64-ubuntu-10.0.2.lock"), "", { mode: 0o755 });
    const mongo = await startMongo({ places: { ...nothing(), downloads: [join(scratch, "none"), scratch] } });
    assert.equal(mongo.kind, "mongodb-memory-server");
    await mongo.stop();
  });

  it("takes another port where somebody was faster", async () => {
    const taken = join(scratch, "taken");
    const first = `const fs = require("node:fs");
      if (!fs.existsSync(${JSON.stringify(taken)})) {
        fs.writeFileSync(${JSON.stringify(taken)}, at("--port"));
        console.log("Warning: Could not create server TCP listening socket: bind: Address already in use");
        process.exit(1);
      }`;
    const redis = await startRedis({
      places: { path: installed("redis-server", standIn("Ready to accept connections tcp", first)) },
    });
    assert.equal(redis.kind, "redis-server");
    await redis.stop();
  });

  const failures: readonly (readonly [what: string, source: string, milliseconds: number, message: RegExp])[] = [
    ["ends", "console.error('no disk'); process.exit(3);", 60_000, /redis-server ended with exit code 3:\nno disk$/],
    ["is never ready", "setInterval(() => {}, 1000);", 500, /redis-server was not ready after 0\.5 s$/],
  ];
  for (const [what, source, milliseconds, message] of failures)
    it(`is an error where it ${what}`, async () => {
      await assert.rejects(
        startRedis({ places: { path: installed("redis-server", source) }, readyMilliseconds: milliseconds }),
        (error) => error instanceof DatabaseUnavailableError && message.test(error.message),
      );
    });

  const missing = [
    ["MongoDB", startMongo, /^MongoDB: no mongod on the PATH, .*Install MongoDB \(https:.*\) or Go 1\.24/],
    ["Redis", startRedis, /^Redis: no redis-server on the PATH, .*Install Redis \(https:.*\) or Go 1\.24/],
  ] as const;
  for (const [name, start, message] of missing)
    it(`is one error that says what to install, without a server and without Go: ${name}`, async () => {
      await assert.rejects(
        start({ places: nothing() }),
        (error) => error instanceof DatabaseUnavailableError && message.test(error.message),
      );
    });
});
