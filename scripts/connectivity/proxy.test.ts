import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Clock } from "./clock.ts";
import type { Profile } from "./profiles.ts";
import { type Proxy, startProxy } from "./proxy.ts";

const fast: Profile = {
  latencyMilliseconds: 0,
  jitterMilliseconds: 0,
  downKbitPerSecond: 10_000_000,
  upKbitPerSecond: 10_000_000,
  lossRate: 0,
  resetRate: 0,
  thresholds: { successPercent: 99.5, medianMilliseconds: 200 },
};

/** Time that passes only as far as somebody waits for it: the sockets are real, and their work takes none. */
function waitedTime(): Clock {
  let now = 0;
  return {
    now: () => now,
    after: (milliseconds, run) => {
      const due = now + milliseconds;
      const soon = setImmediate(() => {
        now = Math.max(now, due);
        run();
      });
      return () => clearImmediate(soon);
    },
  };
}

describe("the proxy", () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function serve(onConnection: (socket: Socket) => void): Promise<Server> {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("error", () => socket.destroy());
      onConnection(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    return server;
  }

  async function proxyTo(server: Server | number, over: Partial<Profile> = {}, clock?: Clock): Promise<Proxy> {
    const port = typeof server === "number" ? server : (server.address() as AddressInfo).port;
    const proxy = await startProxy({
      target: { host: "127.0.0.1", port },
      profile: { ...fast, ...over },
      seed: 1,
      ...(clock !== undefined && { clock }),
    });
    closing.unshift(() => proxy.close());
    return proxy;
  }

  /** Everything that comes back for this. */
  async function ask(proxy: Proxy, bytes: Buffer | string): Promise<Buffer> {
    const socket = connect({ port: proxy.port, host: "127.0.0.1" });
    socket.end(bytes);
    return buffer(socket);
  }

  const echo = (): Promise<Server> => serve((socket) => socket.pipe(socket));

  it("changes no byte, there and back, and counts them", async () => {
    const proxy = await proxyTo(await echo());
    const sent = randomBytes(2_000_000);
    const received = await ask(proxy, sent);
    const digest = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
    assert.equal(digest(received), digest(sent));
    const { bytesUp, bytesDown, connections, lostSegments, resets } = proxy.traffic;
    assert.deepEqual(
      { bytesUp, bytesDown, connections, lostSegments, resets },
      { bytesUp: sent.length, bytesDown: sent.length, connections: 1, lostSegments: 0, resets: 0 },
    );
  });

  it("changes no byte where segments are lost", async () => {
    const proxy = await proxyTo(await echo(), { lossRate: 0.2 }, waitedTime());
    const sent = randomBytes(50_000);
    assert.ok((await ask(proxy, sent)).equals(sent));
    assert.ok(proxy.traffic.lostSegments > 0);
  });

  it("takes a round trip to open a connection, and another for a question and its answer", async () => {
    const clock = waitedTime();
    const proxy = await proxyTo(await echo(), { latencyMilliseconds: 50 }, clock);
    const socket = connect({ port: proxy.port, host: "127.0.0.1" });
    socket.write("a");
    await once(socket, "data");
    // Up to a millisecond more each way: timers count whole ones.
    assert.ok(clock.now() >= 200 && clock.now() <= 202, `${clock.now()} ms`);
    socket.destroy();
  });

  it("takes that long in real time, too", async () => {
    const proxy = await proxyTo(await echo(), { latencyMilliseconds: 20 });
    const started = performance.now();
    assert.equal((await ask(proxy, "a")).toString(), "a");
    assert.ok(performance.now() - started >= 78);
  });

  it("caps the bandwidth, which connections share", async () => {
    const clock = waitedTime();
    const proxy = await proxyTo(await echo(), { downKbitPerSecond: 800 }, clock);
    const answers = await Promise.all([ask(proxy, Buffer.alloc(30_000)), ask(proxy, Buffer.alloc(20_000))]);
    assert.deepEqual(
      answers.map(({ length }) => length),
      [30_000, 20_000],
    );
    // 50,000 bytes at 100 bytes per millisecond.
    assert.ok(clock.now() >= 500, `${clock.now()} ms`);
  });

  it("holds a fast sender back", async () => {
    let written = 0;
    const server = await serve((socket) => {
      const more = (): void => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536))) written += 65_536;
      };
      socket.on("drain", more);
      more();
    });
    const proxy = await proxyTo(server, { downKbitPerSecond: 80 });
    const socket = connect({ port: proxy.port, host: "127.0.0.1" });
    await once(socket, "data");
    assert.ok(proxy.traffic.bytesDown < 1_000_000, `${proxy.traffic.bytesDown} of ${written} bytes`);
    socket.destroy();
  });

  it("resets a connection where the profile says so, and says that it did", async () => {
    const proxy = await proxyTo(await echo(), { resetRate: 1 });
    const socket = connect({ port: proxy.port, host: "127.0.0.1" });
    await once(socket, "connect");
    const { localPort } = socket;
    socket.write("a");
    const [error] = (await once(socket, "error").catch((reason: unknown) => [reason])) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNRESET");
    assert.deepEqual(proxy.endingOf(localPort!), { by: "profile" });
    assert.equal(proxy.traffic.resets, 1);
  });

  it("carries a reset of the server", async () => {
    const accepted: Socket[] = [];
    const server = await serve((socket) => {
      accepted.push(socket);
      socket.once("data", () => socket.write("half"));
    });
    const proxy = await proxyTo(server, { latencyMilliseconds: 5 });
    const socket = connect({ port: proxy.port, host: "127.0.0.1" });
    socket.write("a");
    const [received] = (await once(socket, "data")) as [Buffer];
    accepted[0]?.resetAndDestroy();
    const code = await new Promise((resolve) => {
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    assert.deepEqual([received.toString(), code], ["half", "ECONNRESET"]);
    assert.equal(proxy.traffic.resets, 0);
  });

  it("says why there is no connection to the server", async () => {
    const server = await echo();
    const { port } = server.address() as AddressInfo;
    await closing.pop()?.();
    const proxy = await proxyTo(port);
    const socket = connect({ port: proxy.port, host: "127.0.0.1" });
    await once(socket, "connect");
    const { localPort } = socket;
    await new Promise((resolve) => socket.on("error", resolve));
    assert.deepEqual(proxy.endingOf(localPort!), { by: "server", code: "ECONNREFUSED" });
  });

  it("closes with connections open", async () => {
    const proxy = await proxyTo(await serve(() => undefined), { latencyMilliseconds: 10_000 });
    const socket = connect({ port: proxy.port, host: "127.0.0.1" });
    socket.on("error", () => undefined);
    await once(socket, "connect");
    const closed = once(socket, "close");
    await proxy.close();
    closing.shift();
    socket.resume();
    await closed;
  });
});
