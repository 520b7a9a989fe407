import assert from "node:assert/strict";
import { median, randomOf, slope, zipf } from "./numbers.ts";

describe("the bench's numbers", () => {
  it("has the middle, or what lies between the two in the middle", () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 3, 2]), 2.5);
  });

  it("fits a line", () => {
    const points = [0, 1, 2, 3].map((x) => [x, 5 - 2 * x] as const);
    assert.equal(slope(points), -2);
  });

  it("draws the same for the same seed, and the first rank twice as often as the second", () => {
    const draw = zipf(100, randomOf(7));
    const again = zipf(100, randomOf(7));
    const drawn = Array.from({ length: 20_000 }, draw);
    assert.deepEqual(drawn, Array.from({ length: 20_000 }, again));
    const of = (rank: number): number => drawn.filter((each) => each === rank).length;
    assert.ok(Math.abs(of(0) / of(1) - 2) < 0.2, `${of(0)} and ${of(1)}`);
    assert.ok(Math.min(...drawn) === 0 && Math.max(...drawn) < 100);
  });
});
