import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stacksUp } from "../conformance/stacks-up.ts";
import type { Place } from "../sandbox/cli/session.ts";
import { budgetsOf } from "./budget.ts";
import { assertAgreement } from "./formats/agreement.cases.ts";
import { budgetText } from "./formats/words.ts";
import { attributionTarget } from "./groups.ts";
import { hintsOf } from "./hints.ts";
import { amount, cents, sum } from "./money.ts";
import { pricesFrom, readPriceRows } from "./prices.ts";
import { type CostReport, reportOf } from "./report.ts";
import { datesOf } from "./report-prices.ts";
import { type Estimated, estimated } from "./report-sources.ts";
import { usages } from "./usage.ts";

/** What no public page prices, by type; each says why in the report. A new one is a decision, so it stands here. */
const knownUnpriced = [
  "aws:guardduty/detector:Detector",
  "aws:lb/trustStore:TrustStore",
  "datadog:aws/integrationAccount:IntegrationAccount",
  "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule",
  "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint",
] as const;

const record = join(import.meta.dirname, "../../docs/decisions/0017-what-the-dearest-lines-buy.md");

const previewStack = "preview-costs";

/** The targets that the budgets of the settings may not be above, in USD. */
const targets: Readonly<Record<"month" | "day", Readonly<Record<string, string>>>> = {
  month: { production: "330", staging: "200" },
  day: { [previewStack]: "0.50" },
};

describe("what the shipped stacks cost", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "shipped-costs-"));
  let read: readonly Estimated[] = [];
  let report: CostReport;
  before(async () => {
    cpSync((await stacksUp()).state, folder, { recursive: true });
    const place: Place = { cwd: import.meta.dirname, stateDir: folder };
    const rows = readPriceRows();
    const prices = pricesFrom(rows);
    read = await estimated(
      [
        { kind: "stack", stack: "staging" },
        { kind: "stack", stack: "production" },
        { kind: "preview", stack: previewStack },
      ],
      { place, usages, prices },
    );
    const stacks = read.map(({ cost }) => cost);
    report = reportOf({
      stacks,
      now: new Date(),
      prices: datesOf(stacks, rows),
      hints: read.flatMap(({ cost, source }) => hintsOf({ cost, world: source.world, prices })),
      budgets: budgetsOf(stacks),
    });
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("accounts for every resource: priced, free, or named with the reason", () => {
    for (const { source, cost } of read) {
      const accounted = new Set([...cost.lines, ...cost.free, ...cost.notPriced].map(({ urn }) => urn));
      const lost = source.resources.filter(({ urn }) => !accounted.has(urn)).map(({ urn }) => urn);
      assert.deepEqual(lost, [], cost.stack);
      const unpriced = new Set(cost.notPriced.map(({ type }) => type));
      assert.deepEqual([...unpriced.difference(new Set<string>(knownUnpriced))], [], cost.stack);
    }
  });

  it("shows the same sums in every format, and FOCUS allows the CSV", () => {
    assertAgreement(report);
  });

  it("attributes over 98 % of what can bear tags, and leaves under 2 % of all untagged", () => {
    assert.ok(report.attributedShare.greaterThanOrEqualTo(attributionTarget), report.attributedShare.toFixed());
    assert.ok(report.untaggedShare.lessThan(amount(1).minus(attributionTarget)), report.untaggedShare.toFixed());
  });

  for (const stack of ["production", "staging"])
    it(`${stack}: its five dearest lines stand in the decision record, as they are now`, () => {
      const cost = report.stacks.find((one) => one.stack === stack) ?? assert.fail(`${stack} was not read`);
      const byItem = Map.groupBy(cost.lines, ({ service, item }) => `${service}: ${item}`);
      const dearest = [...byItem]
        .map(([item, lines]) => [item, sum(lines.map(({ monthly }) => monthly.expected))] as const)
        .toSorted(([, a], [, b]) => b.comparedTo(a))
        .slice(0, 5);
      const text = readFileSync(record, "utf8").replaceAll(/ +/g, " ");
      // Half a cent is shown as either.
      const missing = dearest.filter(([item, usd]) => {
        const told = text
          .split(`\n| ${item} | `)
          .slice(1)
          .map((rest) => amount(/^[\d.]+/.exec(rest)?.[0] ?? 0));
        return !told.some((one) => one.minus(usd).abs().lessThan("0.01"));
      });
      assert.deepEqual(
        missing.map(([item, usd]) => `| ${item} | ${cents(usd)} |`),
        [],
        record,
      );
    });

  it("costs what the decision record says", () => {
    const text = readFileSync(record, "utf8");
    const told = report.budgets.map(({ expected }) => cents(expected));
    assert.deepEqual(
      told.filter((usd) => !text.includes(` ${usd}`)),
      [],
      record,
    );
  });

  it("stays within every budget", () => {
    const texts = report.budgets.map((budget) => `      ${budgetText(budget)}\n`);
    process.stdout.write(texts.join(""));
    assert.deepEqual(
      report.budgets.map(({ stack, limit, period }) => [
        stack,
        period,
        limit.lessThanOrEqualTo(targets[period][stack] ?? 0),
      ]),
      [
        ["staging", "month", true],
        ["production", "month", true],
        [previewStack, "day", true],
      ],
    );
    assert.deepEqual(report.budgets.filter(({ broken }) => broken).map(budgetText), []);
  });
});
