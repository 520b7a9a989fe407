import assert from "node:assert/strict";
import { canonical, isPrivate, overlaps } from "./cidr.ts";
import { cloudflareRanges } from "./cloudflare-ranges.ts";

describe("Cloudflare's ranges", () => {
  it("are public, written from their first address, and each says something new", () => {
    for (const range of cloudflareRanges) {
      assert.equal(canonical(range), range);
      assert.ok(!isPrivate(range), `${range} is a private range`);
      const others = cloudflareRanges.filter((other) => other !== range);
      assert.deepEqual(
        others.filter((other) => overlaps(range, other)),
        [],
      );
    }
  });

  it("are a small part of the internet: 1.5 million addresses, not all of them", () => {
    const addresses = cloudflareRanges.reduce((sum, range) => sum + 2 ** (32 - Number(range.split("/")[1])), 0);
    assert.ok(addresses > 1_000_000 && addresses < 2_000_000, String(addresses));
  });
});
