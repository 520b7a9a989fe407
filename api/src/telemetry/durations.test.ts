import assert from "node:assert/strict";
import { DataPointType } from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { secondsBuckets } from "./metric-names.ts";
import { bucketOf, createDurations } from "./durations.ts";

const byClass = () =>
  createDurations("http.server.request.duration", (route: string, status: number, _kind: undefined) => ({
    route,
    status,
  }));

const pointsOf = async (durations: ReturnType<typeof byClass>) => {
  const { resourceMetrics } = await durations.producer.collect();
  return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap((metric) => (metric.dataPointType === DataPointType.HISTOGRAM ? metric.dataPoints : [])),
  );
};

describe("a histogram of durations", () => {
  it("puts each duration below its bucket's bound and above the one before", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 20, noNaN: true }), (seconds) => {
        const bucket = bucketOf(seconds);
        assert.ok(seconds <= (secondsBuckets[bucket] ?? Number.POSITIVE_INFINITY));
        assert.ok(bucket === 0 || seconds > (secondsBuckets[bucket - 1] ?? 0));
      }),
    );
    assert.equal(bucketOf(0.001), 0);
    assert.equal(bucketOf(11), secondsBuckets.length);
  });

  it("tells what was new since the last time, and nothing where nothing was", async () => {
    const durations = byClass();
    durations.record("/map", 200, undefined, 2);
    durations.record("/map", 200, undefined, 400);
    const [point, ...more] = await pointsOf(durations);
    assert.deepEqual(more, []);
    assert.deepEqual(point?.attributes, { route: "/map", status: 200 });
    const { count, sum, min, max, buckets } = point.value;
    assert.deepEqual([count, sum, min, max], [2, 0.402, 0.002, 0.4]);
    assert.deepEqual(buckets.boundaries.length + 1, buckets.counts.length);
    assert.deepEqual(
      buckets.counts.reduce((total, each) => total + each),
      2,
    );
    assert.deepEqual(await pointsOf(durations), []);
    durations.record("/map", 499, undefined, 1);
    assert.equal((await pointsOf(durations))[0]?.value.count, 1);
  });

  it("loses none of what is recorded between two exports", async () => {
    const durations = byClass();
    let total = 0;
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 100; i++) durations.record("/map", 100 * (1 + (i % 5)), undefined, i);
      for (const { value } of await pointsOf(durations)) total += value.count;
    }
    assert.equal(total, 2_000);
  });
});
