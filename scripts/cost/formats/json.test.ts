import assert from "node:assert/strict";
import { differenceOf } from "../difference.ts";
import { amount, digits, sum } from "../money.ts";
import { reportCase, shippedLike } from "../report.cases.ts";
import { settled } from "../report-rounding.ts";
import { stacksOfReport } from "../report-reading.ts";
import { jsonText, reportJson } from "./json.ts";
import { reportSchema } from "./schema.ts";

const difference = differenceOf(shippedLike.slice(0, 1), shippedLike, "main");
const text = jsonText(reportCase({ difference }));
const json: unknown = JSON.parse(text);

describe("a report as JSON", () => {
  it("has the documented shape, and nothing else", () => {
    assert.deepEqual(reportSchema.parse(json), json);
  });

  it("has exactly these keys in a stack and in a line", () => {
    const { stacks } = reportSchema.parse(json);
    assert.ok(["stack", "monthly", "lines", "notPriced"].every((key) => Object.keys(stacks[0] ?? {}).includes(key)));
    const wanted =
      "urn type component tags provider service item unit quantity unitPrice monthly usageBased assumption";
    assert.deepEqual(Object.keys(stacks[0]?.lines[0] ?? {}).slice(0, 13), wanted.split(" "));
  });

  it("has no number: every amount is a decimal text without an exponent", () => {
    assert.doesNotMatch(text, /": -?\d/);
    assert.equal(
      reportJson(reportCase({ stacks: shippedLike.slice(0, 1) })).stacks[0]?.monthly.expected,
      digits(settled(shippedLike[0] ?? assert.fail()).monthly.expected),
    );
  });

  it("adds up: lines to their stack, groups of one grouping to all stacks", () => {
    const { stacks, groups } = reportSchema.parse(json);
    const total = sum(stacks.map(({ monthly }) => amount(monthly.expected)));
    for (const { lines, monthly } of stacks)
      assert.equal(digits(sum(lines.map((line) => amount(line.monthly)))), monthly.expected);
    for (const grouping of Map.groupBy(groups, ({ by }) => by.join()).values())
      assert.ok(sum(grouping.map(({ monthly }) => amount(monthly.expected))).equals(total));
  });

  it("is read again as it was written", () => {
    const read = stacksOfReport(json, "report.json");
    for (const { lines, part } of differenceOf(read, shippedLike, "report.json").stacks)
      assert.deepEqual([lines, part && digits(part)], [[], "0"]);
  });

  for (const [change, message] of [
    [{ currency: "EUR" }, "report.json is in EUR, and prices here are in USD: give a report in USD"],
    [{ stacks: [{}] }, /^report.json is no cost report \(stacks\.0\.stack: /],
    [{ stacks: undefined }, /^report.json is no cost report \(stacks: /],
  ] as const)
    it(`refuses ${JSON.stringify(change)} when it is read`, () =>
      assert.throws(() => stacksOfReport({ ...(json as object), ...change }, "report.json"), { message }));

  it("refuses what is no object at all", () => {
    assert.throws(() => stacksOfReport([], "report.json"), /report.json is no cost report/);
    assert.throws(() => stacksOfReport(null, "report.json"), /report.json is no cost report/);
  });
});
