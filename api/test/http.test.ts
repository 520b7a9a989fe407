import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { SignJWT } from "jose";
import { type RunningDatabase, startMongo, startRedis } from "../local/databases.ts";
import type { OpenApiDocument } from "../src/documentation/openapi-types.ts";
import { securityHeaders } from "../src/http/security-headers.ts";
import type { Asked } from "./ask.ts";
import { eventually } from "./eventually.ts";
import { createPlace, type Place, tokenNames, unlimited } from "./place.ts";
import { problemOf } from "./problems.ts";
import { type RunningApi, startApi } from "./running-api.ts";

const page = "https://app.example.com";
const own = { ...unlimited, requestsPerMinute: 5, writesPerMinute: 2, failedSignInsPerMinute: 3 };

describe("what all routes have in common", () => {
  let mongo: RunningDatabase;
  let redis: RunningDatabase;
  let place: Place;
  let api: RunningApi;
  /** Paths to their methods. */
  let paths: ReadonlyMap<string, readonly string[]>;

  before(async () => {
    [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
    place = await createPlace({ mongo, redis });
    api = await startApi(place, { variables: { CORS_ORIGINS: `${page},https://*.example.org` } });
    const { paths: documented } = (await (await api.ask("/openapi.json")).json()) as OpenApiDocument;
    paths = new Map(
      Object.entries(documented).map(([path, item]) => [
        path.replace("{userId}", "ann").replace("{kind}", "internal"),
        Object.keys(item).map((method) => method.toUpperCase()),
      ]),
    );
  });
  after(async () => {
    await api.stop();
    await Promise.all([mongo.stop(), redis.stop(), place.remove()]);
  });

  const undocumented = { undocumented: true } as const;
  const allowOf = (methods: readonly string[]): string =>
    [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");

  it("says which methods a path has: to OPTIONS, and to a method that it lacks", async () => {
    for (const [path, methods] of paths) {
      const options = await api.ask(path, { method: "OPTIONS", ...undocumented });
      assert.equal(options.status, 204);
      assert.equal(options.headers.get("allow"), allowOf(methods), path);
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"].filter(
        (one) => !methods.includes(one),
      )) {
        const refused = await api.ask(path, { method, ...undocumented });
        assert.equal(refused.headers.get("allow"), allowOf(methods), `${method} ${path}`);
        await problemOf(refused, "method-not-allowed");
      }
    }
  });

  it("has no path but those that it documents", async () => {
    for (const path of [...paths.keys()].flatMap((one) => [`${one}/`, one.toUpperCase(), `/api${one}`]))
      await problemOf(await api.ask(path.replace("/MAP/ANN", "/MAP/x"), { as: "ann", ...undocumented }), "not-found");
  });

  it("answers HEAD as GET, without the body", async () => {
    for (const [path, methods] of paths) {
      if (!methods.includes("GET")) continue;
      const get = await api.ask(path, { as: "ann" });
      const head = await api.ask(path, { as: "ann", method: "HEAD" });
      assert.equal(head.status, get.status, path);
      assert.equal(await head.text(), "");
      // Uptime and latency change in between.
      if (!path.startsWith("/he")) assert.equal(head.headers.get("content-length"), get.headers.get("content-length"));
    }
  });

  it("lets the pages of CORS_ORIGINS call, and no other", async () => {
    const preflight = { "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization" };
    for (const [origin, isAllowed] of [
      [page, true],
      ["https://two.example.org", true],
      ["https://a.b.example.org", false],
      ["https://app.example.com.evil.test", false],
      ["null", false],
    ] as const) {
      for (const [path, methods] of paths) {
        const asked = { method: "OPTIONS", headers: { ...preflight, Origin: origin }, ...undocumented };
        const { headers, status } = await api.ask(path, asked);
        assert.equal(status, 204);
        assert.equal(headers.get("access-control-allow-origin"), isAllowed ? origin : null);
        assert.equal(headers.get("access-control-allow-methods"), isAllowed ? methods.join(", ") : null);
        assert.equal(headers.get("access-control-allow-credentials"), null);
        assert.match(headers.get("vary") ?? "", /\bOrigin\b/);
      }
      const refused = await api.ask("/map/ann", { headers: { Origin: origin } });
      assert.equal(refused.status, 401);
      assert.equal(refused.headers.get("access-control-allow-origin"), isAllowed ? origin : null);
    }
  });

  const answers: readonly (readonly [what: string, path: string, asked: Asked])[] = [
    ["a probe", "/heartbeat", {}],
    ["a document", "/openapi.json", {}],
    ["a page", "/docs", {}],
    ["a missing path", "/.env", undocumented],
    ["a path that cannot be decoded", "/%E0%A4%A", undocumented],
    ["a missing method", "/map", { method: "PUT", ...undocumented }],
    ["OPTIONS", "/map", { method: "OPTIONS", ...undocumented }],
    ["no token", "/flags", {}],
    ["a missing map", "/map/nobody-1", { as: "nobody-1" }],
    ["broken JSON", "/map", { as: "ann", method: "POST", body: "{" }],
    ["an update", "/map", { as: "ann", method: "POST", body: { userId: "ann", practiceData: { a: 1 } } }],
    ["a removal", "/map/ann", { as: "ann", method: "DELETE" }],
  ];
  for (const [what, path, asked] of answers) {
    it(`has the security headers, a request id, and no fingerprint: ${what}`, async () => {
      const { headers } = await api.ask(path, asked);
      for (const [name, value] of Object.entries(securityHeaders))
        if (name !== "Content-Security-Policy" || path !== "/docs") assert.equal(headers.get(name), value, name);
      assert.match(headers.get("content-security-policy") ?? "", /^default-src 'none'; /);
      assert.match(headers.get("x-request-id") ?? "", /^[0-9a-f]{32}$/);
      assert.match(headers.get("cache-control") ?? "", /no-store|no-cache|public/);
      for (const name of ["server", "x-powered-by", "via", "set-cookie"]) assert.equal(headers.get(name), null, name);
    });
  }

  it("takes a client's request id where it is a valid one", async () => {
    for (const id of ["client-id-1", "0".repeat(64), "4bf92f35:77b34da6.1_x"])
      assert.equal((await api.ask("/heartbeat", { headers: { "X-Request-Id": id } })).headers.get("x-request-id"), id);
    for (const id of [
      "short",
      "0".repeat(65),
      "has a space",
      '"quoted-id"',
      "<script>alert(1)</script>",
      "a,b,c,d,e",
      "",
    ]) {
      const given = (await api.ask("/heartbeat", { headers: { "X-Request-Id": id } })).headers.get("x-request-id");
      assert.match(given ?? "", /^[0-9a-f]{32}$/, id);
    }
  });

  it("says the same of every token that is not valid", async () => {
    const [good, admin] = await Promise.all([place.token("ann"), place.token("root+admin")]);
    const [head = "", claims = "", signature = ""] = good.split(".");
    const none = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url");
    const { current } = place.keys();
    const signed = (issuer: string, audience: string, bytes = Buffer.from(current.k, "base64url")) =>
      new SignJWT({ sub: "ann" })
        .setProtectedHeader({ alg: "HS256", kid: current.kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime("1h")
        .sign(bytes);
    const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = tokenNames;
    const tokens = {
      expired: await place.token("ann", { lifetimeSeconds: -3_600 }),
      "of another's claims": [head, admin.split(".")[1], signature].join("."),
      unsigned: [none, claims, ""].join("."),
      "of another key": await signed(issuer, audience, Buffer.alloc(32, 7)),
      "of another issuer": await signed("another", audience),
      "for another service": await signed(issuer, "another"),
      "of a user that cannot be": await place.token("-"),
      junk: "not.a.token",
    };
    const told = new Set<string>();
    for (const [what, token] of Object.entries(tokens)) {
      const refused = await api.ask("/flags", {
        headers: { Authorization: `Bearer ${token}`, "X-Request-Id": "the-same-id" },
      });
      assert.equal(refused.status, 401, what);
      const { headers } = refused;
      told.add(
        `${headers.get("www-authenticate") ?? ""} ${headers.get("content-length") ?? ""} ${await refused.text()}`,
      );
    }
    assert.equal(told.size, 1, [...told].join("\n"));
  });

  it("turns read-only, and to another log level, while it runs", async () => {
    const write = () => api.ask("/map", { as: "ann", method: "POST", body: { userId: "ann", practiceData: { a: 1 } } });
    const lines = () => api.lines().filter(({ message }) => message === "request").length;
    assert.equal((await write()).status, 200);
    await place.configure({ ...unlimited, readOnly: true, logLevel: "error" });
    try {
      const refused = await eventually("writes are refused", async () => {
        const answer = await write();
        return answer.status === 200 ? undefined : answer;
      });
      await problemOf(refused, "read-only");
      await sleep(20);
      const before = lines();
      assert.equal((await api.ask("/map/ann", { as: "ann" })).status, 200);
      await sleep(20);
      assert.equal(lines(), before);
    } finally {
      await place.configure(unlimited);
    }
    await eventually("writes are taken again", async () => ((await write()).status === 200 ? true : undefined));
    await eventually("requests are logged again", async () => {
      const before = lines();
      await api.ask("/heartbeat");
      await sleep(20);
      return lines() > before ? true : undefined;
    });
  });

  describe("limits", () => {
    let narrow: Place;
    before(async () => {
      narrow = await createPlace({ mongo, redis, config: own });
    });
    after(() => narrow.remove());

    /** Two servers with the same counts, of this name. */
    async function pair(prefix: string, variables: Readonly<Record<string, string>> = {}) {
      const each = { ...variables, REDIS_KEY_PREFIX: `${prefix}:` };
      const [one, two] = await Promise.all([
        startApi(narrow, { variables: each }),
        startApi(narrow, { variables: each }),
      ]);
      return { one, two, stop: () => Promise.all([one.stop(), two.stop()]) };
    }
    const remaining = ({ headers }: Response) => Number(headers.get("ratelimit-remaining"));

    it("are shared by two servers, counted for each caller, and stricter for writes", async () => {
      const { one, two, stop } = await pair("shared");
      try {
        const reads: number[] = [];
        for (const server of [one, two, one, two, one])
          reads.push(remaining(await server.ask("/flags", { as: "ann" })));
        assert.deepEqual(reads, [4, 3, 2, 1, 0]);
        await problemOf(await two.ask("/flags", { as: "ann" }), "too-many-requests");
        await problemOf(await one.ask("/map/ann", { as: "ann" }), "too-many-requests");
        // Another caller at the same address, and another class of the same caller.
        assert.equal(remaining(await two.ask("/flags", { as: "bob" })), 4);
        const write = { as: "ann", method: "POST", body: { userId: "ann", practiceData: {} } };
        assert.equal(remaining(await one.ask("/map", write)), 1);
        assert.equal(remaining(await two.ask("/map", write)), 0);
        await problemOf(await one.ask("/map", write), "too-many-requests");
        // Probes count nowhere.
        for (let i = 0; i < 10; i++) assert.equal((await one.ask("/heartbeat")).status, 200);
      } finally {
        await stop();
      }
    });

    it("count what is not there, and tokens that are guessed, for the address", async () => {
      const { one, two, stop } = await pair("missing");
      try {
        // Each server was asked for its document first.
        const missing = { headers: { Accept: "*/*" }, ...undocumented };
        const statuses: number[] = [];
        for (const server of [one, two, one, two]) statuses.push((await server.ask("/wp-admin", missing)).status);
        assert.deepEqual(statuses, [404, 404, 404, 429]);
        const guessed = { headers: { Authorization: "Bearer guessed" } };
        for (const server of [one, two, one]) await problemOf(await server.ask("/flags", guessed), "unauthenticated");
        await problemOf(await two.ask("/flags", guessed), "too-many-requests");
        // Whoever has a token is not held responsible for the address.
        assert.equal((await one.ask("/flags", { as: "cat" })).status, 200);
      } finally {
        await stop();
      }
    });

    it("believe X-Forwarded-For as far as TRUST_PROXY says", async () => {
      const { one, stop } = await pair("forged");
      const { one: behind, stop: stopBehind } = await pair("proxied", { TRUST_PROXY: "2" });
      const { one: ranged, stop: stopRanged } = await pair("ranged", { TRUST_PROXY: "127.0.0.0/8,10.0.0.0/8" });
      const from = (server: RunningApi, forwarded: string) =>
        server.ask("/docs", { headers: { "X-Forwarded-For": forwarded } });
      try {
        // No proxy: whatever a client says, it is one client, which has asked for the document before.
        const forged: number[] = [];
        for (const address of ["1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4", "5.5.5.5"])
          forged.push((await from(one, address)).status);
        assert.deepEqual(forged, [200, 200, 200, 200, 429]);

        // Two proxies: the second from the right is who asks; what stands before it was said by the client.
        assert.equal(remaining(await from(behind, "9.9.9.9, 1.1.1.1, 10.0.0.1")), 4);
        assert.equal(remaining(await from(behind, "8.8.8.8, 1.1.1.1, 10.0.0.1")), 3);
        assert.equal(remaining(await from(behind, "1.1.1.2, 10.0.0.1")), 4);

        // Ranges: the first address from the right that is no proxy.
        assert.equal(remaining(await from(ranged, "9.9.9.9, 1.1.1.1, 10.0.0.1, 10.0.0.2")), 4);
        assert.equal(remaining(await from(ranged, "8.8.8.8, 1.1.1.1")), 3);
        // A client of IPv6 is its network of 64 bits.
        assert.equal(remaining(await from(ranged, "2001:db8:1:2::1")), 4);
        assert.equal(remaining(await from(ranged, "2001:db8:1:2:aaaa::2")), 3);
      } finally {
        await Promise.all([stop(), stopBehind(), stopRanged()]);
      }
    });
  });
});
