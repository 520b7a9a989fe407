import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import helmet from "helmet";
import { pageHeaders, securityHeaders } from "./security-headers.ts";

async function headersOf(listener: RequestListener): Promise<Headers> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { headers } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  server.close();
  server.closeAllConnections();
  return headers;
}

/** Headers of helmet that the API's answers do without, and why. */
const leftOut: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "only a page opens windows: the page of the documentation has it",
  "origin-agent-cluster": "only a page has an agent: the page of the documentation has it",
  "x-dns-prefetch-control": "an answer without links prefetches nothing",
  "x-download-options": "for Internet Explorer 8",
  "x-xss-protection": "switches off an auditor that browsers no longer have",
};

/** Headers whose value differs from helmet's, and why. */
const stricter: Readonly<Record<string, string>> = {
  "content-security-policy": "an API allows nothing where helmet allows the page's own host",
  "strict-transport-security": "two years for one",
  "x-frame-options": "not even its own pages frame it",
};

describe("the security headers", () => {
  let ours: Headers;
  before(async () => {
    ours = await headersOf((_request, response) => response.writeHead(200, securityHeaders).end());
  });

  it("are what writeHead sends", () => {
    for (const [name, value] of Object.entries(securityHeaders)) assert.equal(ours.get(name), value, name);
  });

  it("hold all that helmet sets by default, but for what has a reason", async () => {
    const theirs = await headersOf((request, response) => {
      helmet()(request, response, () => response.end());
    });
    const perRequest = new Set(["connection", "date", "keep-alive", "transfer-encoding", "content-length"]);
    const ofHelmet = [...theirs].filter(([name]) => !perRequest.has(name));
    assert.ok(ofHelmet.length >= 10);
    for (const [name, value] of ofHelmet) {
      if (name in leftOut) assert.equal(ours.get(name), null, name);
      else if (name in stricter) assert.notEqual(ours.get(name) ?? value, value, name);
      else assert.equal(ours.get(name), value, name);
    }
    for (const name of [...Object.keys(leftOut), ...Object.keys(stricter)])
      assert.ok(theirs.has(name), `helmet no longer sets ${name}`);
  });

  it("say nothing of what serves", () => {
    for (const name of ["server", "x-powered-by"]) assert.equal(ours.get(name), null);
  });

  it("let a page of the documentation load from its own host alone, and run nothing inline", () => {
    const policy = pageHeaders["Content-Security-Policy"] ?? "";
    assert.match(policy, /^default-src 'none';/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  });

  it("cannot be changed by one who writes an answer", () => {
    assert.ok([securityHeaders, pageHeaders].every((headers) => Object.isFrozen(headers)));
  });
});
