import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createVerifiedTokens, digestOf } from "./verified-tokens.ts";

const caller = { userId: "user-1", scopes: new Set<string>() };
const hour = 3_600_000;

describe("verified tokens", () => {
  it("are known by a digest until they expire, however long they may be kept", () => {
    const tokens = createVerifiedTokens(10, hour);
    const now = Date.now();
    tokens.keep(digestOf("valid"), { caller, expiresAt: now + hour, keysVersion: 1 });
    tokens.keep(digestOf("expired"), { caller, expiresAt: now, keysVersion: 1 });
    assert.equal(tokens.find(digestOf("valid"), 1), caller);
    assert.equal(tokens.find(digestOf("expired"), 1), undefined);
    assert.equal(tokens.find(digestOf("unknown"), 1), undefined);
  });

  it("are forgotten when the keys change", () => {
    const tokens = createVerifiedTokens(10, hour);
    tokens.keep("a", { caller, expiresAt: Date.now() + hour, keysVersion: 1 });
    assert.equal(tokens.find("a", 2), undefined);
  });

  it("are forgotten after a while, whatever the clock says", async () => {
    const tokens = createVerifiedTokens(10, 10);
    tokens.keep("a", { caller, expiresAt: Date.now() + hour, keysVersion: 1 });
    await sleep(30);
    assert.equal(tokens.find("a", 1), undefined);
  });

  it("are no more than so many", () => {
    const tokens = createVerifiedTokens(100, hour);
    for (let token = 0; token < 1_000; token++)
      tokens.keep(String(token), { caller, expiresAt: Date.now() + hour, keysVersion: 1 });
    const known = Array.from({ length: 1_000 }, (_, token) => tokens.find(String(token), 1)).filter(Boolean);
    assert.equal(known.length, 100);
  });
});
