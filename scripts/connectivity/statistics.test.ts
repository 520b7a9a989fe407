import assert from "node:assert/strict";
import fc from "fast-check";
import { bucketsOf, latencyOf } from "./statistics.ts";

const times = fc.array(fc.double({ min: 0, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 });

describe("latency", () => {
  it("is nothing where nothing succeeded", () => {
    assert.equal(latencyOf([]), undefined);
  });

  it("has percentiles that are values measured, of 200: the 100th, the 190th, and the 198th", () => {
    const values = Array.from({ length: 200 }, (_, index) => index + 1);
    assert.deepEqual(latencyOf(values), { min: 1, mean: 100.5, p50: 100, p95: 190, p99: 198, max: 200, jitter: 1 });
  });

  it("has the mean difference of neighbours as its jitter, so that their order counts", () => {
    assert.equal(latencyOf([10, 20, 10, 20])?.jitter, 10);
    assert.equal(latencyOf([10, 10, 20, 20])?.jitter, 3.333);
    assert.equal(latencyOf([10])?.jitter, 0);
  });

  it("has a median that is exact where thresholds are", () => {
    for (const value of [199.999, 200, 200.001]) assert.equal(latencyOf([value, value, 500])?.p50, value);
  });

  it("has percentiles within 0.001 % and a microsecond of the exact ones", () => {
    fc.assert(
      fc.property(times, (values) => {
        const latency = latencyOf(values)!;
        const sorted = values.toSorted((a, b) => a - b);
        for (const [name, percent] of [
          ["p50", 50],
          ["p95", 95],
          ["p99", 99],
        ] as const) {
          const exact = sorted[Math.ceil((percent * values.length) / 100) - 1]!;
          assert.ok(Math.abs(latency[name] - exact) <= exact * 1e-5 + 0.001, `${name}: ${latency[name]}, not ${exact}`);
        }
        const { min, p50, p95, p99, max } = latency;
        assert.ok(min <= p50 && p50 <= p95 && p95 <= p99 && p99 <= max);
      }),
      { numRuns: 50 },
    );
  });
});

describe("the histogram", () => {
  it("counts each value once, in buckets that follow each other, and are few", () => {
    fc.assert(
      fc.property(times, (values) => {
        const buckets = bucketsOf(values, latencyOf(values)!);
        assert.ok(buckets.length <= 14);
        for (const [index, { from, to, count }] of buckets.entries()) {
          assert.equal(buckets[index - 1]?.to ?? from, from);
          assert.ok(to !== null || index === buckets.length - 1);
          const within = values.filter((value) => value >= from - 0.001 && (to === null || value < to + 0.001));
          assert.ok(count <= within.length);
        }
        assert.equal(
          buckets.reduce((sum, { count }) => sum + count, 0),
          values.length,
        );
      }),
      { numRuns: 50 },
    );
  });

  it("has round bounds, and one bucket without an end for what lies far above", () => {
    const values = [...Array.from({ length: 199 }, (_, index) => 10 + (index % 20)), 5000];
    const buckets = bucketsOf(values, latencyOf(values)!);
    assert.deepEqual(buckets[0], { from: 10, to: 12, count: 20 });
    assert.deepEqual(buckets.at(-1), { from: 30, to: null, count: 1 });
  });
});
