import { type Attributes, type HrTime, ValueType } from "@opentelemetry/api";
import { hrTime } from "@opentelemetry/core";
import { emptyResource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  DataPointType,
  type HistogramMetricData,
  type MetricProducer,
} from "@opentelemetry/sdk-metrics";
import { ATTR_HTTP_REQUEST_METHOD, ATTR_HTTP_ROUTE } from "@opentelemetry/semantic-conventions";
import type { RouteContract } from "../http/route.ts";
import { histograms, secondsBuckets } from "./metric-names.ts";
import type { Metrics } from "./metrics.ts";

/** Requests of one route and class of status since the last export. */
interface Series {
  readonly attributes: Attributes;
  readonly counts: number[];
  count: number;
  sum: number;
  min: number;
  max: number;
}

export interface RequestDurations {
  readonly record: Metrics["request"];
  readonly producer: MetricProducer;
}

const name = "http.server.request.duration";
/** From 0xx, which is none, to 9xx. */
const classes = 10;

/**
 * The histogram of requests, counted here and handed over at each export: it is recorded for every request, and the
 * SDK's own sorts and joins the attributes each time, for 580 nanoseconds where this takes 12.
 */
export function createRequestDurations(): RequestDurations {
  const byContract = new Map<RouteContract | undefined, (Series | undefined)[]>();
  let since: HrTime = hrTime();

  const seriesOf = (contract: RouteContract | undefined, hundreds: number): Series => {
    let byClass = byContract.get(contract);
    if (byClass === undefined) byContract.set(contract, (byClass = new Array<undefined>(classes).fill(undefined)));
    return (byClass[hundreds] ??= emptySeries(attributesOf(contract, hundreds)));
  };

  return {
    record(contract, status, durationMs) {
      const series = seriesOf(contract, Math.trunc(status / 100) % classes);
      const seconds = durationMs / 1_000;
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
        const all = [...byContract.values()].flat().filter((series) => series !== undefined);
        byContract.clear();
        const data: HistogramMetricData = {
          descriptor: { name, ...histograms[name], valueType: ValueType.DOUBLE },
          dataPointType: DataPointType.HISTOGRAM,
          aggregationTemporality: AggregationTemporality.DELTA,
          dataPoints: all.map(({ attributes, counts, count, sum, min, max }) => ({
            startTime,
            endTime,
            attributes,
            value: { buckets: { boundaries: secondsBuckets, counts }, count, sum, min, max },
          })),
        };
        const scopeMetrics = all.length === 0 ? [] : [{ scope: { name: "groundwork.http" }, metrics: [data] }];
        return Promise.resolve({ resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] });
      },
    },
  };
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

/** A method that no route has is `_OTHER`, as OpenTelemetry asks: a client could invent any number. */
const attributesOf = (contract: RouteContract | undefined, hundreds: number): Attributes => ({
  [ATTR_HTTP_REQUEST_METHOD]: contract?.method.toUpperCase() ?? "_OTHER",
  [ATTR_HTTP_ROUTE]: contract?.path ?? "unmatched",
  "http.response.status_class": `${hundreds}xx`,
  "route.class": contract?.class ?? "unmatched",
});
