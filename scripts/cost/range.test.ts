import assert from "node:assert/strict";
import { between, exactly, mapRange, type Range, sumRanges, times } from "./range.ts";

const shown = ({ low, expected, high }: Range) => [low.toFixed(), expected.toFixed(), high.toFixed()];

describe("a range", () => {
  it("is exact, or from low to high", () => {
    assert.deepEqual(shown(exactly(730)), ["730", "730", "730"]);
    assert.deepEqual(shown(between("0.5", 1, 4)), ["0.5", "1", "4"]);
  });

  it("is multiplied by a number, or level by level by another", () => {
    assert.deepEqual(shown(times(between(1, 2, 6), 730)), ["730", "1460", "4380"]);
    assert.deepEqual(shown(times(between(1, 2, 6), between("0.5", "0.5", 1))), ["0.5", "1", "6"]);
  });

  it("is added level by level", () => {
    assert.deepEqual(shown(sumRanges([exactly("0.1"), between(0, "0.2", 1)])), ["0.1", "0.3", "1.1"]);
    assert.deepEqual(shown(sumRanges([])), ["0", "0", "0"]);
  });

  it("tells which level is changed", () => {
    assert.deepEqual(shown(mapRange(exactly(1), (value, level) => (level === "low" ? value.minus(1) : value))), [
      "0",
      "1",
      "1",
    ]);
  });
});
