import assert from "node:assert/strict";
import { differenceOf, wholeChange } from "./difference.ts";
import { brokenBy, thresholdOf } from "./difference-threshold.ts";
import { digits, sum } from "./money.ts";
import { between } from "./range.ts";
import { type LineCase, shippedLike, stackOf } from "./report.cases.ts";

const arm: LineCase = { name: "api", quantity: 730, property: "cpu" };
const x86: LineCase = { ...arm, item: "Linux x86 vCPU", price: "fargate-x86-vcpu", unitPrice: "0.04048" };
const linesOf = (before: readonly LineCase[], after: readonly LineCase[]) =>
  differenceOf([stackOf("staging", before)], [stackOf("staging", after)], "main").stacks[0]?.lines ?? [];
const told = (before: readonly LineCase[], after: readonly LineCase[]) =>
  linesOf(before, after).map(({ change, cause, delta }) => [change, cause, digits(delta)]);

describe("the difference of two stacks", () => {
  it("is nothing for the same lines", () => {
    const { stacks } = differenceOf(shippedLike, shippedLike, "main");
    for (const { lines, delta, part } of stacks) {
      assert.deepEqual(lines, []);
      assert.deepEqual([digits(delta), part && digits(part)], ["0", "0"]);
    }
  });

  it("names the property and both quantities", () => {
    assert.deepEqual(told([arm], [{ ...arm, quantity: 1460 }]), [["changed", "cpu: 730 to 1460 vCPU-hour", "23.6374"]]);
  });

  it("sees another price of one property as a change, not as one line gone and one new", () => {
    assert.deepEqual(told([x86], [arm]), [["changed", "cpu: Linux x86 vCPU to Linux ARM vCPU", "-5.913"]]);
  });

  it("tells a price that changed from a quantity that did", () => {
    assert.deepEqual(told([{ ...arm, unitPrice: "0.03" }], [arm]), [
      ["changed", "price: 0.03 to 0.03238 a vCPU-hour", "1.7374"],
    ]);
    assert.deepEqual(told([{ ...arm, monthly: 20 }], [{ ...arm, monthly: 19 }]), [
      ["changed", "tiers of what the whole stack uses", "-1"],
    ]);
  });

  it("says whether a resource came or only a part of it", () => {
    assert.deepEqual(told([], [arm]), [["added", "resource added", "23.6374"]]);
    assert.deepEqual(told([arm], []), [["removed", "resource removed", "-23.6374"]]);
    const storage = { name: "api", item: "Storage", unit: "GB-hour", price: "s", property: "ephemeralStorage" };
    assert.deepEqual(told([arm], [arm, { ...storage, monthly: 3, service: "Disk" }]), [
      ["added", "ephemeralStorage", "3"],
    ]);
  });

  it("counts a wider span as a change", () => {
    const [change] = linesOf([arm], [{ ...arm, quantity: between(365, 730, 1460) }]);
    assert.equal(change?.cause, "cpu: 730 to 730 (365, 1460) vCPU-hour");
    assert.equal(change.delta.isZero(), true);
  });

  it("leaves out what costs nothing before and after", () => {
    assert.deepEqual(linesOf([], [{ ...arm, quantity: 0 }]), []);
  });

  it("has the largest first, and adds up to the stack's", () => {
    const [stack] = differenceOf(
      [stackOf("staging", [arm, { name: "old", monthly: 100 }])],
      [
        stackOf("staging", [
          { ...arm, quantity: 1460 },
          { name: "new", monthly: 7 },
        ]),
      ],
      "main",
    ).stacks;
    assert.ok(stack);
    assert.deepEqual(
      stack.lines.map(({ change }) => change),
      ["removed", "changed", "added"],
    );
    assert.ok(sum(stack.lines.map(({ delta }) => delta)).equals(stack.delta));
  });

  it("pairs stacks by name, then a new preview with the one that is gone, and adds or removes the rest whole", () => {
    const preview = (name: string, monthly: number) =>
      stackOf(`preview-${name}`, [{ name: "api", monthly }], { environment: "preview" });
    const { stacks } = differenceOf(
      [preview("a", 1), stackOf("staging", [arm])],
      [preview("b", 3), stackOf("production", [arm])],
      "main",
    );
    assert.deepEqual(
      stacks.map(({ stack, part, lines }) => [stack, part && digits(part), lines[0]?.change]),
      [
        ["preview-b", "2", "changed"],
        ["production", undefined, "added"],
        ["staging", "-1", "removed"],
      ],
    );
  });

  it("compares two single stacks whatever they are called", () => {
    const { stacks } = differenceOf([stackOf("staging", [arm])], [stackOf("production", [arm])], "staging");
    assert.deepEqual(stacks[0]?.lines, []);
  });

  it("names what is newly not priced", () => {
    const unpriced = [{ urn: "urn:pulumi:staging::groundwork::a:b:C::x", type: "a:b:C", reason: "No page." }];
    const [stack] = differenceOf(
      [stackOf("staging", [])],
      [stackOf("staging", [], { notPriced: unpriced })],
      "main",
    ).stacks;
    assert.deepEqual(stack?.newlyUnpriced, ["urn:pulumi:staging::groundwork::a:b:C::x"]);
  });

  it("has one total over all stacks", () => {
    const { delta, part } = wholeChange(
      differenceOf(
        [stackOf("staging", [{ ...arm, monthly: 10 }])],
        [stackOf("staging", [{ ...arm, monthly: 15 }])],
        "main",
      ),
    );
    assert.deepEqual([digits(delta), part && digits(part)], ["5", "0.5"]);
  });
});

describe("--fail-over", () => {
  const grown = differenceOf(
    [stackOf("staging", [{ ...arm, monthly: 100 }]), stackOf("production", [{ ...arm, monthly: 100 }])],
    [stackOf("staging", [{ ...arm, monthly: 110 }]), stackOf("production", [{ ...arm, monthly: 50 }])],
    "main",
  );
  const broken = (given: string) => brokenBy(grown, thresholdOf(given)).map(({ stack }) => stack);

  it("fails above the threshold, not at it, and never for what became cheaper", () => {
    assert.deepEqual(["9.99%", "10%", "9.99", "10 USD", "10usd"].map(broken), [["staging"], [], ["staging"], [], []]);
  });

  it("counts what is new as beyond any share, and no change as within 0", () => {
    const added = differenceOf([], [stackOf("staging", [{ ...arm, monthly: 1 }])], "main");
    assert.equal(brokenBy(added, thresholdOf("1000%")).length, 1);
    assert.equal(brokenBy(differenceOf(shippedLike, shippedLike, "main"), thresholdOf("0")).length, 0);
  });

  for (const [given, message] of [
    ["ten", /give a share such as 10%/],
    ["-5", /give a share such as 10%/],
    ["10 EUR", /prices are in USD/],
    ["", /give a share such as 10%/],
  ] as const)
    it(`refuses ${JSON.stringify(given)}`, () => assert.throws(() => thresholdOf(given), message));
});
