import assert from "node:assert/strict";
import { UNKNOWN } from "../../values/value.ts";
import { cloudflare } from "./cloudflare.ts";
import { HOST_CERTIFICATE, ZONE_CERTIFICATE } from "./cloudflare-certificates.ts";
import { cloudflareType } from "./cloudflare-lookup.ts";
import { certificate, keyFrom } from "./cloudflare-samples.ts";
import { assertRefused, textIn, tinyWorld } from "./tiny-world.ts";

const PULLS = cloudflareType("AuthenticatedOriginPulls");
const SETTINGS = cloudflareType("AuthenticatedOriginPullsSettings");
const PACK = cloudflareType("CertificatePack");

const zoneId = "023e105f4ecef8ad9ca31a8372d0c353";
const privateKey = keyFrom("a key that everybody knows");
const pair = { zoneId, certificate, privateKey };

describe("Cloudflare: a certificate for origin pulls", () => {
  it("is read, and says how long it lasts", () => {
    const { outputs, id } = tinyWorld(cloudflare).create(ZONE_CERTIFICATE, "a", pair);
    assert.equal(outputs["certificateId"], id);
    assert.equal(outputs["status"], "active");
    assert.match(textIn(outputs, "expiresOn"), /^\d{4}-\d\d-\d\dT/);
    assert.match(textIn(outputs, "issuer"), /sandbox/);
  });

  it("is PEM with its own key, which preview says where both are known", () => {
    for (const type of [ZONE_CERTIFICATE, HOST_CERTIFICATE]) {
      const check = (over: object) => tinyWorld(cloudflare).check(type, { ...pair, ...over });
      assert.deepEqual(check({}), []);
      assert.match(check({ certificate: "x" })[0]?.reason ?? "", /1411: the certificate/);
      assert.match(check({ privateKey: "x" })[0]?.reason ?? "", /1411: the private key/);
      assert.match(check({ privateKey: keyFrom("another") })[0]?.reason ?? "", /1412/);
      assert.deepEqual(check({ privateKey: UNKNOWN }), []);
    }
  });

  it("never shows its key in a message", () => {
    const [failure] = tinyWorld(cloudflare).check(ZONE_CERTIFICATE, { ...pair, privateKey: "hidden" });
    assert.doesNotMatch(failure?.reason ?? "", /hidden/);
  });

  it("is replaced by every change", () => {
    const rules = cloudflare.resources[ZONE_CERTIFICATE];
    assert.deepEqual(rules?.replaces?.(pair, { ...pair, privateKey: "x" }), ["privateKey"]);
  });
});

describe("Cloudflare: origin pulls", () => {
  it("are switched on for a zone once", () => {
    const cloud = tinyWorld(cloudflare);
    assert.equal(cloud.create(SETTINGS, "a", { zoneId, enabled: true }).id, zoneId);
    assertRefused(() => cloud.create(SETTINGS, "b", { zoneId, enabled: false }), "AlreadyManaged");
  });

  it("of a host take a hostname certificate of its zone, which then stays", () => {
    const cloud = tinyWorld(cloudflare);
    const zones = cloud.create(ZONE_CERTIFICATE, "z", pair);
    const hosts = cloud.create(HOST_CERTIFICATE, "h", pair);
    const of = (certId: string, hostname = "api.example.com") => ({
      zoneId,
      configs: [{ hostname, certId, enabled: true }],
    });
    assertRefused(() => cloud.create(PULLS, "a", of(zones.id)), "1416");
    const pulls = cloud.create(PULLS, "b", of(hosts.id));
    assert.equal(pulls.outputs["hostname"], "api.example.com");
    assertRefused(() => cloud.create(PULLS, "c", of(hosts.id)), "AlreadyManaged");
    cloud.create(PULLS, "d", of(hosts.id, "www.example.com"));
    assertRefused(() => cloud.delete(hosts), "1418");
    assert.equal(cloud.check(PULLS, { zoneId, configs: [{ enabled: true }] })[0]?.property, "configs[0].hostname");
  });
});

describe("Cloudflare: a certificate pack", () => {
  const pack = (certificateAuthority: string, validityDays: number) => ({
    zoneId,
    certificateAuthority,
    validityDays,
    type: "advanced",
    validationMethod: "txt",
    hosts: ["example.com"],
  });

  it("lasts as long as its authority's certificates do", () => {
    const cloud = tinyWorld(cloudflare);
    assert.deepEqual(cloud.check(PACK, pack("google", 14)), []);
    assert.match(cloud.check(PACK, pack("lets_encrypt", 14))[0]?.reason ?? "", /last 90 days/);
    assert.equal(cloud.create(PACK, "a", pack("lets_encrypt", 90)).outputs["status"], "initializing");
  });
});
