import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningDatabase, startMongo, startRedis } from "../local/databases.ts";
import type { OpenApiDocument } from "../src/documentation/openapi-types.ts";
import type { Asked } from "./ask.ts";
import { createPlace, type Place, unlimited } from "./place.ts";
import { problemOf } from "./problems.ts";
import { createReached, type Reached } from "./reached.ts";
import { type RunningApi, startApi } from "./running-api.ts";

const uploads = { MEDIA_BUCKET: "media-test", AWS_REGION: "us-east-1" } as const;
/** The SDK finds them where it looks first; S3 itself is not asked. */
const signer = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "a key of nobody" } as const;

const picture = { purpose: "profile", contentType: "image/png", size: 1_024 } as const;
const update = (userId: string, practiceData: unknown = { scales: { level: 1 } }) => ({ userId, practiceData });

/** One request of each route that its limit counts. */
const limited: readonly (readonly [path: string, asked?: Asked])[] = [
  ["/openapi.json"],
  ["/docs"],
  ["/docs/start.js"],
  ["/docs/bundle.js"],
  ["/docs/page.css"],
  ["/problems/internal"],
  ["/flags", { as: "ann" }],
  ["/map/ann", { as: "ann" }],
  ["/map/ann", { as: "ann", method: "DELETE" }],
  ["/map", { as: "ann", method: "POST", body: update("ann") }],
  ["/media/uploads", { as: "ann", method: "POST", body: picture }],
];
const forCallers = limited.filter(([, asked]) => asked !== undefined);
const writing = limited.filter(([, asked]) => asked?.method !== undefined);
const documents = limited.filter(([, asked]) => asked === undefined);

/** A body of which only the beginning ever comes. */
const unfinished = () =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(Buffer.from('{"userId":'));
    },
  });

describe("each route, with each of its answers", () => {
  let mongo: RunningDatabase;
  let redis: RunningDatabase;
  let place: Place;
  let api: RunningApi;
  let reached: Reached;
  let late: Promise<readonly Response[]>;
  const before_ = { ...process.env };

  /** Asks, and notes the answer. */
  async function ask(path: string, asked: Asked = {}, of: RunningApi = api): Promise<Response> {
    const response = await of.ask(path, asked);
    await reached.note(asked.method ?? "GET", path, response);
    return response;
  }

  /** Another server with its own configuration or variables, for as long as the work takes. */
  async function withServer(
    variables: Readonly<Record<string, string>>,
    work: (other: RunningApi) => Promise<void>,
    of: Place = place,
  ): Promise<void> {
    const other = await startApi(of, { variables });
    try {
      await work(other);
    } finally {
      await other.stop();
    }
  }

  before(async () => {
    Object.assign(process.env, signer);
    [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
    place = await createPlace({
      mongo,
      redis,
      config: { ...unlimited, flags: { "new-editor": { enabled: true }, "audio-notes": { enabled: false } } },
    });
    api = await startApi(place, { variables: uploads });
    reached = createReached((await (await api.ask("/openapi.json")).json()) as OpenApiDocument);
    // They take ten seconds, while the other tests go on.
    late = Promise.all(
      (["/map", "/media/uploads"] as const).map((path) =>
        ask(path, { as: "ann", method: "POST", headers: { "Content-Type": "application/json" }, ...streamed() }),
      ),
    );
  });
  after(async () => {
    await api.stop();
    await Promise.all([mongo.stop(), redis.stop(), place.remove()]);
    for (const name of Object.keys(signer)) {
      const value = before_[name];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  it("GET /heartbeat says what runs", async () => {
    const heartbeat = (await (await ask("/heartbeat")).json()) as Readonly<Record<string, unknown>>;
    assert.equal(heartbeat["status"], "alive");
    assert.equal(heartbeat["environment"], "local");
  });

  it("GET /health/live, /health/ready, and /health agree that all is well", async () => {
    assert.deepEqual(await (await ask("/health/live")).json(), { status: "live" });
    const ready = (await (await ask("/health/ready")).json()) as { status: string; lost: string[] };
    assert.equal(ready.status, "ready");
    assert.deepEqual(ready.lost, []);
    const { dependencies } = (await (await ask("/health")).json()) as {
      dependencies: Readonly<Record<"mongodb" | "redis", { state: string; latencyMs: number | null }>>;
    };
    for (const { state, latencyMs } of [dependencies.mongodb, dependencies.redis]) {
      assert.equal(state, "up");
      assert.equal(typeof latencyMs, "number");
    }
  });

  it("POST /map, GET and DELETE /map/{userId} make, change, read, and remove a map", async () => {
    const made = await ask("/map", { as: "ann", method: "POST", body: update("ann", { scales: { level: 1 }, a: 1 }) });
    assert.equal(made.status, 200);
    assert.equal(made.headers.get("etag"), '"1"');
    const { success, data } = (await made.json()) as { success: boolean; data: { practiceData: unknown } };
    assert.equal(success, true);
    assert.deepEqual(data.practiceData, { scales: { level: 1 }, a: 1 });
    const changed = await ask("/map", {
      as: "ann",
      method: "POST",
      body: update("ann", { a: null, b: [true, "ü"] }),
      headers: { "If-Match": '"1"' },
    });
    assert.equal(changed.headers.get("etag"), '"2"');
    const read = await ask("/map/ann", { as: "ann" });
    assert.equal(read.headers.get("etag"), '"2"');
    const { data: now } = (await read.json()) as { data: { practiceData: unknown; version: number } };
    assert.deepEqual(now.practiceData, { scales: { level: 1 }, b: [true, "ü"] });
    assert.equal(now.version, 2);
    assert.equal((await ask("/map/ann", { as: "ann", headers: { "If-None-Match": 'W/"2"' } })).status, 304);
    assert.equal((await ask("/map/ann", { as: "root+admin" })).status, 200);
    await problemOf(
      await ask("/map/ann", { as: "ann", method: "DELETE", headers: { "If-Match": '"1"' } }),
      "version-mismatch",
    );
    assert.equal((await ask("/map/ann", { as: "ann", method: "DELETE" })).status, 204);
    await problemOf(await ask("/map/ann", { as: "ann" }), "not-found");
    assert.equal((await ask("/map/ann", { as: "ann", method: "DELETE" })).status, 204);
  });

  it("POST /media/uploads gives a form for the caller's own folder", async () => {
    const answer = await ask("/media/uploads", { as: "ann", method: "POST", body: picture });
    assert.equal(answer.status, 201);
    const { data } = (await answer.json()) as { data: { key: string; fields: Record<string, string> } };
    assert.match(data.key, /^users\/ann\/profile\/[0-9a-f-]{36}\.png$/);
    assert.equal(data.fields["key"], data.key);
  });

  it("GET /flags names the flags of the configuration, and 304 while they stay", async () => {
    const answer = await ask("/flags", { as: "ann" });
    const { data } = (await answer.json()) as { data: { flags: unknown } };
    assert.deepEqual(data.flags, { "audio-notes": false, "new-editor": true });
    const again = await ask("/flags", { as: "ann", headers: { "If-None-Match": answer.headers.get("etag") ?? "" } });
    assert.equal(again.status, 304);
  });

  for (const [path] of documents) {
    it(`GET ${path} is for everyone${path.startsWith("/problems") ? "" : ", and 304 while it stays"}`, async () => {
      const answer = await ask(path);
      assert.equal(answer.status, 200);
      const etag = answer.headers.get("etag");
      if (etag !== null) assert.equal((await ask(path, { headers: { "If-None-Match": etag } })).status, 304);
    });
  }

  it("refuses whoever has no token, and whoever means another's map", async () => {
    for (const [path, asked] of forCallers) {
      const { as: _, ...nobody } = asked ?? {};
      const refused = await ask(path, nobody);
      assert.equal(refused.headers.get("www-authenticate"), 'Bearer realm="api"');
      await problemOf(refused, "unauthenticated");
    }
    await problemOf(await ask("/map/ann", { as: "bob" }), "forbidden");
    await problemOf(await ask("/map/ann", { as: "bob", method: "DELETE" }), "forbidden");
    await problemOf(await ask("/map", { as: "bob", method: "POST", body: update("ann") }), "forbidden");
  });

  it("refuses what does not fit its schema, and names each wrong part", async () => {
    const wrong = await ask("/map", {
      as: "ann",
      method: "POST",
      body: { userId: 7, practiceData: { $where: 1, "a.b": 2 }, more: true },
      headers: { "If-Match": "seven", "Idempotency-Key": "a key" },
    });
    const { errors = [] } = await problemOf(wrong, "invalid-request");
    assert.deepEqual(errors.map(({ in: where, pointer }) => `${where} ${pointer}`).sort(), [
      "body ",
      "body /practiceData/$where",
      "body /practiceData/a.b",
      "body /userId",
      "header /idempotency-key",
      "header /if-match",
    ]);
    const long = { "If-None-Match": `"${"x".repeat(1_100)}"` };
    for (const [path] of documents.filter(([one]) => !one.startsWith("/problems")))
      await problemOf(await ask(path, { headers: long }), "invalid-request");
    await problemOf(await ask("/flags", { as: "ann", headers: long }), "invalid-request");
    await problemOf(await ask(`/problems/${"x".repeat(65)}`), "invalid-request");
    await problemOf(await ask("/problems/nothing"), "not-found");
    await problemOf(await ask("/map/-", { as: "ann" }), "invalid-request");
    await problemOf(await ask("/map/%E0%A4%A", { as: "ann" }), "invalid-request");
    await problemOf(await ask("/map/-", { as: "ann", method: "DELETE" }), "invalid-request");
    await problemOf(
      await ask("/media/uploads", { as: "ann", method: "POST", body: { ...picture, size: 6 * 1_048_576 } }),
      "invalid-request",
    );
  });

  it("refuses bodies that are too large, or no JSON", async () => {
    for (const path of ["/map", "/media/uploads"]) {
      const large = JSON.stringify({ text: "x".repeat(70_000) });
      await problemOf(await ask(path, { as: "ann", method: "POST", body: large }), "too-large");
      const form = { "Content-Type": "application/x-www-form-urlencoded" };
      await problemOf(
        await ask(path, { as: "ann", method: "POST", body: "a=1", headers: form }),
        "unsupported-media-type",
      );
      await problemOf(await ask(path, { as: "ann", method: "POST", body: '{"a":' }), "invalid-request");
      await problemOf(await ask(path, { as: "ann", method: "POST" }), "invalid-request");
    }
  });

  it("keeps conditional and repeated updates apart: 412, 422, 409, and the first answer again", async () => {
    const stale = { "If-Match": '"9"' };
    await problemOf(
      await ask("/map", { as: "cat", method: "POST", body: update("cat"), headers: stale }),
      "version-mismatch",
    );
    const keyed = { as: "cat", method: "POST", body: update("cat"), headers: { "Idempotency-Key": "first-key" } };
    const first = await ask("/map", keyed);
    const second = await ask("/map", keyed);
    assert.equal(second.headers.get("idempotency-replayed"), "true");
    assert.equal(await second.text(), await first.text());
    await problemOf(await ask("/map", { ...keyed, body: update("cat", { other: 1 }) }), "key-reused");

    const inFlight = { ...keyed, headers: { "Idempotency-Key": "second-key" } };
    mongo.pause();
    try {
      const answers = [ask("/map", inFlight)];
      await sleep(100);
      answers.push(ask("/map", inFlight));
      await sleep(100);
      mongo.resume();
      const [one, two] = await Promise.all(answers);
      assert.equal(one?.status, 200);
      assert.ok(two !== undefined);
      await problemOf(two, "key-in-flight");
      assert.equal(two.headers.get("retry-after"), "1");
    } finally {
      mongo.resume();
    }
  });

  it("answers 429 to whoever has used up a limit, by class of route", async () => {
    const few = { requestsPerMinute: 1, writesPerMinute: 1, uploadsPerMinute: 1 };
    const narrow = await createPlace({ mongo, redis, config: few });
    // Its own counts; the document itself was asked for.
    const own = { ...uploads, REDIS_KEY_PREFIX: "narrow:" };
    await withServer(
      own,
      async (other) => {
        for (const round of [1, 2])
          for (const [path, asked] of limited) {
            const answer = await ask(path, asked, other);
            // Routes of one class share a limit.
            if (round === 1) continue;
            assert.equal(answer.headers.get("ratelimit-remaining"), "0");
            assert.ok(Number(answer.headers.get("retry-after")) > 0);
            await problemOf(answer, "too-many-requests");
          }
      },
      narrow,
    );
    await narrow.remove();
  });

  it("answers 503 to writes while it is read-only", async () => {
    const closed = await createPlace({ mongo, redis, config: { ...unlimited, readOnly: true } });
    await withServer(
      uploads,
      async (other) => {
        for (const [path, asked] of writing) {
          const refused = await ask(path, asked, other);
          assert.equal(refused.headers.get("retry-after"), "30");
          await problemOf(refused, "read-only");
        }
        assert.equal((await ask("/flags", { as: "ann" }, other)).status, 200);
      },
      closed,
    );
    await closed.remove();
  });

  it("answers 503 where tokens cannot be checked, and to uploads where there is no bucket", async () => {
    await withServer({ JWT_KEYS_FILE: join(place.directory, "nothing.json") }, async (other) => {
      for (const [path, asked] of forCallers) await problemOf(await ask(path, asked, other), "dependency-unavailable");
    });
    await withServer({}, async (other) => {
      const upload = { as: "ann", method: "POST", body: picture };
      await problemOf(await ask("/media/uploads", upload, other), "dependency-unavailable");
    });
  });

  it("answers 503 while it drains, and says so", async () => {
    const draining = Promise.withResolvers<undefined>();
    const other = await startApi(place, { drained: () => draining.promise });
    await ask("/health/ready", {}, other);
    const stopped = other.stop();
    for (const path of ["/health/ready", "/health"]) {
      const answer = await ask(path, {}, other);
      assert.equal(answer.status, 503);
      assert.equal(((await answer.json()) as { status: string }).status, "draining");
      assert.equal(answer.headers.get("connection"), "close");
    }
    draining.resolve(undefined);
    await stopped;
  });

  it("sheds every route but probes while it cannot keep up, and comes back", async () => {
    // One turn of the event loop that takes three quarters of a second.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 750);
    await sleep(50);
    const answers = await Promise.all([
      ...limited.map(([path, asked]) => ask(path, { ...asked, shed: true })),
      ask("/heartbeat"),
    ]);
    assert.equal(answers.pop()?.status, 200);
    for (const answer of answers) await problemOf(answer, "overloaded");
    assert.equal((await ask("/flags", { as: "ann" })).status, 200);
  });

  it("does not wait for a body for ever", async () => {
    for (const answer of await late) {
      assert.equal(answer.headers.get("connection"), "close");
      await problemOf(answer, "request-timeout");
    }
  });

  it("takes the keys of a rotation while it runs, and no token of a key that is retired", async () => {
    const flags = async (token: string) =>
      (await ask("/flags", { headers: { Authorization: `Bearer ${token}` } })).status;
    const first = await place.token("ann");
    await place.rotate();
    const second = await place.token("ann");
    await place.rotate();
    // Signed with a key that is known as the next one, and with one that is not known yet.
    assert.deepEqual([await flags(first), await flags(second)], [200, 200]);
    const third = await place.token("ann");
    assert.equal(await flags(third), 200);
    assert.deepEqual([await flags(first), await flags(second)], [401, 200]);
  });

  it("has given every answer that it documents, and what it never should aside", () => {
    // 500 stands at each route; forced-error.test.ts forces one.
    assert.deepEqual(
      reached.missing().filter((outcome) => !outcome.endsWith(" internal")),
      [],
    );
  });
});

/** What fetch wants for a body that is a stream. */
const streamed = () => ({ body: unfinished(), duplex: "half" }) as const;
