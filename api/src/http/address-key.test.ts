import assert from "node:assert/strict";
import { addressKey } from "./address-key.ts";

describe("the key of a client without a token", () => {
  for (const [address, key] of [
    ["203.0.113.7", "address:203.0.113.7"],
    ["::ffff:203.0.113.7", "address:203.0.113.7"],
    ["2001:db8:0:1::5", "address:2001:db8:0:1"],
    ["2001:DB8:0000:0001:0:0:0:6", "address:2001:db8:0:1"],
    ["2001:db8::", "address:2001:db8:0:0"],
    ["fe80::1%eth0", "address:fe80:0:0:0"],
    ["::1", "address:0:0:0:0"],
    [undefined, "address:unknown"],
  ] as const)
    it(`is ${key} for ${String(address)}`, () => {
      assert.equal(addressKey(address), key);
    });
});
