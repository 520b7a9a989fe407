import assert from "node:assert/strict";
import type { Settings } from "../../infra/settings/settings.ts";
import { recordedSettings, settingPaths } from "./recorded-settings.ts";

const settings = Object.freeze({
  owner: "platform",
  imageDigest: undefined,
  adminEmailDomains: ["example.net"],
  network: Object.freeze({ cidr: "10.1.0.0/16", limit: { requests: 20 }, zones: 2 }),
}) as unknown as Settings;

describe("recorded settings", () => {
  it("have a path for each setting, also for what is not set", () => {
    assert.deepEqual(settingPaths(settings), [
      "owner",
      "imageDigest",
      "adminEmailDomains",
      "network.cidr",
      "network.limit",
      "network.zones",
    ]);
  });

  it("tell what is read, and nothing of what is not", () => {
    const reads = new Set<string>();
    const recorded = recordedSettings(settings, (path) => reads.add(path));
    assert.equal(recorded.network.cidr, "10.1.0.0/16");
    assert.deepEqual([...recorded.adminEmailDomains], ["example.net"]);
    assert.equal(recorded.imageDigest, undefined);
    assert.deepEqual([...reads].sort(), ["adminEmailDomains", "imageDigest", "network", "network.cidr"]);
  });

  it("count what is copied as read, and what lies inside a setting as the setting", () => {
    const reads = new Set<string>();
    const recorded = recordedSettings(settings, (path) => reads.add(path));
    const copy: Record<string, unknown> = { ...recorded.network };
    assert.deepEqual(copy["limit"], { requests: 20 });
    assert.deepEqual([...reads].sort(), ["network", "network.cidr", "network.limit", "network.zones"]);
  });
});
