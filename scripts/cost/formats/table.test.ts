import assert from "node:assert/strict";
import { colors as picocolors } from "../../sandbox/cli/display/colors.ts";
import { noColors } from "../../sandbox/cli/display/colors.ts";
import { differenceOf } from "../difference.ts";
import { manyResources, reportCase, shippedLike, stackOf } from "../report.cases.ts";
import { tableText } from "./table.ts";

const difference = differenceOf(
  [stackOf("staging", []), stackOf("production", [{ name: "gone", monthly: 1_000 }])],
  shippedLike,
  "main",
);
const full = reportCase({ difference });
const as = (report: typeof full, width = 100): string => tableText(report, { colors: noColors, width });

describe("a report as a table", () => {
  it("says everything: totals, the difference, budgets, groups, lines, hints, assumptions, and what is not priced", () => {
    const heads = as(full)
      .split("\n")
      .filter((line) => /^[A-Z]/.test(line));
    for (const head of [
      "Cost in USD a month",
      "Against main",
      "Budget",
      "By CostCenter",
      "By Component",
      "The dearest lines of staging",
      "The dearest lines of production",
      "Cheaper choices",
      "Assumptions of staging",
      "Not priced in staging",
    ])
      assert.ok(heads.includes(head), head);
    assert.match(as(full), / {2}staging +112\.84 +118\.72 +144\.22 +7 lines, 1 free, 1 not priced/);
    assert.match(as(full), /\(cannot be tagged\) +31\.25 +31\.25 +15\.2 %/);
    assert.match(as(full), /99\.9 % of the spend that can bear tags is attributed/);
  });

  for (const width of [60, 80, 120])
    it(`fits ${width} characters`, () => {
      const longName = "a-name-that-nobody-would-give-to-anything-but-a-test-".repeat(3);
      const report = reportCase({
        difference,
        stacks: [...shippedLike, stackOf("preview-long", [{ name: longName, assumption: "many words ".repeat(30) }])],
      });
      for (const line of as(report, width).split("\n")) assert.ok(line.length <= width, `${line.length}: ${line}`);
    });

  it("sums up the lines after the fifteenth", () => {
    const lines = as(reportCase({ stacks: [manyResources(100)] })).split("\n");
    assert.ok(lines.some((line) => /^ {2}others +85 lines +[\d.,]+ ?$/.test(line)));
  });

  it("of an empty stack is short", () => {
    const text = as(reportCase({ stacks: [stackOf("staging", [])], hints: [], budgets: [] }));
    assert.match(text, /staging +0\.00 +0\.00 +0\.00 +0 lines/);
    assert.doesNotMatch(text, /dearest|Assumptions|Budget|Cheaper/);
  });

  it("is aligned whether it has colours or not", () => {
    const painted = tableText(full, { colors: picocolors, width: 100 });
    const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
    assert.equal(painted.replaceAll(escapes, ""), as(full));
  });
});
