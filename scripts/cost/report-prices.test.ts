import assert from "node:assert/strict";
import { readPriceRows } from "./prices.ts";
import { shippedLike } from "./report.cases.ts";
import { ageOf, datesOf, staleRows } from "./report-prices.ts";

const rowOf = (id: string, asOf: string) => ({
  id,
  provider: "AWS",
  service: "S3",
  item: "Storage",
  unit: "GB-month",
  above: "0",
  usd: "0.023",
  region: "us-east-1",
  source: "https://aws.amazon.com/s3/pricing/",
  asOf,
});
const now = new Date("2026-10-04T12:00:00Z");

describe("prices --check", () => {
  it("counts a price as old from the ninety-first day, and one without a date always", () => {
    const rows = ["2026-10-04", "2026-07-06", "2026-07-05", ""].map((asOf) => rowOf(`as of ${asOf}`, asOf));
    assert.equal(ageOf({ asOf: "2026-07-06" }, now), 90);
    assert.deepEqual(
      staleRows(rows, now).map(({ asOf }) => asOf),
      ["", "2026-07-05"],
    );
  });

  it("knows the dates of the prices that a report rests on, and of no others", () => {
    const rows = [
      rowOf("fargate-arm-vcpu", "2026-08-17"),
      rowOf("alb-lcu", "2026-09-01"),
      rowOf("other", "2020-01-01"),
    ];
    assert.deepEqual(datesOf(shippedLike, rows), { oldest: "2026-08-17", newest: "2026-09-01" });
    assert.equal(datesOf([], rows), undefined);
  });

  it("finds a source and a date in every row of the project", () => {
    for (const { id, source, asOf } of readPriceRows()) {
      assert.match(asOf, /^\d{4}-\d{2}-\d{2}$/, id);
      assert.match(source, /^https:\/\//, id);
    }
  });
});
