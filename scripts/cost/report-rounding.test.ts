import assert from "node:assert/strict";
import fc from "fast-check";
import { amount, cents, digits, sum } from "./money.ts";
import { shippedLike, stackOf } from "./report.cases.ts";
import { inCents, rangesInCents, settled } from "./report-rounding.ts";

describe("amounts as they are shown", () => {
  it("add up to their total, and none is a cent away from what it is", () => {
    const amounts = fc.array(
      fc.bigInt(0n, 10n ** 15n).map((units) => amount(units.toString()).dividedBy("1e10")),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(amounts, (parts) => {
        const shown = inCents(parts);
        assert.equal(cents(sum(shown)), cents(sum(parts)));
        for (const [index, part] of parts.entries()) {
          assert.ok(shown[index]?.minus(part).abs().lessThan("0.01"), `${digits(part)} shown as another amount`);
          assert.equal(shown[index]?.decimalPlaces(), shown[index]?.toDecimalPlaces(2).decimalPlaces());
        }
      }),
    );
  });

  it("gives the missing cents to the largest remainders", () => {
    const thirds = [amount("33.333"), amount("33.333"), amount("33.334")];
    assert.deepEqual(inCents(thirds).map(cents), ["33.33", "33.33", "33.34"]);
    assert.deepEqual(inCents([amount("0.004"), amount("0.004"), amount("0.004")]).map(cents), ["0.01", "0.00", "0.00"]);
    assert.deepEqual(inCents([]), []);
  });

  it("shows ends that are the same as what is expected the same, and others to their own cent", () => {
    const shown = rangesInCents(
      ["16.425", "16.425"].map((value) => ({ low: amount(value), expected: amount(value), high: amount("70.911") })),
    );
    assert.deepEqual(
      shown.map(({ low, expected, high }) => [low, expected, high].map(cents)),
      [
        ["16.43", "16.43", "70.91"],
        ["16.42", "16.42", "70.91"],
      ],
    );
  });
});

describe("a settled stack", () => {
  it("is the exact sum of its lines, each of at most ten decimals", () => {
    for (const stack of shippedLike.map(settled)) {
      for (const { monthly } of stack.lines) assert.ok(monthly.expected.decimalPlaces() <= 10);
      assert.ok(sum(stack.lines.map(({ monthly }) => monthly.expected)).equals(stack.monthly.expected));
    }
    assert.equal(
      digits(settled(stackOf("staging", [{ name: "a", monthly: "0.12345678915" }])).monthly.high),
      "0.1234567892",
    );
  });
});
