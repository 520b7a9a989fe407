import { type Attributes, type HrTime, ValueType } from "@opentelemetry/api";
import { hrTime } from "@opentelemetry/core";
import { emptyResource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  DataPointType,
  type HistogramMetricData,
  type MetricProducer,
} from "@opentelemetry/sdk-metrics";
import { type HistogramName, histograms, secondsBuckets } from "./metric-names.ts";

/** What was measured under the same attributes since the last export. */
interface Series {
  readonly attributes: Attributes;
  readonly counts: number[];
  count: number;
  sum: number;
  min: number;
  max: number;
}

export interface Durations<A, B, C> {
  /** `a`, `b`, and `c` stand for the attributes; there must be few of each. */
  record(a: A, b: B, c: C, milliseconds: number): void;
  readonly producer: MetricProducer;
}

/**
 * A histogram that is counted here and handed over at each export: several are recorded for every request, and the SDK
 * sorts and joins the attributes each time, for 580 nanoseconds where this takes 12.
 */
export function createDurations<A, B, C>(
  name: HistogramName,
  attributesOf: (a: A, b: B, c: C) => Attributes,
): Durations<A, B, C> {
  const all = new Map<A, Map<B, Map<C, Series>>>();
  let since: HrTime = hrTime();

  const seriesOf = (a: A, b: B, c: C): Series => {
    const byB = within(all, a, () => new Map<B, Map<C, Series>>());
    const byC = within(byB, b, () => new Map<C, Series>());
    return within(byC, c, () => emptySeries(attributesOf(a, b, c)));
  };

  return {
    record(a, b, c, milliseconds) {
      const series = seriesOf(a, b, c);
      const seconds = milliseconds / 1_000;
      const bucket = bucketOf(seconds);
      series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
      series.count += 1;
      series.sum += seconds;
      series.min = Math.min(series.min, seconds);
      series.max = Math.max(series.max, seconds);
    },
    producer: {
      collect() {
        const startTime = since;
        const endTime = hrTime();
        since = endTime;
        const measured = [...all.values()].flatMap((byB) => [...byB.values()].flatMap((byC) => [...byC.values()]));
        all.clear();
        const data: HistogramMetricData = {
          descriptor: { name, ...histograms[name], valueType: ValueType.DOUBLE },
          dataPointType: DataPointType.HISTOGRAM,
          aggregationTemporality: AggregationTemporality.DELTA,
          dataPoints: measured.map(({ attributes, counts, count, sum, min, max }) => ({
            startTime,
            endTime,
            attributes,
            value: { buckets: { boundaries: secondsBuckets, counts }, count, sum, min, max },
          })),
        };
        const scopeMetrics = measured.length === 0 ? [] : [{ scope: { name: "groundwork" }, metrics: [data] }];
        return Promise.resolve({ resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] });
      },
    },
  };
}

function within<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/** The first bucket whose upper bound is not below the value; the last has none. */
export function bucketOf(seconds: number): number {
  let bucket = 0;
  while (bucket < secondsBuckets.length && seconds > (secondsBuckets[bucket] ?? 0)) bucket += 1;
  return bucket;
}

const emptySeries = (attributes: Attributes): Series => ({
  attributes,
  counts: new Array<number>(secondsBuckets.length + 1).fill(0),
  count: 0,
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
});
