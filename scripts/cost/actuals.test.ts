import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { Decimal } from "decimal.js";
import { parse } from "csv-parse/sync";
import { UserError } from "../sandbox/user-error.ts";
import { type BillFolder, billFolder, type Cells, csvOf, focusRow, printed, report } from "./actuals/bill.cases.ts";
import { addDays } from "./actuals/calendar.ts";
import { openDatabase, quoted } from "./actuals/database.ts";

/** The first half of a file. */
function readStart(path: string): Buffer {
  const content = readFileSync(path);
  return content.subarray(0, content.length >> 1);
}

const range = (expected: string) => ({ low: expected, expected, high: expected });

/** A report of one stack with these lines, as the command writes it. */
const forecastOf = (lines: readonly (readonly [provider: string, tags: Cells, monthly: string])[]): string =>
  JSON.stringify({
    currency: "USD",
    stacks: [
      {
        stack: "staging",
        environment: "staging",
        monthly: range("0"),
        free: [],
        notPriced: [],
        lines: lines.map(([provider, tags, monthly]) => ({
          urn: "urn:pulumi:staging::groundwork::a:b/c:C::d",
          type: "a:b/c:C",
          component: "",
          tags,
          taggable: true,
          provider,
          service: "Fargate",
          item: "vCPU",
          unit: "hour",
          quantity: "1",
          quantityRange: range("1"),
          unitPrice: "1",
          monthly,
          monthlyRange: range(monthly),
          usageBased: false,
          assumption: null,
          price: "p",
          property: null,
          region: "eu-west-1",
        })),
      },
    ],
  });

const days = (first: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => addDays(first, index));

/** The one line that a command ends with. */
async function refused(...args: readonly string[]): Promise<string> {
  let message = "";
  await assert.rejects(printed(...args), (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 2);
    message = error.message;
    return true;
  });
  assert.doesNotMatch(message, /\n/);
  return message;
}

describe("npm run cost -- actuals", () => {
  let folder: BillFolder;
  beforeEach(() => {
    folder = billFolder();
  });
  afterEach(() => folder.remove());

  it("works out by hand: 10 complete days at 2, a plan of 31, an 11th day that has begun", async () => {
    const plan = {
      ProviderName: "Cloudflare, Inc.",
      ServiceName: "Pro",
      ChargeCategory: "Purchase",
      ChargePeriodEnd: "2026-11-01T00:00:00Z",
      ResourceId: "",
      Tags: "",
    };
    // As an export lays it out.
    mkdirSync(folder.path("data/BILLING_PERIOD=2026-10"), { recursive: true });
    folder.write("data/Manifest.json", "{}");
    folder.gzip(
      "data/BILLING_PERIOD=2026-10/aws-00001.csv.gz",
      csvOf([
        ...days("2026-10-01", 10).map((day) => focusRow(day, "2")),
        focusRow("2026-10-11", "0.5"),
        focusRow("2026-10-02", "1", { Tags: "{}" }),
        focusRow("2026-10-03", "-4", { ChargeCategory: "Credit" }),
        focusRow("2026-10-03", "-0.25", { ChargeClass: "Correction" }),
        focusRow("2026-10-01", "3.1", { ChargeCategory: "Tax" }),
      ]),
    );
    folder.write("cloudflare.csv", csvOf([focusRow("2026-10-01", "31", plan)]));
    const forecast = folder.write(
      "forecast.json",
      forecastOf([
        ["AWS", { Environment: "staging" }, "50"],
        ["Datadog", { Environment: "staging" }, "7"],
      ]),
    );
    const found = await report("--bill", folder.path("."), "--forecast", forecast);
    const [staging, untagged, untaggable] = found.groups;
    assert.deepEqual(staging?.values, ["staging"]);
    assert.equal(staging.billed, "20.5");
    assert.equal(staging.toDate, "20");
    assert.equal(staging.incomplete, "0.5");
    // 2 a day for 31 days, against 50.
    assert.equal(staging.runRate, "62");
    assert.equal(staging.forecast?.difference, "12");
    assert.equal(staging.forecast.part, "0.24");
    // 50 × 10 / 31.
    assert.equal(staging.forecast.toDate, "16.1290322581");
    assert.equal(untagged?.kind, "untagged");
    assert.equal(untagged.runRate, "3.1");
    assert.equal(untaggable?.kind, "untaggable");
    assert.equal(untaggable.fixed, "31");
    assert.equal(untaggable.runRate, "31");
    assert.equal(untaggable.toDate, "10");
    assert.deepEqual(found.apart, { credits: "-4", refunds: "-0.25", taxes: "3.1", other: "0" });
    // 20.5 + 1 + 31 - 4 - 0.25 + 3.1
    assert.equal(found.total.billed, "51.35");
    assert.equal(found.whole.runRate, "96.1");
    assert.deepEqual(found.notBilled, [{ provider: "Datadog", monthly: "7" }]);
    // 20.5 of 21.5.
    assert.equal(found.attributedShare, "0.9534883721");
    assert.deepEqual(
      found.providers.map(({ provider, completeDays }) => [provider, completeDays]),
      [
        ["AWS", 10],
        ["Cloudflare", 10],
      ],
    );
  });

  it("says the same of Parquet with a map and of CSV, to the last digit", async () => {
    const csv = folder.write(
      "bill.csv",
      csvOf(days("2026-10-01", 11).map((day, index) => focusRow(day, `0.00000000${index + 1}1`))),
    );
    const database = await openDatabase();
    try {
      await database.run(
        `COPY (SELECT * REPLACE (BilledCost::DOUBLE AS BilledCost, ChargePeriodStart::TIMESTAMPTZ AS ChargePeriodStart, MAP {'Environment': 'staging'} AS Tags)
         FROM read_csv(${quoted(csv)}, all_varchar = true, header = true)) TO ${quoted(folder.path("bill.parquet"))} (FORMAT parquet)`,
      );
    } finally {
      database.close();
    }
    const [one, other] = [await report("--bill", csv), await report("--bill", folder.path("bill.parquet"))];
    assert.deepEqual(other, one);
    assert.equal(one.groups[0]?.kind, "attributed");
  });

  it("reads CUR 2.0: tags in its own spelling, split lines once, savings plans spread", async () => {
    const row = (type: string, cost: string, over: Cells = {}): Cells => ({
      bill_billing_period_start_date: "2026-10-01T00:00:00.000Z",
      line_item_usage_start_date: "2026-10-02T05:00:00.000Z",
      line_item_usage_end_date: "2026-10-02T06:00:00.000Z",
      line_item_line_item_type: type,
      line_item_unblended_cost: cost,
      line_item_currency_code: "USD",
      line_item_product_code: "AmazonECS",
      product_servicecode: "",
      line_item_resource_id: "task",
      resource_tags: '{"user_cost_center":"engineering"}',
      savings_plan_savings_plan_effective_cost: "0",
      split_line_item_parent_resource_id: "",
      ...over,
    });
    const rows = [
      row("Usage", "5"),
      row("Usage", "5", { split_line_item_parent_resource_id: "i-1" }),
      row("SavingsPlanCoveredUsage", "3", { savings_plan_savings_plan_effective_cost: "2" }),
      row("SavingsPlanNegation", "-3"),
      row("Fee", "9"),
      row("Refund", "-1"),
      row("Something", "0.5"),
      row("Usage", "1", { line_item_usage_start_date: "2026-10-04T00:00:00.000Z" }),
    ];
    const bill = folder.gzip("cur.csv.gz", csvOf(rows));
    const found = await report("--bill", bill, "--group-by", "cost-centre");
    assert.equal(found.rows, 7);
    assert.deepEqual(
      found.groups.map(({ values, billed, fixed }) => [values, billed, fixed]),
      [[["engineering"], "15", "9"]],
    );
    assert.deepEqual(found.apart, { credits: "0", refunds: "-1", taxes: "0", other: "0.5" });
    assert.deepEqual(found.total, { billed: "14.5", effective: "16.5" });
  });

  it("expects again what last month charged once, and takes a past month as whole", async () => {
    const plan = { ChargeCategory: "Purchase", ProviderName: "Cloudflare", ServiceName: "Pro" };
    const bill = folder.write(
      "bill.csv",
      csvOf([focusRow("2026-09-20", "20", plan), ...days("2026-09-25", 10).map((day) => focusRow(day, "1"))]),
    );
    const open = await report("--bill", bill, "--today", "2026-10-05");
    assert.equal(open.groups[0]?.awaited, "20");
    assert.equal(open.groups[0].runRate, "51");
    const whole = await report("--bill", folder.write("past.csv", csvOf([focusRow("2026-09-20", "20", plan)])));
    assert.deepEqual([whole.month, whole.closed, whole.whole.runRate], ["2026-09", true, "20"]);
  });

  it("finds the first day of an unusual run, over the median by the threshold", async () => {
    const costs = days("2026-09-20", 21).map((day) =>
      focusRow(day, day === "2026-10-08" || day === "2026-10-09" ? "5" : "2"),
    );
    const bill = folder.write("bill.csv", csvOf(costs));
    const { anomalies } = await report("--bill", bill, "--threshold", "20%");
    assert.deepEqual(
      anomalies.map(({ firstDay, lastDay, excess }) => [firstDay, lastDay, excess]),
      [["2026-10-08", "2026-10-09", "6"]],
    );
    assert.deepEqual((await report("--bill", bill, "--threshold", "3")).anomalies, []);
  });

  it("adds up: groups and what stands apart are the bill, in every format", async () => {
    const row = fc.record({
      day: fc.constantFrom(...days("2026-10-01", 11)),
      cost: fc.integer({ min: -1_000_000, max: 1_000_000_000 }),
      category: fc.constantFrom("Usage", "Purchase", "Tax", "Credit", "Adjustment", "New"),
      tags: fc.constantFrom("", "{}", '{"Environment":"a"}', '{"user:Environment":"b\\"c"}', '{"Environment":""}'),
      resource: fc.constantFrom("", "r"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
        const cells = rows.map(({ day, cost, category, tags, resource }) =>
          focusRow(day, new Decimal(cost).div(1e8).toFixed(), {
            ChargeCategory: category,
            Tags: tags,
            ResourceId: resource,
          }),
        );
        const bill = folder.write("bill.csv", csvOf(cells));
        const total = Decimal.sum(...cells.map(({ BilledCost = "" }) => BilledCost)).toFixed();
        const found = await report("--bill", bill);
        assert.equal(found.total.billed, total);
        const parts = [...found.groups.map(({ billed }) => billed), ...Object.values(found.apart)];
        assert.equal(Decimal.sum(0, ...parts).toFixed(), total);
        const table = parse<Cells>(await printed("--bill", bill, "--format", "csv"), { columns: true });
        assert.equal(Decimal.sum(...table.map(({ billed = "0" }) => billed)).toFixed(), total);
      }),
      { numRuns: 8 },
    );
  });

  it("says in one line what is wrong with a bill", async () => {
    const good = csvOf([focusRow("2026-10-01", "1")]);
    const without = ({ BilledCost: _, ...rest }: Cells): Cells => rest;
    const bad: readonly (readonly [what: string, write: () => string, message: RegExp])[] = [
      ["a list", () => folder.write("list.csv", "a,b\n1,2\n"), /list\.csv is no bill: it has no column BilledCost/],
      [
        "a missing column",
        () => folder.write("less.csv", csvOf([without(focusRow("2026-10-01", "1"))])),
        /has no column BilledCost, which FOCUS must have/,
      ],
      ["nothing", () => folder.write("empty.csv", ""), /empty\.csv is empty/],
      ["a head alone", () => folder.write("head.csv", good.split("\n")[0] ?? ""), /head\.csv has no rows/],
      ["a cut gzip", () => cut(), /cut\.csv\.gz is cut/],
      ["a cut Parquet", () => folder.write("cut.parquet", "PAR1 and no end"), /is cut: its Parquet has no end/],
      [
        "euros",
        () => folder.write("eur.csv", csvOf([focusRow("2026-10-01", "1", { BillingCurrency: "EUR" })])),
        /billed in EUR \(1 rows\)/,
      ],
      [
        "a word for an amount",
        () => folder.write("word.csv", csvOf([focusRow("2026-10-01", "much")])),
        /word\.csv has much in BilledCost, which is no amount/,
      ],
      [
        "no date",
        () => folder.write("date.csv", csvOf([focusRow("2026-10-01", "1", { ChargePeriodStart: "10/1/2026" })])),
        /"10\/1\/2026" where a date belongs/,
      ],
      [
        "tags that are no JSON",
        () => folder.write("tags.csv", csvOf([focusRow("2026-10-01", "1", { Tags: "{a" })])),
        /tags\.csv: the column Tags holds what is no JSON/,
      ],
      ["no file", () => folder.path("none.csv"), /none\.csv does not exist/],
    ];
    function cut(): string {
      const path = folder.gzip(
        "cut.csv.gz",
        csvOf(
          days("2026-10-01", 11).flatMap((day) => Array.from({ length: 200 }, (_, index) => focusRow(day, `${index}`))),
        ),
      );
      return folder.write("cut.csv.gz", readStart(path));
    }
    for (const [what, write, message] of bad) assert.match(await refused("--bill", write()), message, what);
  });

  it("refuses several versions of one month, and AWS twice", async () => {
    mkdirSync(folder.path("BILLING_PERIOD=2026-10/run-1"), { recursive: true });
    mkdirSync(folder.path("BILLING_PERIOD=2026-10/run-2"));
    for (const run of ["run-1", "run-2"])
      folder.write(`BILLING_PERIOD=2026-10/${run}/bill.csv`, csvOf([focusRow("2026-10-01", "1")]));
    assert.match(await refused("--bill", folder.path(".")), /2 versions of one bill.*run-2/);

    const cur = {
      bill_billing_period_start_date: "2026-10-01",
      line_item_usage_start_date: "2026-10-01",
      line_item_usage_end_date: "2026-10-02",
      line_item_line_item_type: "Usage",
      line_item_unblended_cost: "1",
      line_item_currency_code: "USD",
      line_item_product_code: "AmazonS3",
      resource_tags: "",
    };
    mkdirSync(folder.path("both"));
    folder.write("both/cur.csv", csvOf([cur]));
    folder.write("both/focus.csv", csvOf([focusRow("2026-10-01", "1")]));
    assert.match(await refused("--bill", folder.path("both")), /both as CUR 2\.0 and as FOCUS/);
  });

  it("says in one line what is wrong with an option", async () => {
    const bill = folder.write("bill.csv", csvOf([focusRow("2026-10-01", "1")]));
    const bad: readonly (readonly [args: readonly string[], message: RegExp])[] = [
      [["--threshold", "-5"], /argument is ambiguous|negative/],
      [["--threshold=-5%"], /negative/],
      [["--threshold", "5 EUR"], /USD/],
      [["--group-by", "Environmnt"], /did you mean "Environment"/],
      [["--today", "2026-02-30"], /is no date/],
      [["--today", "2026-01-01"], /out of range: the bill is of 2026-10/],
      [["--today", "2027-01-01"], /out of range/],
      [["--format", "jsn"], /did you mean "json"/],
      [["--forecast", bill], /is no JSON/],
    ];
    for (const [args, message] of bad) assert.match(await refused("--bill", bill, ...args), message, args.join(" "));
    assert.match(await refused(), /give --bill/);
  });

  it("shows people a table, and progress on a terminal alone", async () => {
    const bill = folder.write("bill.csv", csvOf(days("2026-10-01", 11).map((day) => focusRow(day, "1000"))));
    const text = await printed("--bill", bill);
    assert.match(text, /Environment +billed +to date +run rate\n +staging +11,000\.00 +10,000\.00 +31,000\.00/);
    assert.match(text, /Anomalies\n {2}none/);
  });
});
