import assert from "node:assert/strict";
import { CLOUDFLARE_RANGES, isWithin } from "./ranges.ts";

describe("a block of addresses", () => {
  for (const cidr of ["104.16.0.0/13", "104.17.0.0/16", "173.245.48.7/32", "2606:4700::/32", "2a06:98c1::/32"])
    it(`${cidr} is Cloudflare's`, () => {
      assert.equal(isWithin(cidr, CLOUDFLARE_RANGES), true);
    });

  for (const cidr of [
    "0.0.0.0/0",
    "104.0.0.0/8",
    "104.16.0.0/12",
    "8.8.8.8/32",
    "::/0",
    "2606::/16",
    "104.16.0.0",
    "x/8",
  ])
    it(`${cidr} is not`, () => {
      assert.equal(isWithin(cidr, CLOUDFLARE_RANGES), false);
    });
});
