import assert from "node:assert/strict";
import { completeDays, monthReported } from "./month.ts";

describe("the month of a bill", () => {
  const bill = { first: "2026-08-01", last: "2026-09-01" };

  it("is that of the day, or the last one where it is over", () => {
    assert.deepEqual(monthReported("2026-09-15", "2030-01-01", bill), {
      first: "2026-09-01",
      days: 30,
      today: "2026-09-15",
      closed: false,
    });
    const over = { first: "2026-09-01", days: 30, today: "2026-09-30", closed: true };
    assert.deepEqual(monthReported("2026-10-01", "2030-01-01", bill), over);
    assert.deepEqual(monthReported(undefined, "2030-01-01", bill), over);
    assert.throws(() => monthReported("2026-11-01", "2026-11-01", bill), /out of range.*2026-08 to 2026-09/);
    assert.throws(() => monthReported("2026-07-31", "2026-07-31", bill), /out of range/);
  });

  it("counts a day as complete once a later one has charges", () => {
    const month = { first: "2026-09-01", days: 30, today: "2026-09-10", closed: false };
    assert.equal(completeDays(month, "2026-09-08"), 7);
    assert.equal(completeDays(month, "2026-09-20"), 9);
    assert.equal(completeDays(month, undefined), 9);
    assert.equal(completeDays(month, "2026-08-31"), 0);
    assert.equal(completeDays({ ...month, closed: true }, "2026-09-01"), 30);
  });
});
