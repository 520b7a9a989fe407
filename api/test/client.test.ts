import assert from "node:assert/strict";
import { z } from "zod";
import { openApiDocument } from "../src/documentation/openapi.ts";
import type { RouteContract } from "../src/http/route.ts";
import { createResponseCheck, type Received } from "./response-check.ts";
import { startBareApp } from "./bare-app.ts";
import { checkedFetch } from "./client.ts";

const contract = {
  id: "getThing",
  method: "get",
  path: "/things/{id}",
  summary: "A thing",
  tag: "things",
  class: "read",
  access: "caller",
  params: z.object({ id: z.string() }),
  answers: {
    200: {
      description: "It.",
      body: z.object({ id: z.string(), at: z.iso.datetime(), of: z.object({ n: z.int() }).meta({ id: "Part" }) }),
      headers: { ETag: "Its version.", "Idempotency-Replayed": "Sometimes." },
    },
    204: { description: "Nothing." },
  },
  problems: ["not-found"],
} as const satisfies RouteContract;

const check = createResponseCheck(openApiDocument([contract], { version: "1.0.0" }));
const common = {
  "X-Request-Id": "12345678",
  "RateLimit-Limit": "1",
  "RateLimit-Remaining": "0",
  "RateLimit-Reset": "1",
};

function received(
  status: number,
  body: unknown,
  over: Partial<Omit<Received, "headers">> & { readonly headers?: Readonly<Record<string, string>> } = {},
): Received {
  const type = status < 400 ? "application/json; charset=utf-8" : "application/problem+json; charset=utf-8";
  const { headers = {}, ...rest } = over;
  return {
    method: "GET",
    path: "/things/1",
    status,
    body: Buffer.from(body === undefined ? "" : JSON.stringify(body)),
    ...rest,
    headers: new Headers({ ...common, ...(body !== undefined && { "Content-Type": type }), ETag: '"1"', ...headers }),
  };
}

const thing = { id: "1", at: "2026-03-02T09:30:00.000Z", of: { n: 1 } };
const problem = { type: "/problems/not-found", title: "t", status: 404, instance: "urn:request:12345678" };

describe("the check of answers", () => {
  it("takes what is documented", () => {
    for (const answer of [
      received(200, thing),
      received(204, undefined),
      received(404, problem),
      received(200, undefined, { method: "HEAD" }),
      received(200, thing, { headers: { "Idempotency-Replayed": "true", "X-More": "1" } }),
    ])
      assert.deepEqual(check.faultsOf(answer), []);
  });

  for (const [what, answer, fault] of [
    ["another status", received(201, thing), /^the status is not documented for getThing, only 200, 204, /],
    ["a missing field", received(200, { ...thing, at: undefined }), /^the body must have required property 'at'/],
    ["a field too many", received(200, { ...thing, secret: 1 }), /^the body must NOT have additional.*"secret"/],
    ["a wrong format", received(200, { ...thing, at: "now" }), /^the body at \/at must match/],
    [
      "a wrong part that others share",
      received(200, { ...thing, of: { n: 1.5 } }),
      /^the body at \/of\/n must be integer/,
    ],
    [
      "another media type",
      received(200, thing, { headers: { "Content-Type": "text/html" } }),
      /^the media type is "text\/html", documented are application\/json$/,
    ],
    ["no media type", received(200, thing, { headers: { "Content-Type": "" } }), /^the media type is ""/],
    ["broken JSON", received(200, thing, { body: Buffer.from("{") }), /^the body is not JSON$/],
    ["a body where none belongs", received(204, thing), /^there is a body of \d+ bytes/],
    ["a body of HEAD", received(200, thing, { method: "HEAD" }), /^there is a body/],
    [
      "a header that is no number",
      received(200, thing, { headers: { "RateLimit-Limit": "many" } }),
      /^the header RateLimit-Limit is "many"/,
    ],
    [
      "a problem of another kind",
      received(404, { ...problem, type: "/problems/internal" }),
      /^the body at \/type must be equal to one of/,
    ],
    [
      "a problem of another status",
      received(404, { ...problem, status: 400 }),
      /^the body at \/status must be equal to constant/,
    ],
    ["a problem with more to say", received(404, { ...problem, stack: "at x" }), /^the body must NOT have additional/],
    [
      "a problem as plain JSON",
      received(404, problem, { headers: { "Content-Type": "application/json" } }),
      /^the media type/,
    ],
    ["another path", received(200, thing, { path: "/things" }), /^it is not documented/],
    ["a longer path", received(200, thing, { path: "/things/1/2" }), /^it is not documented/],
    ["another method", received(200, thing, { method: "POST" }), /^it is not documented/],
  ] as const) {
    it(`refuses ${what}`, () => {
      const faults = check.faultsOf(answer);
      assert.ok(
        faults.some((one) => fault.test(one)),
        faults.join("\n"),
      );
    });
  }

  for (const name of ["ETag", "X-Request-Id", "RateLimit-Limit"]) {
    it(`refuses an answer without ${name}`, () => {
      const answer = received(200, thing);
      answer.headers.delete(name);
      assert.deepEqual(check.faultsOf(answer), [`the header ${name} is missing`]);
    });
  }

  it("takes problems alone where a path or method is not documented", () => {
    const path = "/nothing";
    assert.deepEqual(check.undocumentedFaultsOf(received(404, problem, { path })), []);
    assert.deepEqual(check.undocumentedFaultsOf(received(204, undefined, { path, method: "OPTIONS" })), []);
    assert.deepEqual(check.undocumentedFaultsOf(received(200, thing, { path })), ["nothing undocumented may succeed"]);
    assert.deepEqual(check.undocumentedFaultsOf(received(404, problem)), ["it is documented as getThing"]);
    assert.match(String(check.undocumentedFaultsOf(received(404, { error: 1 }, { path }))), /must have required/);
  });
});

describe("checkedFetch", () => {
  it("checks by the server's own document, and names path, status, and each fault", async () => {
    const app = await startBareApp([]);
    const response = await checkedFetch(app.url, "/problems/internal?a=1");
    assert.equal(((await response.json()) as { status: number }).status, 500);
    await assert.rejects(checkedFetch(app.url, "/nothing"), {
      name: "AssertionError",
      message: /^GET \/nothing answered 404, and not as documented:\n- it is not documented/,
    });
    assert.equal((await checkedFetch(app.url, "/nothing", { undocumented: true })).status, 404);
    assert.equal((await checkedFetch(app.url, "/docs", { undocumented: true, method: "POST" })).status, 405);
    assert.equal((await checkedFetch(app.url, "/docs", { method: "HEAD" })).status, 200);
    await app.close();
  });
});
