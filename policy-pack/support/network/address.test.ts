import assert from "node:assert/strict";
import { isInternalAddress } from "./address.ts";

describe("an address of an internal network", () => {
  for (const address of [
    "10.0.4.7",
    "172.31.255.255",
    "192.168.1.1",
    "127.0.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "::1",
    "0:0:0:0:0:0:0:1",
    "fd12:3456::1",
    "FE80::1",
    "::ffff:10.0.0.1",
  ])
    it(`is ${address}`, () => {
      assert.equal(isInternalAddress(address), true);
    });

  for (const address of ["172.32.0.1", "8.8.8.8", "100.128.0.1", "2606:4700::1111", "192.0.2.1", "100::", "", "host"])
    it(`is not ${JSON.stringify(address)}`, () => {
      assert.equal(isInternalAddress(address), false);
    });
});
