import assert from "node:assert/strict";
import { isKept, reportJson, type Row, tableText } from "./report.ts";

const rows: readonly Row[] = [
  { what: "fast", value: 1.204, unit: "times", limit: { atLeast: 1 } },
  { what: "  of which", value: 41_250.4, unit: "perSecond" },
  { what: "failed", value: 2, unit: "count", limit: { atMost: 0 } },
];

describe("the bench's report", () => {
  it("says what was measured, what is promised, and what is broken", () => {
    assert.equal(
      tableText(rows),
      [
        "fast           1.20 x  at least 1.00 x  kept",
        "  of which  41,250 /s",
        "failed              2  at most 0        BROKEN",
      ].join("\n"),
    );
  });

  it("keeps no promise with what is no number", () => {
    assert.equal(isKept({ what: "rate", value: Number.NaN, unit: "percent", limit: { atLeast: 80 } }), false);
  });

  it("says the same to machines", () => {
    const report = JSON.parse(reportJson(rows)) as { kept: boolean; rows: (Row & { kept: boolean })[] };
    assert.equal(report.kept, false);
    assert.deepEqual(
      report.rows.map(({ kept }) => kept),
      [true, true, false],
    );
  });
});
