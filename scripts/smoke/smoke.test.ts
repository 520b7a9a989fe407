import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { type RunningDatabase, startMongo, startRedis } from "../../api/local/databases.ts";
import { firstKeySet, keyBytes } from "../../api/src/auth/key-set.ts";
import { createPlace, type Place, tokenNames } from "../../api/test/place.ts";
import { type RunningApi, startApi } from "../../api/test/running-api.ts";
import { selfSigned } from "../connectivity/test-certificate.ts";
import { noColors } from "../sandbox/cli/display/colors.ts";
import { UserError } from "../sandbox/user-error.ts";
import { canaryFault, canaryToken } from "./canary.ts";
import { type Check, type CheckContext, CheckFailure, type SmokeTarget } from "./check.ts";
import { certificateCheck } from "./checks/certificate.ts";
import { readinessCheck } from "./checks/readiness.ts";
import { redirectCheck } from "./checks/redirect.ts";
import { faultsOf } from "./checks/security-headers.ts";
import { sitesCheck } from "./checks/sites.ts";
import { smokeCommand } from "./command.ts";
import type { SmokeReport } from "./report.ts";
import { smoke } from "./run.ts";

const target: SmokeTarget = {
  url: new URL("http://127.0.0.1:9"),
  environment: "staging",
  local: true,
  expected: {},
  token: undefined,
  sites: [],
};
const once1 = { attempts: 1, firstDelayMs: 1, attemptMs: 10_000 };

async function listening(server: http.Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe("smoke", () => {
  describe("of an API on loopback", () => {
    let mongo: RunningDatabase;
    let redis: RunningDatabase;
    let place: Place;
    let api: RunningApi;
    let token: string;
    before(async () => {
      [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
      place = await createPlace({ mongo, redis, config: {} });
      api = await startApi(place, { variables: { VERSION: "1.4.0", COMMIT: "4f9c2d7" } });
      token = await canaryToken(place.keys(), tokenNames, "staging");
    });
    after(async () => {
      await api.stop();
      await Promise.all([mongo.stop(), redis.stop(), place.remove()]);
    });

    const run = async (args: readonly string[], SMOKE_TOKEN: string | undefined = token) => {
      const printed: string[] = [];
      const all = ["--env", "staging", "--local", "--url", api.url, ...args];
      const code = await smokeCommand(all, {
        colors: noColors,
        print: (text) => printed.push(text),
        env: { SMOKE_TOKEN },
      });
      return { code, out: printed.join("\n") };
    };

    it("passes, and says aloud what it leaves out", async () => {
      const { code, out } = await run(["--version", "1.4.0", "--commit", "4f9c2d7"]);
      assert.equal(code, 0, out);
      assert.match(out, /^Smoke of staging, http:\/\/127\.0\.0\.1:\d+\n/);
      assert.match(out, /^ {2}passed +heartbeat +alive: 1\.4\.0 of commit 4f9c2d7, local$/m);
      assert.match(out, /^ {2}passed +rate limit +429, to be asked again after \d+ s$/m);
      assert.match(out, /^ {2}passed +canary map +written and read, version 1$/m);
      assert.match(out, /^ {2}left out +certificate +plain http on loopback/m);
      assert.match(out, /\nPassed in [\d.]+ s\. Left out: certificate, redirect, sites\.$/);
      assert.ok(
        out.split("\n").every((line) => line.length <= 80),
        out,
      );
      assert.doesNotMatch(out, new RegExp(token));
    });

    it("leaves the canary's maps and the address as they were after the burst", async () => {
      const { code, out } = await run(["--json"]);
      assert.equal(code, 0, out);
      const { passed, checks } = JSON.parse(out) as SmokeReport;
      assert.equal(passed, true);
      assert.match(checks[0]?.detail ?? "", /not compared: version, commit$/);
      assert.equal((await fetch(`${api.url}/openapi.json`)).status, 200);
    });

    it("fails where another release runs, after the tries that it was given", async () => {
      const report = await smoke(
        { ...target, url: new URL(api.url), token, expected: { version: "1.5.0", commit: "aaaaaaa" } },
        { retries: { attempts: 2, firstDelayMs: 1, attemptMs: 10_000 } },
      );
      assert.equal(report.passed, false);
      const [heartbeat] = report.checks;
      assert.deepEqual(
        [heartbeat?.detail, heartbeat?.attempts],
        ["version 1.4.0 runs, not 1.5.0; commit 4f9c2d7 runs, not aaaaaaa", 2],
      );
      assert.deepEqual(
        report.checks.filter(({ result }) => result === "failed").map(({ name }) => name),
        ["heartbeat"],
      );
    });

    const tokens: Readonly<Record<string, { token: () => Promise<string>; says: RegExp }>> = {
      "there is no token": { token: () => Promise.resolve(""), says: /give it in SMOKE_TOKEN/ },
      "the token is a customer's": { token: () => place.token("user-1"), says: /whose sub begins with canary-/ },
      "the token has expired": {
        token: () => place.token("canary-staging", { lifetimeSeconds: -1 }),
        says: /that of SMOKE_TOKEN has expired/,
      },
      "the token is not of the environment's keys": {
        token: () => canaryToken(firstKeySet(randomBytes(2 * keyBytes)), tokenNames, "staging"),
        says: /401|does not accept/,
      },
    };
    for (const [title, { token: given, says }] of Object.entries(tokens))
      it(`fails, and says what to give, where ${title}`, async () => {
        const { code, out } = await run(["--json", "--attempts", "1"], await given());
        assert.equal(code, 1);
        const failed = (JSON.parse(out) as SmokeReport).checks.filter(({ result }) => result === "failed");
        assert.deepEqual(
          failed.map(({ name }) => name),
          ["rate limit", "canary map"],
        );
        for (const { detail } of failed) assert.match(detail, says);
      });
  });

  it("knows before a release what is wrong with its token, where the API says so", async () => {
    const keys = firstKeySet(randomBytes(2 * keyBytes));
    const good = await canaryToken(keys, tokenNames, "staging");
    let status = 404;
    const server = http.createServer((_request, response) => response.writeHead(status).end());
    const url = new URL(`http://127.0.0.1:${await listening(server)}`);
    assert.match((await canaryFault(url, undefined)) ?? "", /give it in SMOKE_TOKEN/);
    assert.equal(await canaryFault(url, good), undefined);
    status = 401;
    assert.match((await canaryFault(url, good)) ?? "", /the API refuses that of SMOKE_TOKEN/);
    server.close();
    await once(server, "close");
    assert.equal(await canaryFault(url, good), undefined, "an API that is down is what a release may mend");
  });

  it("takes a degraded API for one that has failed", async () => {
    const degraded = JSON.stringify({ status: "degraded", works: ["map reads"], lost: ["map writes"] });
    const server = http.createServer((_request, response) => response.end(degraded));
    const url = new URL(`http://127.0.0.1:${await listening(server)}`);
    const context = { ...target, url, signal: AbortSignal.timeout(30_000), now: () => new Date() };
    await assert.rejects(readinessCheck.run(context), /is degraded, without map writes/);
    server.close();
  });

  it("tries nothing else where the API cannot be reached", async () => {
    const server = http.createServer();
    const port = await listening(server);
    server.close();
    await once(server, "close");
    const gone = { ...target, url: new URL(`http://127.0.0.1:${port}`) };
    const { checks, passed } = await smoke(gone, { retries: once1 });
    assert.equal(passed, false);
    assert.match(checks[0]?.detail ?? "", /ECONNREFUSED/);
    assert.deepEqual(new Set(checks.slice(1).map(({ result }) => result)), new Set(["not tried", "left out"]));
  });

  it("tries again what may come right, and at once gives up what cannot", async () => {
    let tries = 0;
    const check = (name: string, again: boolean, untilTry: number): Check => ({
      name,
      run: () =>
        ++tries < untilTry ? Promise.reject(new CheckFailure(`try ${tries}`, { again })) : Promise.resolve("right"),
    });
    const retries = { attempts: 3, firstDelayMs: 1, attemptMs: 10_000 };
    const [recovered] = (await smoke(target, { retries, checks: [check("late", true, 3)] })).checks;
    assert.deepEqual([recovered?.result, recovered?.attempts], ["passed", 3]);
    tries = 0;
    const [hopeless] = (await smoke(target, { retries, checks: [check("never", false, 3)] })).checks;
    assert.deepEqual([hopeless?.result, hopeless?.attempts], ["failed", 1]);
  });

  describe("of the edge", () => {
    const { cert, key } = selfSigned("localhost");
    const secure = https.createServer({ cert, key }, (_request, response) => response.end());
    const plain = http.createServer((request, response) => {
      response.writeHead(request.headers.host?.startsWith("localhost") === true ? 301 : 200, { Location: goal }).end();
    });
    let goal = "";
    let context: CheckContext;
    let port = 0;
    before(async () => {
      [port] = await Promise.all([listening(secure), listening(plain)]);
      const url = new URL(`https://localhost:${port}`);
      goal = new URL("/heartbeat", url).href;
      const plainUrl = new URL(`http://localhost:${(plain.address() as AddressInfo).port}`);
      const day = 24 * 60 * 60 * 1000;
      // The certificate was made for a day: twenty days ago it had three weeks left.
      const now = (): Date => new Date(Date.now() - 20 * day);
      const signal = AbortSignal.timeout(30_000);
      context = { ...target, local: false, url, plainUrl, trusted: cert, signal, now };
    });
    after(() => {
      secure.close();
      plain.close();
    });

    it("takes a certificate that is trusted and lasts", async () => {
      assert.match(await certificateCheck.run(context), /^valid for another (20|21) days, TLSv1\.3$/);
    });
    it("refuses one that ends within 14 days", async () => {
      const soon = { ...context, now: () => new Date() };
      await assert.rejects(certificateCheck.run(soon), /ends in [01] days, on \d{4}-\d\d-\d\d; at least 14/);
    });
    it("refuses one that nobody trusts, and one of another host", async () => {
      const { trusted: _, ...untrusted } = context;
      await assert.rejects(certificateCheck.run(untrusted), /self-signed certificate/);
      const other = new URL(`https://127.0.0.1:${port}`);
      await assert.rejects(certificateCheck.run({ ...context, url: other }), /IP: 127\.0\.0\.1 is not in/);
    });
    it("takes a permanent redirect to the same page, and nothing else", async () => {
      assert.equal(await redirectCheck.run(context), "301 to https");
      const { port: plainPort } = plain.address() as AddressInfo;
      const none = { ...context, plainUrl: new URL(`http://127.0.0.1:${plainPort}`) };
      await assert.rejects(redirectCheck.run(none), /plain http answers 200/);
    });
    it("is left out on loopback alone", () => {
      for (const { leftOut } of [certificateCheck, redirectCheck]) {
        assert.equal(leftOut?.(context), undefined);
        assert.match(leftOut?.(target) ?? "", /no edge/);
      }
    });
  });

  describe("of the sites", () => {
    const pages: Readonly<Record<string, readonly [number, Readonly<Record<string, string>>]>> = {
      "/page": [200, { "Content-Type": "text/html; charset=utf-8" }],
      "/sign-in": [302, { Location: "https://example.cloudflareaccess.com/cdn-cgi/access/login" }],
      "/elsewhere": [302, { Location: "https://example.net/" }],
      "/json": [200, { "Content-Type": "application/json" }],
    };
    const server = http.createServer(({ url = "" }, response) => {
      const [status, headers] = pages[url] ?? [500, {}];
      response.writeHead(status, headers).end();
    });
    let port = 0;
    before(async () => {
      port = await listening(server);
    });
    after(() => server.close());
    const run = (path: string, guarded = false): Promise<string> =>
      sitesCheck.run({
        ...target,
        sites: [{ name: "site", url: new URL(`http://127.0.0.1:${port}${path}`), guarded }],
        signal: AbortSignal.timeout(30_000),
        now: () => new Date(),
      });
    it("takes a page, and Access before one that is guarded", async () => {
      assert.equal(await run("/page"), "site answers");
      assert.equal(await run("/sign-in", true), "site asks who you are");
    });
    it("refuses a guarded one that shows itself to anybody", async () => {
      await assert.rejects(run("/page", true), /answers 200, and does not ask who you are/);
      await assert.rejects(run("/elsewhere", true), /answers 302, and does not ask who you are/);
    });
    for (const path of ["/sign-in", "/elsewhere", "/json", "/broken"])
      it(`refuses ${path}`, () => assert.rejects(run(path), /^CheckFailure: site \(127\.0\.0\.1:\d+\) answers/));
  });

  it("names each security header that is missing, too weak, or tells what runs", () => {
    const good = {
      "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
      "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY",
      "Referrer-Policy": "no-referrer",
    };
    assert.deepEqual(faultsOf(new Headers(good)), []);
    const { "X-Frame-Options": _, ...rest } = good;
    const bad = { ...rest, "Strict-Transport-Security": "max-age=60", "X-Powered-By": "Express" };
    assert.deepEqual(faultsOf(new Headers(bad)), [
      'Strict-Transport-Security is "max-age=60", not max-age of a year or more',
      "X-Frame-Options is missing",
      "X-Powered-By tells what runs",
    ]);
  });

  const wrong: Readonly<Record<string, readonly string[]>> = {
    "there is no environment: give --env staging, production, or preview-SLUG": [],
    "--local is for http on loopback, not for http://example.org: give --url http://127.0.0.1:PORT": [
      "--env",
      "staging",
      "--local",
      "--url",
      "http://example.org",
    ],
    "http://127.0.0.1:1 is not https: give --url https://HOST, or --local for an API on loopback": [
      "--env",
      "staging",
      "--url",
      "http://127.0.0.1:1",
    ],
    '--url "nonsense" is no URL of http or https': ["--env", "staging", "--url", "nonsense"],
    '--attempts "0" is not a number from 1 to 20': ["--env", "staging", "--attempts", "0"],
    'there is no option --attempt: did you mean "attempts"?': ["--attempt", "2"],
  };
  for (const [line, args] of Object.entries(wrong))
    it(`refuses ${args.join(" ") || "nothing"} as wrong usage`, async () => {
      await assert.rejects(
        smokeCommand(args, { colors: noColors, print: () => undefined, env: {} }),
        (error: unknown) => {
          assert.ok(error instanceof UserError);
          assert.deepEqual([error.message, error.exitCode], [line, 2]);
          return true;
        },
      );
    });

  it("has help", async () => {
    const printed: string[] = [];
    const code = await smokeCommand(["--help"], { colors: noColors, print: (text) => printed.push(text), env: {} });
    assert.equal(code, 0);
    assert.match(printed.join("\n"), /SMOKE_TOKEN/);
    assert.ok(
      printed
        .join("\n")
        .split("\n")
        .every((line) => line.length <= 80),
    );
  });
});
