import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { Refusal } from "../service.ts";
import type { SubnetSpec } from "./args.ts";
import { type Block, first, formatBlock, ipv6SubnetBlock, last, overlaps, parseBlock, sizeOf } from "./cidr.ts";
import { type LayoutRequest, derivedLayout, layOut, normalizeSpecs, refuseGaps, refuseOverlaps } from "./subnets.ts";

const vpcs = fc
  .record({ network: fc.nat(255), mask: fc.integer({ min: 16, max: 24 }) })
  .map(({ network, mask }): Block => ({ address: (10 * 256 + network) * 65536, mask }));

const types = fc.constantFrom("Public", "Private", "Isolated", "Unused");
const masks = fc.integer({ min: 17, max: 28 });
const zones = fc.integer({ min: 1, max: 6 });

/** Specs whose names differ. `mask` may leave some without a size. */
const specsWith = (mask: fc.Arbitrary<number | undefined>): fc.Arbitrary<SubnetSpec[]> =>
  fc.array(fc.tuple(types, mask), { minLength: 1, maxLength: 6 }).map((items) =>
    items.map(([type, cidrMask], index) => ({
      type,
      name: `subnet${String(index)}`,
      ...(cidrMask === undefined ? {} : { cidrMask }),
    })),
  );

/** The ranges, or undefined where they are refused. Any other failure is the test's. */
function accepted(request: LayoutRequest, vpc: Block): Block[] | undefined {
  try {
    const specs = request.specs === undefined ? undefined : normalizeSpecs(request.specs, request.zones);
    const layout = layOut({ ...request, specs });
    const blocks = layout.allocate(vpc);
    assert.equal(blocks.length, layout.slots.length);
    const named = blocks.map((block, index) => ({ name: String(index), block }));
    refuseOverlaps(named);
    if (request.strategy === "Exact") refuseGaps(vpc, named);
    return blocks;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function assertDisjoint(blocks: readonly Block[]): void {
  const ordered = [...blocks].sort((a, b) => first(a) - first(b));
  for (const [index, block] of ordered.entries()) {
    const next = ordered[index + 1];
    if (next !== undefined) assert.ok(last(block) < first(next), `${formatBlock(block)} and ${formatBlock(next)}`);
  }
}

function assertInside(blocks: readonly Block[], vpc: Block): void {
  for (const block of blocks)
    assert.ok(first(block) >= first(vpc) && last(block) <= last(vpc), `${formatBlock(block)} in ${formatBlock(vpc)}`);
}

describe("subnets of a VPC", () => {
  it("never overlap, whatever the strategy, sizes, and zones", () => {
    const strategies = fc.constantFrom("Auto", "AutoMerge", "Exact", "Legacy");
    fc.assert(
      fc.property(
        vpcs,
        zones,
        strategies,
        specsWith(fc.option(masks, { nil: undefined })),
        (vpc, count, strategy, specs) => {
          const blocks = accepted({ specs, strategy, zones: count, zoneMask: undefined }, vpc);
          if (blocks !== undefined) assertDisjoint(blocks);
        },
      ),
    );
  });

  it("are the same for the same arguments", () => {
    fc.assert(
      fc.property(vpcs, zones, specsWith(masks), (vpc, count, specs) => {
        const request: LayoutRequest = { specs, strategy: "Auto", zones: count, zoneMask: undefined };
        assert.deepEqual(accepted(request, vpc), accepted(request, vpc));
      }),
    );
  });

  it("lie in the VPC and are accepted where the zone is divided evenly", () => {
    fc.assert(
      fc.property(vpcs, zones, specsWith(fc.constant(undefined)), (vpc, count, specs) => {
        const blocks = accepted({ specs, strategy: "Auto", zones: count, zoneMask: undefined }, vpc);
        assert.ok(blocks);
        assertDisjoint(blocks);
        assertInside(blocks, vpc);
      }),
    );
  });

  it("lie in the VPC where the larger ones come first, and are refused only for want of addresses", () => {
    fc.assert(
      fc.property(vpcs, zones, specsWith(masks), (vpc, count, unordered) => {
        const specs = unordered.toSorted((a, b) => (a.cidrMask ?? 0) - (b.cidrMask ?? 0));
        const needed = specs.reduce((sum, spec) => sum + sizeOf(spec.cidrMask ?? 32), 0);
        const blocks = accepted({ specs, strategy: "Auto", zones: count, zoneMask: undefined }, vpc);
        assert.equal(blocks !== undefined, needed <= sizeOf(vpc.mask + Math.ceil(Math.log2(count))));
        if (blocks === undefined) return;
        assertInside(blocks, vpc);
        assertDisjoint(blocks);
      }),
    );
  });

  it("keep the order of the specs in the Auto strategy", () => {
    fc.assert(
      fc.property(vpcs, specsWith(masks), (vpc, specs) => {
        const blocks = accepted({ specs, strategy: "Auto", zones: 1, zoneMask: undefined }, vpc) ?? [];
        const starts = blocks.map(first);
        assert.deepEqual(
          starts,
          [...starts].sort((a, b) => a - b),
        );
      }),
    );
  });

  it("fill the VPC to the last address in the Exact strategy", () => {
    // Halving the rest again and again leaves no gap; so does any order from large to small.
    fc.assert(
      fc.property(vpcs, fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 3 }), (vpc, zoneBits, halvings) => {
        const zone = vpc.mask + zoneBits;
        const cuts = [...Array.from({ length: halvings }, (_, index) => zone + index + 1), zone + halvings];
        const specs = cuts.map((cidrMask, index) => ({ type: "Isolated", name: `s${String(index)}`, cidrMask }));
        const request: LayoutRequest = { specs, strategy: "Exact", zones: 2 ** zoneBits, zoneMask: undefined };
        const blocks = accepted(request, vpc);
        assert.ok(blocks);
        assert.equal(
          blocks.reduce((sum, block) => sum + sizeOf(block.mask), 0),
          sizeOf(vpc.mask),
        );
        assert.equal(accepted({ ...request, specs: specs.slice(1) }, vpc), undefined);
      }),
    );
  });

  it("stay where they are when the derived layout is given to the Auto strategy", () => {
    fc.assert(
      fc.property(vpcs, specsWith(fc.integer({ min: 20, max: 28 })), (vpc, unordered) => {
        const specs = unordered
          .filter((spec) => spec.type !== "Unused")
          .toSorted((a, b) => (b.cidrMask ?? 0) - (a.cidrMask ?? 0));
        const request: LayoutRequest = { specs, strategy: "Auto", zones: 1, zoneMask: undefined };
        const blocks = accepted(request, vpc);
        if (blocks === undefined || blocks.some((block) => last(block) > last(vpc))) return;
        const derived = derivedLayout(layOut(request).slots, blocks, 1);
        const again = accepted(
          { ...request, specs: derived.map((spec, index) => ({ ...spec, name: String(index) })) },
          vpc,
        );
        assert.deepEqual(
          again?.filter((_, index) => derived[index]?.type !== "Unused"),
          blocks,
        );
      }),
    );
  });
});

describe("an IPv4 range", () => {
  const blocks = fc.record({ address: fc.nat(2 ** 31 - 1), mask: fc.nat(32) }, { noNullPrototype: true });

  it("reads as it is written", () => {
    fc.assert(fc.property(blocks, (block) => assert.deepEqual(parseBlock(formatBlock(block)), block)));
  });

  it("overlaps another exactly where one holds an end of the other", () => {
    fc.assert(
      fc.property(blocks, blocks, (a, b) => {
        const holds = (outer: Block, address: number): boolean => first(outer) <= address && address <= last(outer);
        assert.equal(overlaps(a, b), holds(a, first(b)) || holds(a, last(b)) || holds(b, first(a)));
      }),
    );
  });

  for (const text of [
    "",
    "10.0.0.0",
    "10.0.0/16",
    "10.0.0.256/16",
    "10.0.0.0/33",
    "10.0.0.0/a",
    "10.0.0.0/16/1",
    "fd00::/56",
  ])
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.equal(parseBlock(text), undefined);
    });
});

describe("an IPv6 subnet", () => {
  const cases: readonly (readonly [string, number, string | undefined])[] = [
    ["2600:1f18:1:ab00::/56", 5, "2600:1f18:1:ab05::/64"],
    ["2600:1f18:1:ab00::/56", 255, "2600:1f18:1:abff::/64"],
    ["2600:1f18:1:ab00::/56", 256, undefined],
    ["2600:1f18:1:ab00::/48", 0, undefined],
    ["2600:1f18::/56", 0, undefined],
    ["no address/56", 0, undefined],
  ];
  for (const [vpc, index, expected] of cases)
    it(`${String(index)} of ${vpc} is ${expected ?? "none"}`, () => {
      assert.equal(ipv6SubnetBlock(vpc, index), expected);
    });
});
