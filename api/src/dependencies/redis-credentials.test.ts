import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { eventually } from "../../test/eventually.ts";
import type { Dependency } from "./dependency.ts";
import { createRedis, type RedisClient, type RedisOptions } from "./redis.ts";

/** Speaks as much of Redis's protocol as a client needs to sign in, and keeps what it was told. */
async function startSignInServer() {
  const commands: { readonly connection: number; readonly words: readonly string[] }[] = [];
  const sockets: Socket[] = [];
  let refuse = false;
  const answer = (words: readonly string[]): string => {
    if (words[0] === "AUTH" && refuse) return "-WRONGPASS invalid username-password pair or user is disabled.\r\n";
    if (words[0] === "SET") return "-READONLY You can't write against a read only replica.\r\n";
    if (words[0] === "HELLO") return "%1\r\n$5\r\nproto\r\n:3\r\n";
    if (words[0] === "GET") return "$5\r\nvalue\r\n";
    return words[0] === "PING" ? "+PONG\r\n" : "+OK\r\n";
  };
  const server = createServer((socket) => {
    const connection = sockets.push(socket);
    let text = "";
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      for (let read = firstCommand(text); read !== undefined; read = firstCommand(text)) {
        text = text.slice(read.length);
        commands.push({ connection, words: read.words });
        socket.write(answer(read.words));
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const signIns = () =>
    commands.flatMap(({ connection, words }) => {
      const at = words.indexOf("AUTH");
      return at === -1 ? [] : [{ connection, user: words[at + 1], token: words[at + 2] ?? "" }];
    });
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    signIns,
    commands,
    refuse(next: boolean) {
      refuse = next;
    },
    cut: () => sockets.at(-1)?.destroy(),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** An array of bulk strings: how every command is sent. */
function firstCommand(text: string): { readonly words: readonly string[]; readonly length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (head === null) return undefined;
  const words: string[] = [];
  let at = head[0].length;
  for (let left = Number(head[1]); left > 0; left--) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at));
    if (size === null) return undefined;
    const begin = at + size[0].length;
    at = begin + Number(size[1]) + 2;
    if (text.length < at) return undefined;
    words.push(text.slice(begin, at - 2));
  }
  return { words, length: at };
}

describe("signing in to ElastiCache by IAM", () => {
  let server: Awaited<ReturnType<typeof startSignInServer>>;
  let redis: Dependency<RedisClient>;
  let lines: string[];
  beforeEach(async () => {
    server = await startSignInServer();
    lines = [];
  });
  afterEach(async () => {
    await redis.close();
    server.close();
  });

  const say = (...said: unknown[]) => lines.push(String(said[1]));
  const create = (options: Partial<RedisOptions> = {}) =>
    createRedis({
      url: server.url,
      identity: { region: "us-east-1", replicationGroupId: "cache", userId: "cache-api" },
      credentials: () => Promise.resolve({ accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" }),
      log: { info: say, warn: say },
      ...options,
    });

  it("signs in with a token as the connection opens", async () => {
    redis = create();
    await redis.warm();
    assert.equal(redis.report().state, "up");
    const [first, ...more] = server.signIns();
    assert.deepEqual(more, []);
    assert.equal(first?.user, "cache-api");
    assert.ok(server.commands.some(({ words }) => words[0] === "HELLO" && words[1] === "3"));
    assert.match(first.token, /^cache\/\?Action=connect&User=cache-api&.*X-Amz-Expires=900/);
  });

  it("renews the token on the open connection, and after a refusal tries again without losing it", async () => {
    redis = create({ renewal: { everyMs: 30, retryMs: 30 } });
    await redis.warm();
    await eventually("it has renewed three times", () => server.signIns().length > 3);
    assert.deepEqual(new Set(server.signIns().map(({ connection }) => connection)), new Set([1]));
    server.refuse(true);
    await eventually("the refusal is logged", () => lines.length > 0);
    const refused = server.signIns().length;
    server.refuse(false);
    assert.match(lines[0] ?? "", /was not renewed/);
    await eventually("it has tried again", () => server.signIns().length > refused);
    const value = await redis.call(
      { signal: new AbortController().signal, span: undefined },
      { operation: "get" },
      (client) => client.get("key"),
    );
    assert.equal(value, "value");
  });

  it("signs in anew on a new connection, and renews there alone", async () => {
    redis = create({ renewal: { everyMs: 50, retryMs: 50 } });
    await redis.warm();
    server.cut();
    await eventually(
      "it has renewed on the second connection",
      () => server.signIns().filter((one) => one.connection === 2).length > 2,
    );
    const before = server.signIns().length;
    await eventually("and again", () => server.signIns().length > before);
    assert.ok(
      server
        .signIns()
        .slice(before)
        .every(({ connection }) => connection === 2),
    );
  });

  it("waits for credentials that cannot be had yet, and is down meanwhile", async () => {
    let missing = true;
    redis = create({
      warmMs: 50,
      probe: { intervalMs: 50 },
      credentials: () =>
        missing
          ? Promise.reject(new Error("no role"))
          : Promise.resolve({ accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" }),
    });
    await redis.warm();
    assert.equal(redis.report().state, "down");
    missing = false;
    await eventually("it is up", () => redis.report().state === "up");
  });

  it("connects anew where the server has become a replica", async () => {
    redis = create();
    await redis.warm();
    const set = redis.call({ signal: new AbortController().signal, span: undefined }, { operation: "set" }, (client) =>
      client.set("key", "value"),
    );
    await assert.rejects(set, { reason: "connection" });
    await eventually("it has signed in twice", () => server.signIns().some(({ connection }) => connection === 2));
  });
});
