import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import { PRICES_FILE, readPriceRows } from "../prices.ts";
import { reportCase, stackOf } from "../report.cases.ts";
import { csvText } from "./csv.ts";
import { columnRules, faultsOf } from "./focus.cases.ts";

const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true });
const columnsOf = (text: string): string[] => text.slice(0, text.indexOf("\n")).split(",");
const checked = (text: string): readonly string[] => faultsOf(columnsOf(text), rowsOf(text));

describe("a report as FOCUS 1.2", () => {
  const text = csvText(reportCase());
  const rows = rowsOf(text);

  it("has every mandatory column, every wanted one, and only values that FOCUS allows", () => {
    assert.deepEqual(checked(text), []);
    assert.deepEqual(
      Object.keys(columnRules).filter((name) => !columnsOf(text).includes(name)),
      [],
    );
  });

  it("has a row for every line, with its tags as JSON and the project's own columns", () => {
    assert.equal(rows.length, 14);
    const row = rows.find(({ ResourceName, x_Stack }) => ResourceName === "balancer" && x_Stack === "staging");
    assert.deepEqual([row?.["Tags"], row?.["x_Component"], row?.["x_Taggable"]], ["{}", "LoadBalancer", "false"]);
    assert.deepEqual([row?.["x_Low"], row?.["x_High"]], ["0.584", "11.68"]);
    assert.equal((JSON.parse(rows[0]?.["Tags"] ?? "") as Record<string, string>)["CostCenter"], "platform");
  });

  it("has the month as its period, also over a year's end", () => {
    const december = rowsOf(csvText(reportCase({ now: new Date("2026-12-31T23:59:59Z") })))[0];
    assert.equal(december?.["BillingPeriodStart"], "2026-12-01T00:00:00Z");
    assert.equal(december["BillingPeriodEnd"], "2027-01-01T00:00:00Z");
  });

  it("has the average as unit price where tiers make it another than the first paid one", () => {
    const out = rows.find(({ ResourceName }) => ResourceName === "out");
    assert.deepEqual([out?.["ListUnitPrice"], out?.["x_FirstPaidUnitPrice"]], ["0.03", "0.09"]);
  });

  it("gives a spreadsheet nothing to run", () => {
    const given = csvText(reportCase({ stacks: [stackOf("staging", [{ name: "=1+1", component: "@SUM(A1)" }])] }));
    assert.deepEqual(
      rowsOf(given).map((row) => [row["ResourceName"], row["x_Component"]]),
      [["'=1+1", "'@SUM(A1)"]],
    );
  });

  it("knows a category for every service of the price list", () => {
    const lines = readPriceRows(PRICES_FILE).map(({ provider, service }, index) => ({ provider, service, index }));
    const stacks = [
      stackOf(
        "staging",
        lines.map(({ provider, service, index }) => ({ name: `r${index}`, service, provider: provider as "AWS" })),
      ),
    ];
    const made = rowsOf(csvText(reportCase({ stacks })));
    assert.deepEqual(faultsOf(columnsOf(text), made), []);
    const other = made.filter((row) => row["ServiceCategory"] === "Other").map((row) => row["ServiceName"]);
    assert.deepEqual([...new Set(other)], []);
  });
});

describe("the validator", () => {
  const good = rowsOf(csvText(reportCase()))[0] ?? {};
  const columns = Object.keys(good);
  const wrong: readonly (readonly [change: Record<string, string>, fault: RegExp])[] = [
    [{ BilledCost: "1e3 USD" }, /BilledCost is no decimal/],
    [{ BilledCost: "" }, /BilledCost is null/],
    [{ ChargeCategory: "usage" }, /ChargeCategory is not one of its allowed values/],
    [{ ChargeClass: "None" }, /ChargeClass is not one/],
    [{ ServiceCategory: "Network" }, /ServiceCategory is not one/],
    [{ BillingCurrency: "usd" }, /ISO 4217/],
    [{ BillingPeriodStart: "2026-10-01" }, /BillingPeriodStart is no UTC date/],
    [{ ChargePeriodEnd: good["ChargePeriodStart"] ?? "" }, /ends before it begins/],
    [{ Tags: "a=b" }, /Tags is no JSON object/],
    [{ Tags: '{"a":1}' }, /Tags is no JSON object/],
    [{ ListUnitPrice: "7" }, /is not ListCost/],
    [{ ListUnitPrice: "" }, /ListUnitPrice is null for usage/],
    [{ PricingQuantity: "-1" }, /PricingQuantity is negative/],
    [{ ResourceId: "" }, /ResourceName has no ResourceId/],
  ];
  for (const [change, fault] of wrong)
    it(`refuses ${JSON.stringify(change)}`, () =>
      assert.match(faultsOf(columns, [{ ...good, ...change }]).join("\n"), fault));

  it("refuses a missing column, one of no standard, and one that is there twice", () => {
    assert.deepEqual(faultsOf([...columns.filter((name) => name !== "ListCost"), "Note", "x_Low"], []), [
      "ListCost is missing",
      "Note is no column of FOCUS, so it must begin with x_",
      "x_Low is there twice",
    ]);
  });
});
