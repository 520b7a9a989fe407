import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { type RunningDatabase, startMongo, startRedis } from "../local/databases.ts";
import type { OpenApiDocument } from "../src/documentation/openapi-types.ts";
import { type ApiProcess, type ListeningApi, startApiProcess } from "./api-process.ts";
import { badInput, type BadInput, brokenBytes } from "./bad-inputs.ts";
import { checkedFetch } from "./client.ts";
import { createPlace, type Place } from "./place.ts";
import { sendRaw, statusesOf } from "./raw.ts";

/** 200 times 10 over HTTP, and 30 times 10 over bare sockets. */
const together = 10;
const rounds = { http: 200, sockets: 30 } as const;
/** An input that is answered with 503 as often as this is what causes it. */
const mostTimes = 25;
/** What caches may keep; two thousand requests of a leak of 16 KiB each would be twice as much. */
const mostGrowthBytes = 16 * 1_048_576;

describe("bad inputs", () => {
  let mongo: RunningDatabase;
  let redis: RunningDatabase;
  let place: Place;
  let api: ApiProcess;
  let server: ListeningApi;
  let token: string;
  let patterns: readonly { readonly methods: readonly string[]; readonly pattern: RegExp }[];

  before(async () => {
    [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
    place = await createPlace({ mongo, redis });
    api = startApiProcess(place, {
      preloads: [join(import.meta.dirname, "memory.ts")],
      // Its uploads are signed for a bucket that nobody has.
      variables: {
        MEDIA_BUCKET: "media-test",
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
        AWS_SECRET_ACCESS_KEY: "a key of nobody",
      },
    });
    server = await api.listening();
    token = await place.token("ann");
    const { paths } = (await (await server.ask("/openapi.json")).json()) as OpenApiDocument;
    patterns = Object.entries(paths).map(([path, item]) => ({
      methods: Object.keys(item).map((method) => method.toUpperCase()),
      pattern: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
    }));
  });
  after(async () => {
    await api.kill();
    await Promise.all([mongo.stop(), redis.stop(), place.remove()]);
  });

  /** As a server sees it: with what the URL standard makes of the path. */
  function isDocumented({ method, path }: BadInput): boolean {
    const { pathname } = new URL(path, server.url);
    const asked = method === "HEAD" ? "GET" : method;
    return patterns.some(({ methods, pattern }) => methods.includes(asked) && pattern.test(pathname));
  }

  async function refuse(input: BadInput, times = 1): Promise<void> {
    const { method, headers, body } = input;
    const answer = await checkedFetch(server.url, input.path, {
      method,
      headers,
      ...(body !== undefined && { body }),
      undocumented: !isDocumented(input),
    });
    if (answer.status === 503 && times < mostTimes) {
      // A busy machine sheds what it cannot do in time, and lets a deadline of a database pass; the same comes again.
      await answer.body?.cancel();
      await sleep(200);
      await refuse(input, times + 1);
      return;
    }
    const text = await answer.text();
    assert.ok(answer.status < 500, `${answer.status} ${text}`);
    assert.doesNotMatch(text, /node_modules|\n {4}at |MongoServerError|BSONError|SyntaxError|\bTypeError/);
  }

  async function heapBytes(): Promise<number> {
    const told = once(api.child, "message");
    api.child.send("memory");
    return ((await told) as [number])[0];
  }

  it(`never make it fail, exit, or grow: ${rounds.http * together} over all routes`, async () => {
    const batch = fc.array(badInput(token), { minLength: together, maxLength: together });
    const inBatches = fc.asyncProperty(batch, async (inputs) => {
      await Promise.all(inputs.map((input) => refuse(input)));
    });
    await fc.assert(inBatches, { numRuns: rounds.http / 10, includeErrorInReport: true });
    const before = await heapBytes();
    await fc.assert(inBatches, { numRuns: rounds.http, includeErrorInReport: true });
    const growth = (await heapBytes()) - before;
    assert.ok(growth < mostGrowthBytes, `the heap has grown by ${growth} bytes`);
    assert.equal(api.child.exitCode, null);
  });

  it(`that are no HTTP never make it fail or exit: ${rounds.sockets * together} over bare sockets`, async () => {
    const batch = fc.array(brokenBytes, { minLength: together, maxLength: together });
    await fc.assert(
      fc.asyncProperty(batch, async (all) => {
        const answers = await Promise.all(all.map((bytes) => sendRaw(server.url, Buffer.from(bytes, "latin1"), 300)));
        for (const answer of answers) for (const status of statusesOf(answer)) assert.ok(status < 500, answer);
      }),
      { numRuns: rounds.sockets, examples: [[["GET http://[::1 HTTP/1.1\r\nHost: a\r\n\r\n"]]] },
    );
    assert.equal(api.child.exitCode, null);
    const still = await server.ask("/map", { as: "ann", method: "POST", body: { userId: "ann", practiceData: {} } });
    assert.equal(still.status, 200, await still.text());
  });

  it("leave no line of an error", async () => {
    const failed = api.lines().filter(({ level }) => level === "error" || level === "fatal");
    assert.deepEqual(failed, []);
    assert.equal((await server.ask("/health/ready")).status, 200);
  });
});
