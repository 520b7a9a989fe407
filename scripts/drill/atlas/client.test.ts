import assert from "node:assert/strict";
import { UserError } from "../../sandbox/user-error.ts";
import { AtlasError, atlasAdvice, atlasClient, type AtlasClientOptions } from "./client.ts";
import { atlasKey } from "./credentials.ts";
import { PROJECT_ID, startTestAtlas, TEST_KEY, type TestAtlas } from "./test-atlas.ts";

describe("the client of Atlas's administration API", () => {
  let atlas: TestAtlas;
  beforeEach(async () => {
    atlas = await startTestAtlas({ sourceUrl: "", targetUrl: "", restore: () => Promise.resolve() });
  });
  afterEach(() => atlas.close());

  const client = (change: Partial<AtlasClientOptions> = {}) =>
    atlasClient({ key: TEST_KEY, projectId: PROJECT_ID, url: atlas.url, pauseMilliseconds: 1, ...change });
  const project = { method: "GET", path: "", version: "2023-01-01" } as const;
  const making = { method: "POST", path: "/databaseUsers", version: "2023-01-01", body: { username: "x" } } as const;

  it("counts its answers to one question, and answers a new one when that has grown old", async () => {
    const ask = client();
    atlas.faults.nonceRequests = 3;
    for (let time = 0; time < 8; time++)
      assert.deepEqual(await ask(project), { id: PROJECT_ID, name: atlas.projectName });
  });

  it("says of a key that is not good which variables hold it", async () => {
    const wrong = client({ key: { ...TEST_KEY, privateKey: "secret-and-wrong" } });
    await assert.rejects(wrong(project), (error) => {
      assert.ok(error instanceof AtlasError);
      const { message } = atlasAdvice(error);
      assert.equal(
        message,
        "Atlas says INVALID_CREDENTIALS: the key is not good; look at MONGODB_ATLAS_PUBLIC_KEY and MONGODB_ATLAS_PRIVATE_KEY",
      );
      return true;
    });
  });

  for (const status of [429, 500, 503])
    it(`asks again after a ${status}, and gives up in the end`, async () => {
      atlas.faults.everything = { status, errorCode: "LATER", detail: "later" };
      setTimeout(() => delete atlas.faults.everything, 5);
      assert.ok(await client({ pauseMilliseconds: 10 })(project));
      atlas.faults.everything = { status, errorCode: "LATER", detail: "later" };
      await assert.rejects(client()(project), /^AtlasError: Atlas says LATER: later$/);
    });

  it("makes nothing twice: neither after an error of the server nor after a cut connection", async () => {
    atlas.faults.cut = "/databaseUsers";
    await assert.rejects(client()(making), /^UserError: Atlas cannot be reached/);
    assert.deepEqual(atlas.requests, ["POST /databaseUsers"]);
    atlas.faults.everything = { status: 500, errorCode: "BROKEN", detail: "?" };
    await assert.rejects(client()(making), { code: "BROKEN" });
  });

  it("asks again what only reads where the connection was cut", async () => {
    atlas.faults.cut = PROJECT_ID;
    assert.ok(await client()(project));
    assert.equal(atlas.requests.length, 2);
  });

  it("ends with the signal's reason", async () => {
    const reason = new UserError("interrupted");
    await assert.rejects(client()({ ...project, signal: AbortSignal.abort(reason) }), reason);
  });

  it("speaks to Atlas by HTTPS alone, and of one project", () => {
    assert.throws(
      () => client({ url: "http://cloud.example.com" }),
      /by HTTPS alone, not at http:\/\/cloud\.example\.com$/,
    );
    assert.throws(() => client({ projectId: "../orgs" }), /24 hexadecimal digits$/);
  });
});

describe("the key of Atlas", () => {
  it("is read as the program's provider reads it, and is none where there is none", () => {
    const env = { MONGODB_ATLAS_PUBLIC_KEY: "p", MONGODB_ATLAS_PRIVATE_KEY: "s" };
    assert.deepEqual(atlasKey(env), { publicKey: "p", privateKey: "s" });
    assert.equal(atlasKey({ MONGODB_ATLAS_PUBLIC_KEY: "" }), undefined);
    assert.throws(
      () => atlasKey({ MONGODB_ATLAS_PUBLIC_KEY: "p" }),
      /^UserError: MONGODB_ATLAS_PRIVATE_KEY is not set/,
    );
  });
});
