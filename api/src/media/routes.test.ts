import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type BareApp, startBareApp } from "../../test/bare-app.ts";
import { checkedFetch } from "../../test/client.ts";
import { formParts } from "../../test/multipart.ts";
import { policyOf, refusalOf, signatureOf } from "../../test/post-policy.ts";
import { mediaRoutes } from "./routes.ts";
import { createSignUpload } from "./upload-form.ts";
import { extensions, formSeconds, purposes } from "./upload-rules.ts";

const bucket = "groundwork-test-media";
const region = "us-east-1";
const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

interface Form {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly key: string;
  readonly expiresAt: string;
  readonly maxBytes: number;
}

describe("POST /media/uploads", () => {
  let store: Server;
  /** What the store was sent, by key. */
  let stored: Map<string, number>;
  let now: () => Date;
  let app: BareApp;

  before(async () => {
    store = createServer((request, response) => {
      void (async () => {
        const body = Buffer.concat((await request.toArray()) as Buffer[]);
        const parts = formParts(body, request.headers["content-type"] ?? "");
        const asked = decodeURIComponent((request.url ?? "").replace(/^\/|\/$/g, ""));
        const refusal = refusalOf(parts, asked, keys, now());
        const contentOf = (wanted: string) => parts.find(({ name }) => name === wanted)?.content ?? Buffer.alloc(0);
        if (refusal === undefined) stored.set(String(contentOf("key")), contentOf("file").length);
        response.writeHead(refusal === undefined ? 201 : 403).end(refusal);
      })();
    }).listen(0, "127.0.0.1");
    await once(store, "listening");
    const endpoint = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
    const signUpload = createSignUpload({ bucket, region, credentials: () => Promise.resolve(keys), endpoint });
    app = await startBareApp(mediaRoutes({ environment: {}, signUpload }));
  });
  beforeEach(() => {
    stored = new Map();
    now = () => new Date();
  });
  after(async () => {
    await app.close();
    store.close();
    store.closeAllConnections();
  });

  const ask = (body: unknown, at = app, user = "user-42") =>
    checkedFetch(at.url, "/media/uploads", {
      method: "POST",
      headers: { Authorization: `Bearer ${user}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  const formFor = async (body: unknown, user?: string): Promise<Form> => {
    const response = await ask(body, app, user);
    assert.equal(response.status, 201);
    const { data } = (await response.json()) as { data: Form };
    return data;
  };
  const profile = { purpose: "profile", contentType: "image/png", size: 100 };
  const send = async (form: Form, bytes: number, over: Readonly<Record<string, string | undefined>> = {}) => {
    const data = new FormData();
    for (const [name, value] of Object.entries({ ...form.fields, ...over }))
      if (value !== undefined) data.set(name, value);
    data.set("file", new Blob([new Uint8Array(bytes)]), "picture.png");
    const response = await fetch(form.url, { method: "POST", body: data });
    return { status: response.status, text: await response.text() };
  };

  it("gives a form whose policy names bucket, key, type, size, and expiry, and nothing else is open", async () => {
    const { url, fields, key, expiresAt, maxBytes } = await formFor(profile);
    assert.match(url, new RegExp(`/${bucket}/?$`));
    assert.match(key, /^users\/user-42\/profile\/[0-9a-f-]{36}\.png$/);
    assert.equal(maxBytes, 100);
    const { expiration, conditions } = policyOf(fields);
    assert.equal(expiration, expiresAt);
    const seconds = (Date.parse(expiration) - Date.now()) / 1000;
    assert.ok(seconds > formSeconds - 60 && seconds <= formSeconds, String(seconds));
    const [date] = (fields["X-Amz-Date"] ?? "").split("T");
    assert.deepEqual(
      new Set(conditions.map((condition) => JSON.stringify(condition))),
      new Set(
        [
          ["content-length-range", 1, 100],
          { bucket },
          { key },
          { "Content-Type": "image/png" },
          { success_action_status: "201" },
          { "X-Amz-Algorithm": "AWS4-HMAC-SHA256" },
          { "X-Amz-Credential": `${keys.accessKeyId}/${date}/${region}/s3/aws4_request` },
          { "X-Amz-Date": fields["X-Amz-Date"] },
        ].map((condition) => JSON.stringify(condition)),
      ),
    );
  });

  it("signs it with version 4 of AWS's signature", async () => {
    const { fields } = await formFor(profile);
    assert.equal(fields["X-Amz-Signature"], signatureOf(fields, keys));
  });

  it("carries the session's token where the credentials have one", async () => {
    const credentials = () => Promise.resolve({ ...keys, sessionToken: "token" });
    const { fields, url } = await createSignUpload({ bucket, region, credentials })({
      key: "temp/a/b.png",
      contentType: "image/png",
      maxBytes: 1,
    });
    assert.equal(fields["X-Amz-Security-Token"], "token");
    assert.ok(policyOf(fields).conditions.some((one) => !Array.isArray(one) && "X-Amz-Security-Token" in one));
    assert.equal(url, `https://${bucket}.s3.${region}.amazonaws.com/`);
  });

  it("is a form that the store takes, once for each key", async () => {
    const forms = [await formFor(profile), await formFor(profile)];
    for (const form of forms) assert.deepEqual(await send(form, 100), { status: 201, text: "" });
    assert.deepEqual(
      [...stored],
      forms.map(({ key }) => [key, 100]),
    );
    assert.equal(stored.size, 2);
  });

  for (const [what, bytes, over, refusal] of [
    ["a larger file", 101, {}, "EntityTooLarge"],
    ["an empty file", 0, {}, "EntityTooSmall"],
    ["another type", 1, { "Content-Type": "text/html" }, "AccessDenied: Content-Type"],
    ["no type", 1, { "Content-Type": undefined }, "AccessDenied: Content-Type"],
    ["another user's key", 1, { key: "users/victim/profile/a.png" }, "AccessDenied: key"],
    ["an access list", 1, { acl: "public-read" }, "AccessDenied: extra acl"],
    [
      "a redirect",
      1,
      { success_action_redirect: "https://evil.example" },
      "AccessDenied: extra success_action_redirect",
    ],
    ["another signature", 1, { "X-Amz-Signature": "0".repeat(64) }, "SignatureDoesNotMatch"],
    [
      "another policy",
      1,
      { Policy: Buffer.from('{"expiration":"2999-01-01T00:00:00Z","conditions":[]}').toString("base64") },
      "SignatureDoesNotMatch",
    ],
  ] as const) {
    it(`is a form that the store refuses with ${what}`, async () => {
      assert.deepEqual(await send(await formFor(profile), bytes, over), { status: 403, text: refusal });
      assert.equal(stored.size, 0);
    });
  }

  it("is a form that the store refuses once it has expired", async () => {
    const form = await formFor(profile);
    now = () => new Date(form.expiresAt);
    assert.deepEqual(await send(form, 1), { status: 403, text: "AccessDenied: expired" });
  });

  for (const [contentType, extension] of Object.entries(extensions)) {
    it(`names ${contentType} .${extension}, and puts what is temporary where it expires`, async () => {
      const { key, fields } = await formFor({ purpose: "temporary", contentType, size: 1 });
      assert.match(key, new RegExp(`^temp/user-42/[0-9a-f-]{36}\\.${extension}$`));
      assert.equal(fields["Content-Type"], contentType);
    });
  }

  it("keeps a user's id within one folder", async () => {
    const { key } = await formFor(profile, "auth0|a:b");
    assert.match(key, /^users\/auth0%7Ca%3Ab\/profile\/[^/]+$/);
  });

  for (const [body, pointer] of [
    [{ ...profile, contentType: "image/svg+xml" }, "/contentType"],
    [{ ...profile, contentType: "text/html" }, "/contentType"],
    [{ ...profile, contentType: "IMAGE/PNG" }, "/contentType"],
    [{ ...profile, size: 0 }, "/size"],
    [{ ...profile, size: -1 }, "/size"],
    [{ ...profile, size: 1.5 }, "/size"],
    [{ ...profile, size: "100" }, "/size"],
    [{ ...profile, size: purposes.profile.maxBytes + 1 }, "/size"],
    [{ ...profile, purpose: "temporary", size: purposes.temporary.maxBytes + 1 }, "/size"],
    [{ ...profile, purpose: "admin" }, "/purpose"],
    [{ ...profile, key: "users/victim/a.png" }, ""],
    [[], ""],
  ] as const) {
    it(`refuses ${JSON.stringify(body)}, and names ${pointer === "" ? "the whole" : pointer}`, async () => {
      const response = await ask(body);
      assert.equal(response.status, 400);
      const { errors } = (await response.json()) as { errors: { pointer: string }[] };
      assert.deepEqual(
        errors.map((error) => error.pointer),
        [pointer],
      );
    });
  }

  it("is for callers alone", async () => {
    const response = await checkedFetch(app.url, "/media/uploads", { method: "POST", body: "{}" });
    assert.equal(response.status, 401);
  });

  it("answers 503 where there is no bucket, and where there are no credentials, and says nothing of why", async () => {
    const credentials = () => Promise.reject(new Error("no role at 169.254.170.2"));
    const signUpload = createSignUpload({ bucket, region, credentials });
    for (const routes of [mediaRoutes({ environment: {} }), mediaRoutes({ environment: {}, signUpload })]) {
      const without = await startBareApp(routes);
      const response = await ask(profile, without);
      assert.equal(response.status, 503);
      const text = await response.text();
      assert.match(text, /dependency-unavailable/);
      assert.doesNotMatch(text, /169\.254|role/);
      await without.close();
    }
  });
});
