import assert from "node:assert/strict";
import fc from "fast-check";
import { unknown } from "../../test/resource.ts";
import { ALL_PORTS, isWorld, portsOf } from "./ranges.ts";

describe("isWorld", () => {
  const blocks: readonly (readonly [string, boolean])[] = [
    ["0.0.0.0/0", true],
    ["128.0.0.0/1", true],
    ["8.0.0.0/7", true],
    ["10.0.0.0/8", false],
    ["203.0.113.7/32", false],
    ["::/0", true],
    ["2000::/3", true],
    ["fc00::/7", false],
    ["fd12:3456::/32", false],
    ["2600:1f18::/33", false],
    ["not a block", false],
  ];
  for (const [block, world] of blocks)
    it(`says that ${block} is ${world ? "" : "not "}the world`, () => {
      assert.equal(isWorld(block), world);
    });

  it("waits for an unknown block", () => {
    assert.equal(isWorld(unknown), unknown);
  });
});

describe("portsOf", () => {
  it("means every port by -1, all, and an absent protocol", () => {
    for (const protocol of ["-1", -1, "all", "ALL", undefined]) assert.deepEqual(portsOf(protocol, 0, 0), ALL_PORTS);
  });

  it("gives none to a protocol without ports", () => {
    for (const protocol of ["icmp", "icmpv6", 1, "58"]) assert.equal(portsOf(protocol, -1, -1), undefined);
  });

  it("waits for an unknown protocol or bound", () => {
    assert.equal(portsOf(unknown, 1, 1), unknown);
    assert.equal(portsOf("tcp", unknown, 1), unknown);
    assert.equal(portsOf("tcp", 1, unknown), unknown);
  });

  it("reads a port alike as a number and as text", () => {
    const port = fc.integer({ min: 0, max: 65_535 });
    fc.assert(
      fc.property(port, port, (from, to) => {
        assert.deepEqual(portsOf("tcp", String(from), String(to)), portsOf(6, from, to));
        assert.deepEqual(portsOf("tcp", from, to), { from, to });
      }),
    );
  });
});
