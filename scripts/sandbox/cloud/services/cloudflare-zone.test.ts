import assert from "node:assert/strict";
import { UNKNOWN, type Properties, type Value } from "../../values/value.ts";
import { cloudflare } from "./cloudflare.ts";
import { cloudflareType } from "./cloudflare-lookup.ts";
import { assertRefused, textIn, tinyWorld } from "./tiny-world.ts";

const SETTING = cloudflareType("ZoneSetting");
const DNSSEC = cloudflareType("ZoneDnssec");
const BOTS = cloudflareType("BotManagement");
const TOTAL_TLS = cloudflareType("TotalTls");

const ZONE = "023e105f4ecef8ad9ca31a8372d0c353";
const OTHER = "5f1c2e8a7d3b4960b2f4c81e90ad6737";
const setting = (settingId: string, value: Value, zoneId = ZONE): Properties => ({ zoneId, settingId, value });

describe("Cloudflare: a zone's setting", () => {
  it("has one owner in its zone, and others in other zones", () => {
    const cloud = tinyWorld(cloudflare);
    const first = cloud.create(SETTING, "a", setting("ssl", "strict"));
    assert.equal(first.id, `${ZONE}/ssl`);
    assertRefused(() => cloud.create(SETTING, "b", setting("ssl", "full")), "AlreadyManaged", /zone of its own/);
    cloud.create(SETTING, "c", setting("ssl", "strict", OTHER));
    cloud.create(SETTING, "d", setting("min_tls_version", "1.2"));
    cloud.update(first, setting("ssl", "full"));
  });

  it("is free again once its owner is gone", () => {
    const cloud = tinyWorld(cloudflare);
    cloud.delete(cloud.create(SETTING, "a", setting("ssl", "strict")));
    cloud.create(SETTING, "b", setting("ssl", "strict"));
  });

  const header = (inner: Properties): Value => ({ strict_transport_security: inner });
  const good: [string, Value][] = [
    ["tls_1_3", "zrt"],
    ["min_tls_version", "1.2"],
    ["browser_cache_ttl", 14_400],
    ["ciphers", ["ECDHE-ECDSA-AES128-GCM-SHA256"]],
    ["security_header", header({ enabled: true, max_age: 31_536_000, include_subdomains: true, nosniff: true })],
    ["security_header", header({ max_age: UNKNOWN })],
    ["ssl", UNKNOWN],
  ];
  for (const [id, value] of good)
    it(`takes ${id} ${JSON.stringify(value)}`, () => {
      assert.deepEqual(tinyWorld(cloudflare).check(SETTING, setting(id, value)), []);
    });

  const bad: [string, Value, string, RegExp][] = [
    ["tls13", "on", "settingId", /1006: Unrecognized zone setting name: tls13/],
    ["ssl", "on", "value", /1007: Invalid value for zone setting ssl: it takes one of off, flexible, full, strict/],
    ["min_tls_version", 1.2, "value", /1007/],
    ["always_use_https", true, "value", /one of on, off/],
    ["browser_cache_ttl", "4h", "value", /one number/],
    ["security_header", "on", "value", /1007/],
    ["security_header", { enabled: true }, "value", /1007/],
    ["security_header", header({ maxAge: 1 }), "value", /1007/],
    ["security_header", header({ enabled: "on" }), "value", /1007/],
  ];
  for (const [id, value, property, reason] of bad)
    it(`does not take ${id} ${JSON.stringify(value)}, and says so in preview`, () => {
      const [failure] = tinyWorld(cloudflare).check(SETTING, setting(id, value));
      assert.equal(failure?.property, property);
      assert.match(failure.reason, reason);
    });
});

describe("Cloudflare: what a zone has once", () => {
  for (const [type, inputs] of [
    [DNSSEC, { zoneId: ZONE, status: "active" }],
    [BOTS, { zoneId: ZONE, enableJs: true }],
    [TOTAL_TLS, { zoneId: ZONE, enabled: true }],
  ] as const)
    it(`is ${type}`, () => {
      const cloud = tinyWorld(cloudflare);
      assert.equal(cloud.create(type, "a", inputs).id, ZONE);
      assertRefused(() => cloud.create(type, "b", inputs), "AlreadyManaged");
      cloud.create(type, "c", { ...inputs, zoneId: OTHER });
    });

  it("gives the registrar a DS record of what it signs with", () => {
    const { outputs } = tinyWorld(cloudflare).create(DNSSEC, "a", { zoneId: ZONE });
    const tag = outputs["keyTag"];
    assert.ok(typeof tag === "number");
    assert.equal(textIn(outputs, "ds"), `${ZONE}. 3600 IN DS ${tag} 13 2 ${textIn(outputs, "digest")}`);
    assert.equal(outputs["status"], "active");
  });

  it("mitigates bots as far as the Pro plan does", () => {
    const cloud = tinyWorld(cloudflare);
    assert.deepEqual(cloud.check(BOTS, { zoneId: ZONE, sbfmLikelyAutomated: "allow", fightMode: false }), []);
    for (const [property, value] of [
      ["sbfmLikelyAutomated", "managed_challenge"],
      ["suppressSessionScore", true],
      ["autoUpdateModel", true],
      ["bmCookieEnabled", true],
      ["fightMode", true],
    ] as const)
      assert.equal(cloud.check(BOTS, { zoneId: ZONE, [property]: value })[0]?.property, property);
  });
});
