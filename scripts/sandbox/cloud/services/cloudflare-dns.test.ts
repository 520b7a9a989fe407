import assert from "node:assert/strict";
import { UNKNOWN, type Properties } from "../../values/value.ts";
import { cloudflare } from "./cloudflare.ts";
import { RECORD } from "./cloudflare-dns.ts";
import { assertRefused, tinyWorld } from "./tiny-world.ts";

const zoneId = "023e105f4ecef8ad9ca31a8372d0c353";
const record = (type: string, content: string, over: Properties = {}): Properties => ({
  zoneId,
  name: "www.example.com",
  type,
  ttl: 1,
  content,
  ...over,
});

describe("Cloudflare: a DNS record", () => {
  const failures: [string, Properties, string, RegExp][] = [
    ["a type that there is not", record("SPF", "x"), "type", /one of A, AAAA/],
    ["a proxied text", record("TXT", "x", { proxied: true }), "proxied", /9041/],
    [
      "a proxied record with a time of its own",
      record("A", "192.0.2.1", { proxied: true, ttl: 300 }),
      "ttl",
      /must be set to 1/,
    ],
    ["30 seconds", record("A", "192.0.2.1", { ttl: 30 }), "ttl", /9021/],
    ["two days", record("A", "192.0.2.1", { ttl: 172_800 }), "ttl", /9021/],
    ["a name for an address", record("A", "example.org"), "content", /9005/],
    ["IPv4 in AAAA", record("AAAA", "192.0.2.1"), "content", /9006/],
    ["an address with a scheme for an alias", record("CNAME", "https://example.org"), "content", /9007/],
    ["mail to an address without priority", record("MX", "mail.example.org"), "priority", /9100/],
    ["a name with blanks", record("TXT", "x", { name: "a b" }), "name", /9000/],
    [
      "a CAA record of an unknown tag",
      { zoneId, name: "@", type: "CAA", ttl: 1, data: { tag: "allow" } },
      "data.tag",
      /1004/,
    ],
    ["a CAA record without data", { zoneId, name: "@", type: "CAA", ttl: 1 }, "data", /needs data/],
    ["an alias of nothing", { zoneId, name: "a", type: "CNAME", ttl: 1 }, "content", /needs content/],
  ];
  for (const [name, inputs, property, reason] of failures)
    it(`is not ${name}, which preview says`, () => {
      const [failure] = tinyWorld(cloudflare).check(RECORD, inputs);
      assert.equal(failure?.property, property);
      assert.match(failure.reason, reason);
    });

  const good: [string, Properties][] = [
    ["a proxied alias", record("CNAME", "example.pages.dev", { proxied: true })],
    ["an hour of an address", record("A", "192.0.2.1", { ttl: 3600 })],
    ["an authority", { zoneId, name: "@", type: "CAA", ttl: 1, data: { flags: 0, tag: "issue", value: "amazon.com" } }],
    [
      "ACM's proof",
      record("CNAME", "_x.acm-validations.aws", { name: "_a79865eb4cd1a6ab990a45779b4e0b96.example.com" }),
    ],
    ["mail", record("MX", "mail.example.org", { priority: 10 })],
    ["what is not known yet", record("CNAME", "x", { name: UNKNOWN, content: UNKNOWN, type: UNKNOWN })],
  ];
  for (const [name, inputs] of good)
    it(`is ${name}`, () => {
      assert.deepEqual(tinyWorld(cloudflare).check(RECORD, inputs), []);
    });

  it("is the only alias of its name, beside no address", () => {
    const cloud = tinyWorld(cloudflare);
    const alias = cloud.create(RECORD, "a", record("CNAME", "one.example.org"));
    assertRefused(
      () => cloud.create(RECORD, "b", record("CNAME", "two.example.org", { name: "WWW.example.com" })),
      "81053",
    );
    assertRefused(() => cloud.create(RECORD, "c", record("A", "192.0.2.1")), "81054");
    assertRefused(() => cloud.create(RECORD, "d", record("AAAA", "2001:db8::1")), "81054");
    cloud.create(RECORD, "e", record("CNAME", "one.example.org", { name: "admin.example.com" }));
    cloud.create(RECORD, "f", record("CNAME", "one.example.org", { zoneId: "5f1c2e8a7d3b4960b2f4c81e90ad6737" }));
    cloud.create(RECORD, "g", record("TXT", '"v=spf1 -all"'));
    cloud.delete(cloud.update(alias, record("CNAME", "two.example.org")));
    const address = cloud.create(RECORD, "h", record("A", "192.0.2.1"));
    assertRefused(() => cloud.create(RECORD, "i", record("CNAME", "one.example.org")), "81053");
    assertRefused(
      () => cloud.update(address, record("CNAME", "x.example.org", { name: "admin.example.com" })),
      "81053",
    );
  });

  it("exists once, and beside others of its name and type", () => {
    const cloud = tinyWorld(cloudflare);
    const caa = (value: string): Properties => ({
      zoneId,
      name: "example.com",
      type: "CAA",
      ttl: 1,
      data: { flags: 0, tag: "issue", value },
    });
    cloud.create(RECORD, "a", caa("amazon.com"));
    assertRefused(() => cloud.create(RECORD, "b", caa("amazon.com")), "81058");
    cloud.create(RECORD, "c", caa("ssl.com"));
    cloud.create(RECORD, "d", record("A", "192.0.2.1"));
    cloud.create(RECORD, "e", record("A", "192.0.2.2"));
    assertRefused(() => cloud.create(RECORD, "f", record("A", "192.0.2.1")), "81058");
  });

  it("reads as one text, whether it was given in parts or not", () => {
    const cloud = tinyWorld(cloudflare);
    const data = { flags: 0, tag: "issue", value: "pki.goog; cansignhttpexchanges=yes" };
    const caa = cloud.create(RECORD, "a", { zoneId, name: "example.com", type: "CAA", ttl: 1, data });
    assert.equal(caa.outputs["content"], '0 issue "pki.goog; cansignhttpexchanges=yes"');
    assert.equal(caa.outputs["proxiable"], false);
    assert.equal(cloud.create(RECORD, "b", record("CNAME", "x.example.org")).outputs["proxiable"], true);
  });
});
