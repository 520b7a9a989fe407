import assert from "node:assert/strict";
import fc from "fast-check";
import { judge, percentOf, reaches } from "./verdict.ts";

const thresholds = { successPercent: 99.5, medianMilliseconds: 200 };
const good = { planned: 200, succeeded: 200, failed: 0, medianMilliseconds: 20 };

describe("the verdict", () => {
  it("holds at 199 of 200, which is 99.5 % exactly, and not at 198", () => {
    assert.deepEqual(judge({ ...good, succeeded: 199, failed: 1 }, thresholds), { holds: true, reasons: [] });
    assert.deepEqual(judge({ ...good, succeeded: 198, failed: 2 }, thresholds), {
      holds: false,
      reasons: ["198 of 200 requests succeeded, which is below 99.5 %"],
    });
  });

  it("asks for a median below the threshold, and not at it", () => {
    assert.ok(judge({ ...good, medianMilliseconds: 199.999 }, thresholds).holds);
    assert.deepEqual(judge({ ...good, medianMilliseconds: 200 }, thresholds).reasons, [
      "the median of 200.0 ms is not below 200 ms",
    ]);
  });

  it("does not hold where nothing succeeded, or where the run was stopped", () => {
    const none = { ...good, succeeded: 0, failed: 200, medianMilliseconds: undefined };
    assert.deepEqual(judge(none, thresholds).reasons, ["0 of 200 requests succeeded, which is below 99.5 %"]);
    assert.deepEqual(judge({ ...good, succeeded: 68 }, thresholds).reasons, ["stopped after 68 of 200 requests"]);
    assert.deepEqual(judge({ ...none, failed: 0 }, thresholds).reasons, ["stopped after 0 of 200 requests"]);
  });

  it("compares shares exactly, whatever the numbers", () => {
    const total = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(total, fc.nat(), fc.integer({ min: 1, max: 100_000 }), (all, some, thousandths) => {
        const succeeded = some % (all + 1);
        const exactly = BigInt(succeeded) * 100_000n >= BigInt(thousandths) * BigInt(all);
        assert.equal(reaches(succeeded, all, Number((thousandths / 1000).toFixed(3))), exactly);
      }),
      { numRuns: 1000 },
    );
  });

  it("shows a share that never looks better than it is", () => {
    assert.deepEqual([percentOf(199, 200), percentOf(99_999, 100_000), percentOf(0, 0)], [99.5, 99.99, 0]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(), (all, some) => {
        const succeeded = some % (all + 1);
        assert.equal(Math.round(percentOf(succeeded, all) * 100), Number((BigInt(succeeded) * 10_000n) / BigInt(all)));
      }),
      { numRuns: 1000 },
    );
  });
});
