import assert from "node:assert/strict";
import fc from "fast-check";
import { addressIn, cidrProblem, contains, isNetwork, networkOf, overlaps, parseCidr } from "./cidr.ts";

const cidr = (text: string) => parseCidr(text) ?? assert.fail(`${text} is no CIDR`);

const octet = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join("."));
const block = fc.tuple(ipv4, fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`);

describe("a CIDR block", () => {
  for (const text of ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "256.0.0.0/8", "10.0.0.0/08", "::/129", "x/8", ""])
    it(`is not ${JSON.stringify(text)}`, () => assert.equal(parseCidr(text), undefined));

  const relations: [string, string, boolean, boolean][] = [
    ["10.0.0.0/16", "10.0.5.0/24", true, true],
    ["10.0.5.0/24", "10.0.0.0/16", false, true],
    ["10.0.0.0/16", "10.1.0.0/24", false, false],
    ["10.0.0.0/24", "10.0.0.0/24", true, true],
    ["0.0.0.0/0", "203.0.113.7/32", true, true],
    ["::/0", "10.0.0.0/8", false, false],
    ["2600:1f18::/32", "2600:1f18:0:1::/64", true, true],
    ["::ffff:10.0.0.0/104", "::ffff:a01:203/128", true, true],
  ];
  for (const [outer, inner, inside, shared] of relations)
    it(`${outer} ${inside ? "contains" : "does not contain"} ${inner} and ${shared ? "overlaps" : "does not overlap"} it`, () => {
      assert.equal(contains(cidr(outer), cidr(inner)), inside);
      assert.equal(overlaps(cidr(outer), cidr(inner)), shared);
    });

  it("overlaps alike in both directions", () => {
    fc.assert(
      fc.property(block, block, (a, b) => assert.equal(overlaps(cidr(a), cidr(b)), overlaps(cidr(b), cidr(a)))),
    );
  });

  it("contains every address that it counts", () => {
    fc.assert(
      fc.property(block, fc.bigInt({ min: 0n, max: 1n << 40n }), (text, n) => {
        assert.ok(contains(cidr(text), cidr(`${addressIn(cidr(text), n)}/32`)));
      }),
    );
  });

  it("says which network was meant, and then has nothing to say", () => {
    fc.assert(
      fc.property(block, (text) => {
        const problem = cidrProblem(text, 4);
        assert.equal(problem === undefined, isNetwork(cidr(text)));
        const right = /did you mean "(.+)"/.exec(problem ?? "")?.[1];
        if (right === undefined) return;
        assert.equal(cidrProblem(right, 4), undefined);
        assert.equal(networkOf(cidr(right)), networkOf(cidr(text)));
      }),
    );
  });

  it("has a family", () => {
    assert.equal(cidrProblem("2600:1f18::/32", 6), undefined);
    assert.equal(cidrProblem("2600:1f18::/32", "any"), undefined);
    assert.match(cidrProblem("2600:1f18::/32", 4) ?? "", /not a valid IPv4 CIDR block/);
  });
});
