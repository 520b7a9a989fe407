import assert from "node:assert/strict";
import fc from "fast-check";
import { createCors, originMatcher } from "./cors.ts";

const origins = ["https://www.example.com", "https://*.preview.example.com", "http://localhost:5173"];
const cors = createCors(origins);

describe("CORS", () => {
  for (const origin of [
    "https://www.example.com",
    "https://pr-7.preview.example.com",
    "https://a.preview.example.com",
    "http://localhost:5173",
  ]) {
    it(`lets ${origin} read`, () => {
      const headers = cors.headersFor(origin);
      assert.equal(headers["Access-Control-Allow-Origin"], origin);
      assert.match(headers["Access-Control-Expose-Headers"] ?? "", /ETag.*Idempotency-Replayed.*X-Request-Id/);
    });
  }

  for (const origin of [
    "null",
    "",
    "*",
    "https://*.preview.example.com",
    "http://www.example.com",
    "https://www.example.com:443",
    "https://www.example.com:8443",
    "https://www.example.com/",
    "https://www.example.com.",
    "https://WWW.example.com",
    "https://www.example.com.evil.net",
    "https://evil-www.example.com",
    "https://www.example.com@evil.net",
    "https://evil.net/https://www.example.com",
    "https://preview.example.com",
    "https://.preview.example.com",
    "https://a.b.preview.example.com",
    "https://evil.net/.preview.example.com",
    "https://evil.net#.preview.example.com",
    "https://evil.net?.preview.example.com",
    "https://evil.net\\.preview.example.com",
    "https://user@.preview.example.com",
    "https://user:a.preview.example.com",
    "https://-a.preview.example.com",
    "https://pr_7.preview.example.com",
    "https://A.preview.example.com",
    "https://a\n.preview.example.com",
    "https://apreview.example.com",
    `https://${"a".repeat(64)}.preview.example.com`,
    "http://a.preview.example.com",
    "http://localhost",
    "http://localhost:51730",
    "http://127.0.0.1:5173",
    "https://www.example.com, https://evil.net",
    "https://www.example.com https://evil.net",
  ]) {
    it(`lets ${JSON.stringify(origin)} read nothing`, () => {
      assert.deepEqual(cors.headersFor(origin), { Vary: "Origin" });
      assert.deepEqual(cors.preflightFor(origin, ["GET"]), { Vary: "Origin" });
    });
  }

  it("varies by origin even where there is none", () => {
    assert.deepEqual(cors.headersFor(undefined), { Vary: "Origin" });
  });

  it("answers a preflight with the path's methods, and what a page may send, and never with credentials", () => {
    const headers = cors.preflightFor("https://www.example.com", ["GET", "DELETE"]);
    assert.equal(headers["Access-Control-Allow-Methods"], "GET, DELETE");
    assert.match(headers["Access-Control-Allow-Headers"] ?? "", /Authorization.*Idempotency-Key.*If-Match/);
    assert.equal(headers["Access-Control-Max-Age"], "7200");
    assert.ok(!("Access-Control-Allow-Credentials" in headers));
  });

  it("takes a configured origin in any spelling that browsers bring into one", () => {
    const isAllowed = originMatcher(["HTTPS://Www.Example.com:443"]);
    assert.ok(isAllowed("https://www.example.com"));
  });

  for (const wrong of [
    "*",
    "www.example.com",
    "https://example.com/path",
    "https://user@example.com",
    "https://a*.example.com",
    "https://a.*.example.com",
    "https://*.*.example.com",
    "https://*",
    "ftp://example.com",
    "null",
  ]) {
    it(`refuses ${JSON.stringify(wrong)} as a setting, and names it`, () => {
      assert.throws(() => createCors([wrong]), { name: "TypeError", message: /^CORS: "/ });
    });
  }

  it("lets no other origin read, however it is built from those that may", () => {
    const isAllowed = originMatcher(origins);
    const allowed =
      /^(https:\/\/www\.example\.com|https:\/\/[a-z0-9-]{1,63}\.preview\.example\.com|http:\/\/localhost:5173)$/;
    const piece = fc.oneof(
      fc.constantFrom("https://", "http://", "www.example.com", ".preview.example.com", "localhost", ":5173", ":443"),
      fc.constantFrom(
        "null",
        "@",
        "/",
        ".",
        "-",
        "*",
        "#",
        "?",
        "\\",
        "\n",
        "\0",
        "%2e",
        "evil.net",
        "EXAMPLE",
        ",",
        " ",
      ),
      fc.string({ maxLength: 4 }),
    );
    const built = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
    const turned = fc
      .tuple(fc.constantFrom(...origins), fc.nat(), piece)
      .map(
        ([origin, at, added]) =>
          origin.slice(0, at % (origin.length + 1)) + added + origin.slice(at % (origin.length + 1)),
      );
    fc.assert(
      fc.property(fc.oneof(built, turned), (origin) => {
        if (isAllowed(origin)) assert.match(origin, allowed);
      }),
      { numRuns: 5_000 },
    );
  });
});
