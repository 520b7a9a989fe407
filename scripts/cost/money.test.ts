import assert from "node:assert/strict";
import { amount, cents, digits, sum, zero } from "./money.ts";

describe("money", () => {
  it("keeps what binary floating point loses", () => {
    assert.equal(digits(amount("0.1").plus(amount("0.2"))), "0.3");
    assert.equal(digits(sum(Array.from({ length: 10 }, () => amount("0.1")))), "1");
    assert.equal(digits(sum([])), "0");
  });

  it("rounds halves to the even cent, so that sums do not drift", () => {
    assert.deepEqual(
      ["0.005", "0.015", "0.025", "1.999"].map((text) => cents(amount(text))),
      ["0.00", "0.02", "0.02", "2.00"],
    );
    assert.equal(cents(zero), "0.00");
  });

  it("writes very small and very large amounts without an exponent", () => {
    assert.equal(digits(amount("0.0000000309")), "0.0000000309");
    assert.equal(digits(amount("18750000000").times(1000)), "18750000000000");
  });
});
