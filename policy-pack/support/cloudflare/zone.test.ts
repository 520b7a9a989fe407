import assert from "node:assert/strict";
import { namesOf, resource, unknown } from "../../test/resource.ts";
import { stackFrom } from "../stack.ts";
import type { Plain } from "../unknown.ts";
import { ownedZonesOf, required, zonesOf } from "./zone.ts";

const ZONE = "cloudflare:index/zone:Zone";
const SETTING = "cloudflare:index/zoneSetting:ZoneSetting";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";

const zone = resource(ZONE, "zone", { id: "zone-1" });
const fresh = resource(ZONE, "fresh", { id: unknown });
const setting = (name: string, zoneId: Plain, value: Plain = "on") => resource(SETTING, name, { zoneId, value });
const record = (name: string, zoneId: Plain) => resource(RECORD, name, { zoneId });

describe("the zones of a stack", () => {
  const anchors = (...resources: Parameters<typeof stackFrom>[0]) =>
    zonesOf(stackFrom(resources)).map(({ anchor, owned, ofType }) => [
      anchor.name,
      owned,
      namesOf(ofType([SETTING, RECORD])),
    ]);

  it("hold what names them, whether the zone itself is in the stack or not", () => {
    assert.deepEqual(anchors(zone, setting("a", "zone-1"), setting("b", "zone-2"), record("c", "zone-2")), [
      ["zone", true, ["a"]],
      ["b", true, ["b", "c"]],
    ]);
  });

  it("hold also what came from them, before their id is known", () => {
    const joined = resource(SETTING, "joined", { zoneId: unknown }, { zoneId: [fresh] });
    assert.deepEqual(anchors(fresh, joined), [["fresh", true, ["joined"]]]);
  });

  it("are not owned by a stack that only adds records", () => {
    assert.deepEqual(anchors(record("a", "zone-1")), [["a", false, ["a"]]]);
    assert.deepEqual(ownedZonesOf(stackFrom([record("a", "zone-1")])), []);
  });

  it("are none where nothing is Cloudflare's", () => {
    assert.deepEqual(anchors(resource("aws:s3/bucket:Bucket", "b", { zoneId: "zone-1" })), []);
  });

  it("are worked out once", () => {
    const stack = stackFrom([zone]);
    assert.equal(zonesOf(stack), zonesOf(stack));
  });
});

describe("what a zone must have", () => {
  const lack = { property: "value", wrong: "nothing switches it on", fix: "switch it on" };
  const find = required({
    types: [SETTING],
    is: ({ props: { value } }) => (value === unknown ? unknown : value === "on"),
    ...lack,
  });

  it("is found in any of its resources", () => {
    assert.deepEqual(find(stackFrom([zone, setting("a", "zone-1", "off"), setting("b", "zone-1")])), []);
  });

  it("is missing where none is it, be it in another zone", () => {
    const found = find(stackFrom([zone, setting("a", "zone-1", "off"), setting("b", "zone-2")]));
    assert.deepEqual(found, [{ urn: zone.urn, ...lack }]);
  });

  it("is undecided while one may be it", () => {
    const open = setting("a", "zone-1", unknown);
    assert.deepEqual(find(stackFrom([zone, open])), [{ urn: open.urn, property: "value", unknown }]);
  });

  it("is no matter of a stack that only adds records", () => {
    assert.deepEqual(find(stackFrom([record("a", "zone-1")])), []);
  });
});
