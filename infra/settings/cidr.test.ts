import assert from "node:assert/strict";
import fc from "fast-check";
import { canonical, isPrivate, overlaps } from "./cidr.ts";

describe("address ranges", () => {
  const pairs: readonly [string, string, boolean][] = [
    ["10.0.0.0/16", "10.1.0.0/16", false],
    ["10.0.0.0/16", "10.0.0.0/16", true],
    ["10.0.0.0/16", "10.0.128.0/20", true],
    ["10.0.128.0/20", "10.0.0.0/16", true],
    ["10.0.0.0/20", "10.0.16.0/20", false],
    ["192.168.0.0/16", "172.16.0.0/16", false],
  ];
  for (const [one, other, expected] of pairs) {
    it(`${one} and ${other} ${expected ? "overlap" : "do not overlap"}`, () => {
      assert.equal(overlaps(one, other), expected);
    });
  }

  it("overlap the same way round and the other", () => {
    const range = fc
      .tuple(fc.ipV4(), fc.integer({ min: 8, max: 28 }))
      .map(([address, prefix]) => canonical(`${address}/${prefix}`));
    fc.assert(fc.property(range, range, (one, other) => overlaps(one, other) === overlaps(other, one)));
    fc.assert(fc.property(range, (one) => overlaps(one, one) && canonical(one) === one));
  });

  it("are written from their first address", () => {
    assert.equal(canonical("10.0.5.1/16"), "10.0.0.0/16");
    assert.equal(canonical("10.1.255.7/20"), "10.1.240.0/20");
    assert.equal(canonical("255.255.255.255/28"), "255.255.255.240/28");
  });

  it("are private by RFC 1918", () => {
    assert.ok(["10.0.0.0/16", "172.16.0.0/16", "172.31.0.0/16", "192.168.0.0/16"].every(isPrivate));
    assert.ok(["8.8.0.0/16", "172.32.0.0/16", "100.64.0.0/16", "0.0.0.0/0"].every((range) => !isPrivate(range)));
  });
});
