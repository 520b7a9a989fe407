import assert from "node:assert/strict";
import { type BareApp, startBareApp } from "../../test/bare-app.ts";
import { checkedFetch } from "../../test/client.ts";
import { problemKinds } from "../http/problem.ts";
import type { OpenApiDocument } from "./openapi-types.ts";
import { pageFiles } from "./page.ts";

describe("the documentation", () => {
  let app: BareApp;
  before(async () => {
    app = await startBareApp([]);
  });
  after(() => app.close());
  const ask = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    checkedFetch(app.url, path, { headers });

  for (const path of ["/openapi.json", ...pageFiles.map((file) => file.path)]) {
    it(`has ${path} for everyone, and 304 for one who has it`, async () => {
      const first = await ask(path);
      assert.equal(first.status, 200);
      assert.match(first.headers.get("cache-control") ?? "", /^public, max-age=\d+$/);
      const etag = first.headers.get("etag") ?? "";
      assert.equal((await ask(path, { "If-None-Match": etag })).status, 304);
      assert.equal((await ask(path, { "If-None-Match": '"other"' })).status, 200);
    });
  }

  it("describes itself", async () => {
    const { paths } = (await (await ask("/openapi.json")).json()) as OpenApiDocument;
    assert.deepEqual(Object.keys(paths), ["/openapi.json", ...pageFiles.map(({ path }) => path), "/problems/{kind}"]);
  });

  it("has a page that asks no other host, and runs nothing that is written in it", async () => {
    const page = await ask("/docs");
    const html = await page.text();
    const policy = page.headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.doesNotMatch(policy, /unsafe|https?:/);
    assert.doesNotMatch(html, /https?:|<style|style=|\son\w+=/);
    const sources = Array.from(html.matchAll(/(?:src|href)="([^"]*)"/g), ([, source]) => source);
    assert.deepEqual(sources, ["data:,", "/docs/page.css", "/openapi.json", "/docs/bundle.js", "/docs/start.js"]);
    for (const [, content] of html.matchAll(/<script[^>]*>([^<]*)<\/script>/g)) assert.equal(content, "");
    assert.match(await (await ask("/docs/start.js")).text(), /validatorUrl: null/);
  });

  for (const [kind, { status, title }] of Object.entries(problemKinds)) {
    it(`says what ${kind} means`, async () => {
      const response = await ask(`/problems/${kind}`);
      const body = (await response.json()) as Readonly<Record<string, unknown>>;
      assert.equal(response.status, 200);
      assert.deepEqual([body["type"], body["status"], body["title"]], [`/problems/${kind}`, status, title]);
      assert.match(String(body["meaning"]), /\.$/);
      assert.match(String(body["remedy"]), /\.$/);
    });
  }

  for (const kind of ["nothing", "constructor", "__proto__", "toString"]) {
    it(`knows no problem ${kind}`, async () => {
      assert.equal((await ask(`/problems/${kind}`)).status, 404);
    });
  }
});
