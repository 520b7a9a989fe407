import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sendRaw, statusesOf } from "../../test/raw.ts";
import { inOriginForm } from "./request-target.ts";

describe("a request's target", () => {
  const server = createServer(inOriginForm((request, response) => response.end(`asked for ${request.url ?? ""}`)));
  const ask = (target: string): Promise<string> =>
    sendRaw(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`,
      300,
    );
  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  for (const [target, path] of [
    ["/map/ann?a=b", "/map/ann?a=b"],
    ["//evil.test/x", "//evil.test/x"],
    ["/a/../%2e%2e/b", "/a/../%2e%2e/b"],
    ["*", "*"],
    ["http://api.test/map/ann?a=b", "/map/ann?a=b"],
    ["HTTPS://api.test:8443/x", "/x"],
    ["http://api.test", "/"],
    ["http://api.test?a=b", "/?a=b"],
    ["http://[::1]:3000/x", "/x"],
  ] as const)
    it(`is a path, or a whole URL: ${target}`, async () => {
      const received = await ask(target);
      assert.deepEqual(statusesOf(received), [200], received);
      assert.ok(received.endsWith(`asked for ${path}`), received);
    });

  for (const target of ["http://[::1", "http://api.test:99999/", "http://a%/", "http:///x", "ftp://a/"])
    it(`is refused where it is neither, and the connection ends: ${target}`, async () => {
      const received = await ask(target);
      assert.deepEqual(statusesOf(received), [400], received);
      assert.match(received, /\r\nConnection: close\r\n/);
      assert.match(received, /"type":"\/problems\/invalid-request"/);
    });
});
