import assert from "node:assert/strict";
import { environments } from "../../infra/settings/environments.ts";
import { budgetOf, budgetsOf, limitOf } from "./budget.ts";
import { amount } from "./money.ts";
import { between, exactly } from "./range.ts";
import { stackOf } from "./report.cases.ts";

const limits = environments.costs.monthlyLimitUsd;

describe("a budget", () => {
  it("is the settings', for a month, and for a preview's day", () => {
    assert.deepEqual(limitOf("production"), { limit: amount(limits.production), period: "month" });
    assert.deepEqual(limitOf("staging"), { limit: amount(limits.staging), period: "month" });
    const preview = limitOf("preview");
    assert.equal(preview.period, "day");
    assert.ok(preview.limit.lessThanOrEqualTo("0.5"), "at most 0.50 USD a day");
  });

  const month = { limit: amount(100), period: "month" } as const;
  const cases = [
    ["is kept below its limit", exactly("99.994"), false],
    ["is kept at its limit", exactly(100), false],
    ["is broken by a cent more", exactly("100.01"), true],
    ["is kept where only the high end is above it", between(1, 50, 120), false],
  ] as const;
  for (const [what, monthly, broken] of cases)
    it(what, () => {
      const budget = budgetOf({ stack: "staging", monthly }, month);
      assert.deepEqual(budget, { stack: "staging", ...month, expected: monthly.expected, high: monthly.high, broken });
    });

  it("of a day is the month's part: 730 hours are 30.42 days", () => {
    const budget = budgetOf({ stack: "preview-x", monthly: exactly(730) }, { limit: amount(24), period: "day" });
    assert.equal(budget.expected.toFixed(), "24");
    assert.equal(budget.broken, false);
  });

  it("is compared for every stack", () => {
    const dear = stackOf("staging", [{ name: "dear", monthly: limits.staging + 1 }]);
    const cheap = stackOf("production", [{ name: "cheap", monthly: 1 }]);
    assert.deepEqual(
      budgetsOf([dear, cheap]).map(({ stack, broken }) => [stack, broken]),
      [
        ["staging", true],
        ["production", false],
      ],
    );
  });
});
