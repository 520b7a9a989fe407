import assert from "node:assert/strict";
import { type BareApp, startBareApp } from "../../test/bare-app.ts";
import { checkedFetch } from "../../test/client.ts";
import { defaultRuntimeConfig, type RuntimeConfig } from "../runtime-config.ts";
import { flagRoutes } from "./routes.ts";

describe("GET /flags", () => {
  let app: BareApp;
  let current: RuntimeConfig;
  const ask = (user: string | undefined, headers: Readonly<Record<string, string>> = {}) =>
    checkedFetch(app.url, "/flags", { headers: { ...(user && { Authorization: `Bearer ${user}` }), ...headers } });

  before(async () => {
    const config = {
      get current() {
        return current;
      },
      onChange: () => () => undefined,
    };
    app = await startBareApp(flagRoutes({ config }), { config });
  });
  beforeEach(() => {
    current = {
      ...defaultRuntimeConfig,
      flags: { "new-editor": { enabled: true, userIds: ["me"] }, "audio-notes": { enabled: false } },
    };
  });
  after(() => app.close());

  it("names every flag, and whether the caller has it", async () => {
    const answer = await ask("me");
    assert.deepEqual(await answer.json(), {
      success: true,
      data: { flags: { "audio-notes": false, "new-editor": true } },
    });
    assert.equal(answer.headers.get("cache-control"), "private, no-cache");
    const other = await ask("you");
    assert.deepEqual(await other.json(), {
      success: true,
      data: { flags: { "audio-notes": false, "new-editor": false } },
    });
  });

  it("answers 304 while the caller's flags are the same, and follows the configuration", async () => {
    const { headers } = await ask("me");
    const etag = headers.get("etag") ?? "";
    const unchanged = await ask("me", { "If-None-Match": etag });
    assert.equal(unchanged.status, 304);
    assert.equal(unchanged.headers.get("etag"), etag);
    assert.equal((await ask("you", { "If-None-Match": etag })).status, 200);
    current = { ...current, flags: { ...current.flags, "audio-notes": { enabled: true } } };
    assert.equal((await ask("me", { "If-None-Match": etag })).status, 200);
    current = { ...current, flags: Object.fromEntries(Object.entries(current.flags).reverse()) };
    current = { ...current, flags: { ...current.flags, "audio-notes": { enabled: false } } };
    assert.equal((await ask("me", { "If-None-Match": etag })).status, 304);
  });

  it("is for callers alone", async () => {
    assert.equal((await ask(undefined)).status, 401);
  });
});
