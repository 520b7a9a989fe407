import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { MongoClient } from "mongodb";
import { type RunningDatabase, startMongo, startRedis } from "../local/databases.ts";
import { createPlace, type Place } from "./place.ts";
import { problemOf } from "./problems.ts";
import { type RunningApi, startApi } from "./running-api.ts";

/** What was stored is wrong in a way that nobody foresaw; the error's message quotes it. */
const wrongText = "password=hunter22";

interface SentryEvent {
  readonly release: string;
  readonly environment: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly user: { readonly id: string };
  readonly exception: { readonly values: readonly { readonly type: string; readonly value: string }[] };
}

describe("an error that nobody expected", () => {
  const envelopes: string[] = [];
  let sentry: Server;
  let mongo: RunningDatabase;
  let redis: RunningDatabase;
  let place: Place;
  let api: RunningApi;

  before(async () => {
    sentry = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const body = Buffer.concat(parts);
        envelopes.push((request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString());
        response.end("{}");
      });
    }).listen(0, "127.0.0.1");
    [mongo, redis] = await Promise.all([startMongo(), startRedis(), once(sentry, "listening")]);
    place = await createPlace({ mongo, redis });
    const SENTRY_DSN = `http://publickey@127.0.0.1:${(sentry.address() as AddressInfo).port}/42`;
    api = await startApi(place, {
      variables: { VERSION: "1.4.0", COMMIT: "0123abc", MONGODB_DATABASE: "forced" },
      over: { SENTRY_DSN },
    });
    const client = new MongoClient(mongo.url);
    await client
      .db("forced")
      .collection<{ _id: string }>("maps")
      .insertOne({ _id: "ann", practiceData: wrongText } as never);
    await client.close();
  });
  after(async () => {
    await api.stop();
    sentry.closeAllConnections();
    sentry.close();
    await Promise.all([mongo.stop(), redis.stop(), place.remove()]);
  });

  it("is a 500 that says nothing of its cause, one line of the log, and one event of Sentry, without its secrets", async () => {
    const requestId = "forced-error-1";
    const answer = await api.ask("/map", {
      as: "ann",
      method: "POST",
      body: { userId: "ann", practiceData: { a: 1 } },
      headers: { "X-Request-Id": requestId },
    });
    const document = await problemOf(answer, "internal");
    assert.deepEqual(document, {
      type: "/problems/internal",
      title: "The API failed",
      status: 500,
      instance: `urn:request:${requestId}`,
    });
    // The next request is answered as ever, by the same process.
    assert.equal((await api.ask("/flags", { as: "ann" })).status, 200);
    await api.stop();

    const lines = api.lines().filter((line) => line["requestId"] === requestId);
    assert.deepEqual(
      lines.map(({ level, message, route }) => [level, message, route]),
      [
        ["error", "unexpected error", "/map"],
        ["error", "request", "/map"],
      ],
    );
    const { name, message, stack } = lines[0]?.["error"] as Readonly<Record<string, string>>;
    assert.equal(name, "SyntaxError");
    assert.match(message ?? "", /password=\*\*\*/);
    assert.match(stack ?? "", /document\.ts/);
    assert.equal(lines[1]?.["status"], 500);
    assert.equal(lines[1]["problem"], "internal");

    assert.equal(envelopes.length, 1);
    const event = JSON.parse(envelopes[0]?.split("\n")[2] ?? "") as SentryEvent;
    assert.equal(event.release, "api@1.4.0");
    assert.equal(event.environment, "local");
    assert.deepEqual(event.tags, { requestId, route: "/map", commit: "0123abc" });
    assert.equal(event.user.id, lines[1]["userHash"]);
    assert.equal(event.exception.values[0]?.type, "SyntaxError");
    const told = JSON.stringify([lines, envelopes, document]);
    for (const secret of ["hunter22", "Bearer", await place.token("ann")]) assert.ok(!told.includes(secret), secret);
    assert.ok(!envelopes[0]?.includes('"ann"'));
  });
});
