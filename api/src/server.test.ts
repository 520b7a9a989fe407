import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import { contract, readEnvironment } from "./environment.ts";
import { startServer, type RunningServer } from "./server.ts";

const environment = readEnvironment(
  {
    ENVIRONMENT: "staging",
    VERSION: "1.4.0",
    COMMIT: "0123abc",
    HOST: "127.0.0.1",
    PORT: "0",
  },
  [],
);

describe("the API", () => {
  let server: RunningServer;
  let endDraining: () => void;
  const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);

  beforeEach(async () => {
    const draining = new Promise<void>((resolve) => {
      endDraining = resolve;
    });
    server = await startServer(environment, { uptime: () => 61.9, drained: () => draining });
  });
  afterEach(async () => {
    endDraining();
    await server.stop();
  });

  it("answers GET /heartbeat with what runs, and since when", async () => {
    const response = await ask("/heartbeat");
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), {
      status: "alive",
      version: "1.4.0",
      commit: "0123abc",
      environment: "staging",
      uptimeSeconds: 61,
    });
  });

  it("lets nothing between it and a monitor keep an answer, and does not say what it is built with", async () => {
    const { headers } = await ask("/heartbeat");
    assert.equal(headers.get("cache-control"), "no-store");
    assert.match(headers.get("content-type") ?? "", /^application\/json/);
    assert.equal(headers.get("x-powered-by"), null);
    assert.equal(headers.get("etag"), null);
  });

  it("is live and ready once it listens", async () => {
    assert.equal((await ask(contract.paths.live)).status, 200);
    assert.deepEqual(await (await ask(contract.paths.ready)).json(), { status: "ready" });
  });

  for (const [method, path] of [
    ["GET", "/nothing"],
    ["POST", "/heartbeat"],
    ["GET", "/health/readyy"],
  ] as const) {
    it(`answers ${method} ${path} with a problem document`, async () => {
      const response = await ask(path, { method });
      assert.equal(response.status, 404);
      assert.match(response.headers.get("content-type") ?? "", /^application\/problem\+json/);
      assert.deepEqual(await response.json(), {
        status: 404,
        title: "Not Found",
        detail: "There is no such resource.",
      });
    });
  }

  it("answers a path that is none with 400, and no stack trace", async () => {
    const response = await ask("/%E0%A4%A");
    const body = await response.text();
    assert.ok(response.status >= 400 && response.status < 500, String(response.status));
    assert.doesNotMatch(body, /at .*\.ts|node_modules|Error/);
  });

  it("still serves while it drains, is not ready, and closes connections", async () => {
    const stopped = server.stop();
    const ready = await ask(contract.paths.ready);
    assert.equal(ready.status, 503);
    assert.deepEqual(await ready.json(), { status: "draining" });
    const heartbeat = await ask("/heartbeat");
    assert.equal(heartbeat.status, 200);
    assert.equal(heartbeat.headers.get("connection"), "close");
    assert.equal((await ask(contract.paths.live)).status, 200);
    endDraining();
    await stopped;
    await assert.rejects(ask("/heartbeat"));
  });

  it("stops once, however often it is told", async () => {
    endDraining();
    await Promise.all([server.stop(), server.stop()]);
  });

  it("does not start on a port that is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    assert.ok(address !== null && typeof address === "object");
    await assert.rejects(startServer({ ...environment, PORT: address.port }), { code: "EADDRINUSE" });
    other.close();
  });
});
