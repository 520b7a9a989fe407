import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { sendRaw, statusesOf } from "../../test/raw.ts";
import { answerBrokenRequests } from "./broken-request.ts";
import { securityHeaders } from "./security-headers.ts";

describe("a request that is broken", () => {
  const server = createServer((_request, response) => response.end("well"));
  answerBrokenRequests(server);
  let url: string;
  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  for (const [what, bytes, status, kind] of [
    ["no HTTP", "\u0016\u0003\u0001 hello\r\n\r\n", 400, "invalid-request"],
    ["an unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "invalid-request"],
    [
      "two lengths",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
      400,
      "invalid-request",
    ],
    [
      "a length and chunks",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      400,
      "invalid-request",
    ],
    ["headers that are too large", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 413, "too-large"],
  ] as const) {
    it(`is answered as any other problem, with the headers of every answer: ${what}`, async () => {
      const received = await sendRaw(url, bytes);
      assert.deepEqual(statusesOf(received), [status], received);
      const [head = "", body = ""] = received.split("\r\n\r\n");
      for (const [name, value] of Object.entries(securityHeaders)) assert.ok(head.includes(`${name}: ${value}`), name);
      assert.match(head, /\r\nConnection: close(\r\n|$)/);
      const id = /\r\nX-Request-Id: (\S+)/.exec(head)?.[1];
      const document = JSON.parse(body) as Readonly<Record<string, unknown>>;
      assert.equal(document["type"], `/problems/${kind}`);
      assert.equal(document["instance"], `urn:request:${String(id)}`);
    });
  }

  it("does not spoil the answer to one before it on the same connection", async () => {
    const received = await sendRaw(url, "GET / HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n");
    assert.equal(statusesOf(received)[0], 200, received);
  });
});
