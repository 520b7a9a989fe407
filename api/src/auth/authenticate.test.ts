import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { text } from "node:stream/consumers";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { eventually } from "../../test/eventually.ts";
import { ProblemError } from "../http/problem.ts";
import { advanced, firstKeySet, keyBytes, type KeySet, signingKey } from "./key-set.ts";
import { createAuthenticate, type AuthenticateOptions, type RunningAuthenticate } from "./authenticate.ts";
import type { Caller } from "./caller.ts";
import { issueToken } from "./token.ts";

const names = { JWT_ISSUER: "groundwork", JWT_AUDIENCE: "groundwork-api" };
const newSet = (): KeySet => firstKeySet(randomBytes(2 * keyBytes));
const newKey = () => signingKey(randomBytes(keyBytes));
const tokenFor = (keys: KeySet, userId = "user-1") => issueToken(keys, names, { userId });
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

/** What is refused, and what the client is told. */
async function refusal(attempt: Promise<Caller>): Promise<{ kind: string; challenge: string | undefined }> {
  const error: unknown = await attempt.then(
    () => assert.fail("it was not refused"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ProblemError, String(error));
  return { kind: error.kind, challenge: error.options.headers?.["WWW-Authenticate"] };
}

const noToken = { kind: "unauthenticated", challenge: 'Bearer realm="api"' };
const invalid = { kind: "unauthenticated", challenge: 'Bearer realm="api", error="invalid_token"' };
const unavailable = { kind: "dependency-unavailable", challenge: undefined };

async function listen(listener: RequestListener): Promise<Server & { url: string }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(server, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
}

describe("authentication", () => {
  const opened: RunningAuthenticate[] = [];
  let lines: string[];
  const open = (
    environment: Partial<AuthenticateOptions["environment"]>,
    times: AuthenticateOptions["times"] = {},
  ): RunningAuthenticate => {
    const add = (_facts: unknown, message?: string) => void lines.push(message ?? "");
    const authenticate = createAuthenticate({
      environment: { ...names, ...environment },
      log: { debug: () => undefined, info: add, warn: add },
      times,
    });
    opened.push(authenticate);
    return authenticate;
  };
  beforeEach(() => {
    lines = [];
  });
  afterEach(() => {
    for (const authenticate of opened.splice(0)) authenticate.close();
  });

  describe("with keys in a file", () => {
    const directory = mkdtempSync(join(tmpdir(), "keys-"));
    const file = join(directory, "keys.json");
    const keys: KeySet = { ...newSet(), previous: newKey() };
    const write = (set: KeySet) => writeFileSync(file, JSON.stringify(set));
    let authenticate: RunningAuthenticate;
    beforeEach(() => {
      write(keys);
      authenticate = open({ JWT_KEYS_FILE: file });
    });
    after(() => rmSync(directory, { recursive: true }));

    /** With what is right by default. */
    const signed = (
      claims: JWTPayload,
      header: object = {},
      key: Uint8Array = Buffer.from(keys.current.k, "base64url"),
    ) =>
      new SignJWT({ iss: "groundwork", aud: "groundwork-api", sub: "user-1", exp: inSeconds(60), ...claims })
        .setProtectedHeader({ alg: "HS256", kid: keys.current.kid, ...header })
        .sign(key);
    const extended = () =>
      new SignJWT({ iss: "groundwork", aud: "groundwork-api", sub: "user-1", exp: inSeconds(60) })
        .setProtectedHeader({ alg: "HS256", kid: keys.current.kid, crit: ["proof"], proof: 1 })
        .sign(Buffer.from(keys.current.k, "base64url"), { crit: { proof: true } });
    const ask = (token: string) => authenticate(`Bearer ${token}`);

    it("says who calls and what they may", async () => {
      const token = await issueToken(keys, names, { userId: "user-1", scopes: ["admin", "read"] });
      const { userId, scopes } = await ask(token);
      assert.equal(userId, "user-1");
      assert.deepEqual([...scopes], ["admin", "read"]);
      assert.deepEqual([...(await ask(await tokenFor(keys))).scopes], []);
    });

    it("takes tokens of the current, the previous, and the next key", async () => {
      for (const current of [keys.current, keys.previous!, keys.next])
        assert.equal((await ask(await tokenFor({ ...keys, current }))).userId, "user-1");
    });

    it("gives the same caller to the same token without a second verification", async () => {
      await authenticate.warm();
      const token = await tokenFor(keys);
      assert.equal(await ask(token), await ask(token));
    });

    for (const header of [undefined, "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "bearer a b", "Bearer ä"]) {
      it(`names no error where there is no token: ${JSON.stringify(header)}`, async () => {
        assert.deepEqual(await refusal(authenticate(header)), noToken);
      });
    }

    for (const [what, token] of [
      ["no JWT", () => "abc"],
      ["a JWT of nothing", () => "..."],
      ["one that is too long", () => "a".repeat(9_000)],
      ["one without a signature", () => new UnsecuredJWT({ sub: "user-1" }).setExpirationTime("1h").encode()],
      ["another issuer", () => signed({ iss: "somebody" })],
      ["another audience", () => signed({ aud: "somebody" })],
      ["no issuer", () => signed({ iss: undefined as unknown as string })],
      ["no end", () => signed({ exp: undefined as unknown as number })],
      ["an end in the past", () => signed({ exp: inSeconds(-10) })],
      ["a beginning in the future", () => signed({ nbf: inSeconds(60) })],
      ["no subject", () => signed({ sub: undefined as unknown as string })],
      ["a subject that no map has", () => signed({ sub: "../admin" })],
      ["a subject that is too long", () => signed({ sub: "a".repeat(129) })],
      ["a scope that is no text", () => signed({ scope: ["admin"] })],
      ["no key id", () => signed({}, { kid: undefined })],
      ["an unknown key id", () => signed({}, { kid: "somebody" })],
      ["the key id of another key", () => signed({}, { kid: keys.next.kid })],
      ["another algorithm of the same key", () => signed({}, { alg: "HS512" }, Buffer.from(keys.current.k.repeat(2)))],
      ["a key of somebody else", () => signed({}, {}, randomBytes(keyBytes))],
      ["an extension that nobody knows", () => extended()],
    ] as const) {
      it(`refuses ${what}, and says no more than that it is invalid`, async () => {
        assert.deepEqual(await refusal(ask(await token())), invalid);
      });
    }

    it("refuses a token with other claims under the old signature", async () => {
      const [header, , signature] = (await tokenFor(keys)).split(".");
      const [, claims] = (await tokenFor(keys, "user-2")).split(".");
      assert.deepEqual(await refusal(ask([header, claims, signature].join("."))), invalid);
    });

    it("takes a few seconds of difference between clocks", async () => {
      assert.equal((await ask(await signed({ nbf: inSeconds(2) }))).userId, "user-1");
      assert.equal((await ask(await signed({ exp: inSeconds(-1) }))).userId, "user-1");
    });

    it("takes new keys while it runs, and refuses tokens of a retired key that it has verified", async () => {
      const running = open({ JWT_KEYS_FILE: file }, { refreshMs: 20 });
      const retired = await tokenFor({ ...keys, current: keys.previous! });
      const staying = await tokenFor(keys);
      await running(`Bearer ${retired}`);
      lines = [];
      const rotated = advanced(keys, newKey());
      write(rotated);
      await eventually("the keys have changed", () => lines.some((line) => line.endsWith("have changed")));
      assert.deepEqual(await refusal(running(`Bearer ${retired}`)), invalid);
      assert.equal((await running(`Bearer ${staying}`)).userId, "user-1");
      assert.equal((await running(`Bearer ${await tokenFor(rotated)}`)).userId, "user-1");
    });
  });

  it("says 503 without any source of keys", async () => {
    const authenticate = open({});
    await authenticate.warm();
    assert.deepEqual(await refusal(authenticate(undefined)), noToken);
    assert.deepEqual(await refusal(authenticate(`Bearer ${await tokenFor(newSet())}`)), unavailable);
  });

  describe("with keys in Secrets Manager", () => {
    let keys = newSet();
    let reads = 0;
    let fault: "error" | "silence" | "nonsense" | undefined;
    let server: Server & { url: string };
    const secret = {
      JWT_KEYS_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:jwt-keys-AbCdEf",
      AWS_REGION: "us-east-1",
    };
    const own = ["AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    const kept = { ...process.env };
    before(async () => {
      server = await listen((request, response) => {
        reads++;
        if (fault === "silence") return;
        void text(request).then((body) => {
          const { SecretId } = JSON.parse(body) as { SecretId: string };
          assert.equal(request.headers["x-amz-target"], "secretsmanager.GetSecretValue");
          assert.equal(SecretId, secret.JWT_KEYS_SECRET_ARN);
          response.setHeader("content-type", "application/x-amz-json-1.1");
          if (fault === "error") response.writeHead(400).end('{"__type":"AccessDeniedException"}');
          else response.end(JSON.stringify({ SecretString: fault === "nonsense" ? "{}" : JSON.stringify(keys) }));
        });
      });
      const values = [server.url, "test", "test"];
      own.forEach((name, index) => (process.env[name] = values[index]));
    });
    beforeEach(() => {
      keys = newSet();
      reads = 0;
      fault = undefined;
    });
    after(async () => {
      for (const name of own) {
        if (kept[name] === undefined) delete process.env[name];
        else process.env[name] = kept[name];
      }
      await close(server);
    });

    it("reads them once for all who wait at the start", async () => {
      const authenticate = open(secret);
      const token = await tokenFor(keys);
      const callers = await Promise.all(Array.from({ length: 20 }, () => authenticate(`Bearer ${token}`)));
      assert.ok(callers.every(({ userId }) => userId === "user-1"));
      assert.equal(reads, 1);
    });

    for (const kind of ["error", "silence", "nonsense"] as const) {
      it(`says 503 and not 401 while the first keys cannot be read for ${kind}, and serves once they can`, async () => {
        fault = kind;
        const authenticate = open(secret, { deadlineMs: 100, retryMs: 20, unknownMs: 20 });
        await authenticate.warm();
        const token = await tokenFor(keys);
        assert.deepEqual(await refusal(authenticate(`Bearer ${token}`)), unavailable);
        fault = undefined;
        await eventually("the keys have changed", () => lines.some((line) => line.endsWith("have changed")));
        assert.equal((await authenticate(`Bearer ${token}`)).userId, "user-1");
        assert.equal(lines.filter((line) => line.endsWith("cannot be read")).length, 1);
      });
    }

    it("keeps the last good keys while the secret cannot be read", async () => {
      const authenticate = open(secret, { refreshMs: 20, retryMs: 20 });
      await authenticate.warm();
      fault = "error";
      await eventually("the keys cannot be read", () => lines.some((line) => line.endsWith("cannot be read")));
      assert.equal((await authenticate(`Bearer ${await tokenFor(keys)}`)).userId, "user-1");
      // It may be a key that is not known yet.
      assert.deepEqual(await refusal(authenticate(`Bearer ${await tokenFor(newSet())}`)), unavailable);
    });

    it("reads again at an unknown key: once for all who ask, and not again for a while", async () => {
      const authenticate = open(secret, { unknownMs: 0 });
      await authenticate.warm();
      keys = newSet();
      const token = await tokenFor(keys);
      await Promise.all(Array.from({ length: 20 }, () => authenticate(`Bearer ${token}`)));
      assert.equal(reads, 2);

      const limited = open(secret, { unknownMs: 60_000 });
      await limited.warm();
      const forged = await Promise.all(Array.from({ length: 20 }, () => tokenFor(newSet())));
      for (const token of forged) assert.deepEqual(await refusal(limited(`Bearer ${token}`)), invalid);
      assert.equal(reads, 3);
    });

    it("reads nothing once it is closed", async () => {
      const authenticate = open(secret, { refreshMs: 10 });
      await authenticate.warm();
      authenticate.close();
      const before = reads;
      await sleep(50);
      assert.equal(reads, before);
    });
  });

  describe("with public keys of another service", () => {
    const rules = { JWT_ISSUER: "https://issuer.example.net/", JWT_AUDIENCE: "https://api.example.net" };
    let served: unknown;
    let status = 200;
    let server: Server & { url: string };
    const pairs = { one: generateKeyPair("ES256"), two: generateKeyPair("RS256") };
    const publicKey = async (name: keyof typeof pairs, alg: string) => ({
      ...(await exportJWK((await pairs[name]).publicKey)),
      kid: name,
      alg,
      use: "sig",
    });
    const token = async (name: keyof typeof pairs, alg: string) =>
      new SignJWT({ scope: "admin" })
        .setProtectedHeader({ alg, kid: name })
        .setIssuer(rules.JWT_ISSUER)
        .setAudience(rules.JWT_AUDIENCE)
        .setSubject("auth0|user-1")
        .setExpirationTime("1h")
        .sign((await pairs[name]).privateKey);
    before(async () => {
      server = await listen((_request, response) => {
        response.writeHead(status, status === 302 ? { location: `${server.url}/elsewhere` } : {});
        response.end(JSON.stringify(served));
      });
    });
    beforeEach(async () => {
      status = 200;
      served = { keys: [await publicKey("one", "ES256")] };
    });
    after(() => close(server));

    it("takes what they have signed, and new keys once a token names one", async () => {
      const authenticate = open({ ...rules, JWT_JWKS_URL: `${server.url}/keys` }, { unknownMs: 0 });
      assert.equal((await authenticate(`Bearer ${await token("one", "ES256")}`)).userId, "auth0|user-1");
      served = { keys: [await publicKey("two", "RS256")] };
      assert.ok((await authenticate(`Bearer ${await token("two", "RS256")}`)).scopes.has("admin"));
      assert.deepEqual(await refusal(authenticate(`Bearer ${await token("one", "ES256")}`)), invalid);
    });

    it("refuses a token that was signed with a public key as if it were a secret", async () => {
      served = { keys: [await publicKey("one", "ES256"), await publicKey("two", "RS256")] };
      const authenticate = open({ ...rules, JWT_JWKS_URL: `${server.url}/keys` });
      for (const kid of ["one", "two"] as const) {
        const secret = Buffer.from(JSON.stringify(await publicKey(kid, "RS256")));
        const forged = await new SignJWT({ iss: rules.JWT_ISSUER, aud: rules.JWT_AUDIENCE, sub: "user-1" })
          .setProtectedHeader({ alg: "HS256", kid })
          .setExpirationTime("1h")
          .sign(secret);
        assert.deepEqual(await refusal(authenticate(`Bearer ${forged}`)), invalid);
      }
    });

    for (const [what, begin] of [
      ["an error", () => (status = 500)],
      ["a redirect", () => (status = 302)],
      ["no keys", () => (served = { keys: [] })],
      ["something else", () => (served = "keys")],
      ["too much", () => (served = { keys: [], padding: "x".repeat(200_000) })],
    ] as const) {
      it(`says 503 where ${what} is answered in place of keys`, async () => {
        begin();
        const authenticate = open({ ...rules, JWT_JWKS_URL: `${server.url}/keys` });
        assert.deepEqual(await refusal(authenticate(`Bearer ${await token("one", "ES256")}`)), unavailable);
      });
    }

    it("keeps the last good keys while the service is away", async () => {
      const authenticate = open({ ...rules, JWT_JWKS_URL: `${server.url}/keys` }, { refreshMs: 20, retryMs: 20 });
      await authenticate.warm();
      status = 500;
      await eventually("the keys cannot be read", () => lines.some((line) => line.endsWith("cannot be read")));
      assert.equal((await authenticate(`Bearer ${await token("one", "ES256")}`)).userId, "auth0|user-1");
    });
  });
});
