import assert from "node:assert/strict";
import { join } from "node:path";
import { environmentSettings, settingsHash } from "./settings-hash.ts";

const root = join(import.meta.dirname, "../..");
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

describe("the hash of an environment's settings", () => {
  const hashOf = (environment: "staging" | "production", config: Readonly<Record<string, string>> = {}): string =>
    settingsHash(environmentSettings(root, environment, config));

  it("is the same for the same settings, whatever the release", () => {
    assert.match(hashOf("staging"), /^[0-9a-f]{64}$/);
    assert.equal(
      hashOf("staging"),
      hashOf("staging", { imageDigest: digest("a"), version: "1.4.0", commit: "4f9c2d7" }),
    );
  });

  it("does not know the order of keys", () => {
    const settings = environmentSettings(root, "staging", {});
    const turned = Object.fromEntries(Object.entries(settings).reverse()) as typeof settings;
    assert.equal(settingsHash(turned), settingsHash(settings));
  });

  it("is another for another value, and another environment", () => {
    const hashes = [hashOf("staging"), hashOf("staging", { owner: "somebody" }), hashOf("production")];
    assert.equal(new Set(hashes).size, hashes.length);
  });
});
