import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { type Environment, readEnvironment } from "../environment.ts";
import { createErrors, noErrors } from "./errors.ts";

const environment: Environment = {
  ...readEnvironment({ VERSION: "1.4.0", COMMIT: "0123456789abcdef" }),
  ENVIRONMENT: "production",
  COOKIE_SIGNING_KEY: "a key of thirty-two or more characters",
};
const facts = { requestId: "request-1", route: "/map/{userId}", userHash: "0a1b2c" };

/** What of an event is looked at. */
interface Received {
  readonly release: string;
  readonly environment: string;
  readonly level: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly user: Readonly<Record<string, string>>;
  readonly exception: {
    readonly values: readonly {
      readonly type: string;
      readonly value: string;
      readonly stacktrace?: { readonly frames: readonly { readonly filename: string; readonly lineno: number }[] };
    }[];
  };
}

/** Sentry: takes envelopes and keeps their texts. `answers: false` never answers. */
async function startReceiver(answers = true) {
  const envelopes: string[] = [];
  const paths: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      envelopes.push((request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString());
      paths.push(request.url);
      if (answers) response.end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    envelopes,
    paths,
    dsn: `http://publickey@127.0.0.1:${(server.address() as AddressInfo).port}/42`,
    events: () => envelopes.map((envelope) => JSON.parse(envelope.split("\n")[2] ?? "") as Received),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe("errors for Sentry", () => {
  it("are not told, and nothing is loaded, without a DSN", async () => {
    assert.equal(await createErrors({ environment }), noErrors);
  });

  it("arrive with release, environment, request, and route, and without a secret", async () => {
    const receiver = await startReceiver();
    const errors = await createErrors({ environment, dsn: receiver.dsn });
    const cause = Object.assign(new Error("auth failed for redis://u:hunter22@cache"), { code: "WRONGPASS" });
    const error = Object.assign(
      new TypeError(`a forced test error with ${String(environment.COOKIE_SIGNING_KEY)} and token=hunter22`, { cause }),
      { request: { headers: { authorization: "hunter22", cookie: "hunter22" }, body: "hunter22" } },
    );
    errors.unexpected(error, facts);
    await errors.close(5_000);
    receiver.close();

    assert.equal(receiver.paths[0]?.split("?")[0], "/api/42/envelope/");
    const [event, ...more] = receiver.events();
    assert.deepEqual(more, []);
    assert.equal(event?.release, "api@1.4.0");
    assert.equal(event.environment, "production");
    assert.equal(event.level, "error");
    assert.deepEqual(event.tags, { requestId: "request-1", route: "/map/{userId}", commit: "0123456789abcdef" });
    assert.deepEqual(event.user, { id: "0a1b2c" });
    assert.deepEqual(
      event.exception.values.map(({ type, value }) => [type, value]),
      [
        ["Error", "auth failed for redis://***@cache (WRONGPASS)"],
        ["TypeError", "a forced test error with *** and token=***"],
      ],
    );
    assert.ok(
      event.exception.values[1]?.stacktrace?.frames.some(({ filename }) => filename.endsWith("errors.test.ts")),
    );
    const text = receiver.envelopes.join("");
    assert.ok(!text.includes("hunter22"));
    assert.ok(!text.includes(String(environment.COOKIE_SIGNING_KEY)));
    for (const unwanted of [
      "server_name",
      "breadcrumbs",
      "headers",
      "cookies",
      "ip_address",
      "modules",
      "context_line",
    ])
      assert.ok(!text.includes(`"${unwanted}"`), unwanted);
  });

  it("are told up to 60 times a minute", async () => {
    const receiver = await startReceiver();
    const errors = await createErrors({ environment, dsn: receiver.dsn });
    for (let i = 0; i < 500; i++) {
      errors.unexpected(new Error(`${i}`), facts);
      // As requests fail: one after the other.
      if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await errors.close(5_000);
    receiver.close();
    assert.ok(receiver.envelopes.length > 0 && receiver.envelopes.length <= 60, String(receiver.envelopes.length));
  });

  it("hold up no request and no exit where Sentry does not answer", async () => {
    const receiver = await startReceiver(false);
    const errors = await createErrors({ environment, dsn: receiver.dsn });
    errors.unexpected(new Error("x"), facts);
    errors.unexpected("no error at all", facts);
    const start = performance.now();
    await errors.close(200);
    assert.ok(performance.now() - start < 2_000);
    receiver.close();
  });
});
