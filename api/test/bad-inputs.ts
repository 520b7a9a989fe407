import fc from "fast-check";

/** One request, most likely a bad one. */
export interface BadInput {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

const methods = [
  "GET",
  "GET",
  "POST",
  "POST",
  "POST",
  "DELETE",
  "PUT",
  "PATCH",
  "HEAD",
  "OPTIONS",
  "PROPFIND",
  "QUERY",
];

/** Characters that a header may have on its way: Latin-1 without controls. */
const headerText = fc
  .array(
    fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f),
    { maxLength: 60 },
  )
  .map((codes) => String.fromCharCode(...codes).trim());

const wildText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%00",
    "%E0%A4%A",
    "%",
    "ann%0d%0aSet-Cookie:x=1",
    "' OR 1=1 --",
    "[$ne]",
    "__proto__",
    "constructor",
    "x".repeat(4_000),
    "\u202Eann",
    "ann\u0000",
    "ａｎｎ",
  ),
);

/** As one segment, encoded or as it is. */
const segment = fc.tuple(wildText, fc.boolean()).map(([text, isEncoded]) => {
  const plain = text.toWellFormed();
  return isEncoded ? encodeURIComponent(plain) : plain.replaceAll(/[\\?#\s]/g, "");
});

const knownPaths = [
  "/heartbeat",
  "/health",
  "/health/live",
  "/health/ready",
  "/openapi.json",
  "/docs",
  "/docs/start.js",
  "/flags",
  "/map",
  "/map",
  "/map/ann",
  "/map/ann",
  "/media/uploads",
  "/problems/internal",
];

const query = fc.option(
  fc.oneof(
    fc.constantFrom("?userId[$gt]=", "?__proto__[x]=1", "?a=1&a=2&a[b]=3", "?%", "?constructor.prototype.x=1"),
    wildText.map((text) => `?q=${encodeURIComponent(text.toWellFormed())}`),
  ),
  { nil: "" },
);

const path = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...knownPaths) },
      { weight: 3, arbitrary: segment.map((text) => `/map/${text}`) },
      { weight: 1, arbitrary: segment.map((text) => `/problems/${text}`) },
      { weight: 2, arbitrary: fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join("/")}`) },
      { weight: 1, arbitrary: fc.constantFrom(...knownPaths).map((known) => `${known}/`) },
      { weight: 1, arbitrary: fc.constantFrom(...knownPaths).map((known) => known.toUpperCase()) },
    ),
    query,
  )
  // Two slashes would name another host.
  .map(([base, asked]) => base.replace(/^\/+/, "/") + asked);

const deep = (open: string, close: string, levels: number): string => open.repeat(levels) + close.repeat(levels);

const attacks: readonly string[] = [
  '{"__proto__":{"isAdmin":true}}',
  '{"userId":"ann","practiceData":{"__proto__":{"x":1}}}',
  '{"userId":"ann","practiceData":{"a":{"constructor":{"prototype":{"x":1}}}}}',
  '{"userId":{"$gt":""},"practiceData":{}}',
  '{"userId":"ann","practiceData":{"$where":"sleep(1000)"}}',
  '{"userId":"ann","practiceData":{"a.b":1,"$set":{"version":0}}}',
  '{"userId":"ann","practiceData":{"a":{"_bsontype":"ObjectId","id":"x"}}}',
  '{"userId":["ann"],"practiceData":[]}',
  '{"userId":"ann","userId":"bob","practiceData":{}}',
  '{"userId":"ann","practiceData":{"a":1e999}}',
  '{"userId":"ann","practiceData":{"a":9007199254740993}}',
  '{"userId":"ann","practiceData":{"a":"\\ud800"}}',
  '{"userId":"ann","practiceData":{"a":"\\u0000"}}',
  '{"userId":"ann","practiceData":{"":1}}',
  '{"userId":"ann\\u0000","practiceData":{}}',
  '{"purpose":"profile","contentType":"image/svg+xml","size":1}',
  '{"purpose":"profile","contentType":"image/png","size":-1}',
  '{"purpose":"../x","contentType":"image/png","size":1.5}',
  '\ufeff{"userId":"ann","practiceData":{}}',
  "null",
  "[]",
  '""',
  "NaN",
  "{'userId':'ann'}",
  '{"userId":"ann","practiceData":{}}{}',
  `{"userId":"ann","practiceData":${deep('{"a":', "}", 40).replace("}", "1}")}}`,
  deep("[", "]", 30_000),
  `{"userId":"ann","practiceData":{"a":${deep("[", "]", 20)}}}`,
  `{"userId":"ann","practiceData":{"a":"${"x".repeat(70_000)}"}}`,
  `{"userId":"ann","practiceData":{${Array.from({ length: 1_100 }, (_, i) => `"n${i}":1`).join(",")}}}`,
  "x".repeat(200_000),
];

const names = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("$ne", "a.b", "__proto__", "constructor", "prototype", "toString", "_bsontype", "_id", ""),
);

const asUpdate = (practiceData: unknown): string => JSON.stringify({ userId: "ann", practiceData });

const body = fc.option(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...attacks) },
    { weight: 2, arbitrary: fc.dictionary(names, fc.jsonValue({ maxDepth: 4 }), { maxKeys: 6 }).map(asUpdate) },
    { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }).map(asUpdate) },
    { weight: 2, arbitrary: fc.json({ maxDepth: 6 }) },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.json(), fc.nat(200)).map(([text, end]) => text.slice(0, end)),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)) },
    { weight: 1, arbitrary: fc.json().map((text) => new Uint8Array(Buffer.from(text, "utf16le"))) },
  ),
  { freq: 4, nil: undefined },
);

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Around a token that is valid. */
const authorization = (token: string): fc.Arbitrary<string | undefined> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(`Bearer ${token}`) },
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: headerText },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.nat(token.length - 1), fc.constantFrom("A", "_", ".", "=", ""))
        .map(([at, other]) => `Bearer ${token.slice(0, at)}${other}${token.slice(at + 1)}`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }))
        .map(([head, claims]) => `Bearer ${encoded(head)}.${encoded(claims)}.AAAA`),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        `Bearer ${encoded({ alg: "none" })}.${encoded({ sub: "ann" })}.`,
        `Bearer ${encoded({ alg: "HS256", kid: "__proto__" })}.${encoded({ sub: "ann" })}.AAAA`,
        `Bearer ${encoded({ alg: "HS256", kid: "x".repeat(3_000), crit: ["x"] })}.${encoded({})}.AAAA`,
        `Bearer ${"a.".repeat(3_000)}`,
        "Basic YW5uOmFubg==",
        "Bearer",
      ),
    },
  );

const wildHeaders = fc.dictionary(
  fc.constantFrom(
    "If-Match",
    "If-None-Match",
    "Idempotency-Key",
    "X-Request-Id",
    "X-Forwarded-For",
    "X-HTTP-Method-Override",
    "Forwarded",
    "Origin",
    "Cookie",
    "Range",
    "Accept",
    "Accept-Encoding",
    "traceparent",
    "tracestate",
    "User-Agent",
  ),
  fc.oneof(
    headerText,
    fc.constantFrom("*", '"1"', 'W/"1"', '"1", "2"', "'", "00-0-0-0", `"${"1".repeat(2_000)}"`, "__proto__", "1.2.3.4"),
  ),
  { maxKeys: 5 },
);

const contentType = fc.option(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant("application/json") },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json;;;",
        "application/merge-patch+json",
      ),
    },
    { weight: 1, arbitrary: headerText },
  ),
  { freq: 9, nil: undefined },
);
const contentEncoding = fc.option(fc.constantFrom("gzip", "br", "deflate", "identity", "x"), {
  freq: 1,
  nil: undefined,
});

/** Requests over all routes; `token` is one of `ann`. */
export const badInput = (token: string): fc.Arbitrary<BadInput> =>
  fc
    .record({
      method: fc.constantFrom(...methods),
      path,
      body,
      headers: wildHeaders,
      given: fc.record({
        Authorization: authorization(token),
        "Content-Type": contentType,
        "Content-Encoding": contentEncoding,
      }),
    })
    .map(({ method, path: asked, body: sent, headers, given }) => ({
      method,
      path: asked,
      body: method === "GET" || method === "HEAD" ? undefined : sent,
      headers: {
        ...headers,
        ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Record<
          string,
          string
        >),
      },
    }));

const line = fc.oneof(
  fc.constantFrom(
    "GET /heartbeat HTTP/1.1",
    "POST /map HTTP/1.1",
    "GET /heartbeat HTTP/9.9",
    "GET  /heartbeat HTTP/1.1",
    "GET /\u0000 HTTP/1.1",
    "GET http://[::1 HTTP/1.1",
    "GET //evil.test/%2e%2e HTTP/1.1",
    "GET * HTTP/1.1",
    "OPTIONS * HTTP/1.1",
    "CONNECT evil.test:443 HTTP/1.1",
    "TRACE / HTTP/1.1",
    "PRI * HTTP/2.0",
    "get /heartbeat http/1.1",
    "GET /map/%ff%fe HTTP/1.1",
    "GET /heartbeat HTTP/1.0",
    "\r\n\r\nGET /heartbeat HTTP/1.1",
  ),
  fc.string({ unit: "binary", maxLength: 60 }),
);
const field = fc.oneof(
  fc.constantFrom(
    "Host: a",
    "Host: a\r\nHost: b",
    "Content-Length: 10",
    "Content-Length: -1",
    "Content-Length: 99999999999999999999",
    "Content-Length: 5, 5",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding: xchunked",
    "Expect: 100-continue",
    "Expect: the-unexpected",
    "Upgrade: websocket\r\nConnection: Upgrade",
    "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk",
    "Connection: close",
    ": no name",
    " folded: line",
    "Content-Type: application/json",
    `X-Long: ${"x".repeat(20_000)}`,
    "__proto__: x",
  ),
  fc.string({ unit: "binary", maxLength: 60 }),
);
const rest = fc.oneof(
  fc.constantFrom("", "5\r\nhello\r\n0\r\n\r\n", "ffffffffffffffff\r\n", "-1\r\n", "zz\r\n", "{}", "0\r\nX: y\r\n\r\n"),
  fc.string({ unit: "binary", maxLength: 100 }),
);

/** What may come over a socket in place of a request: lines of HTTP in any order, or anything else. */
export const brokenBytes: fc.Arbitrary<string> = fc
  .tuple(line, fc.array(field, { maxLength: 4 }), rest, fc.constantFrom("\r\n", "\n", "\r\n\r\n"))
  .map(([first, fields, last, end]) => `${[first, ...fields].join(end)}${end}${end}${last}`);
