import { isProperties, type Value } from "../../../sandbox/values/value.ts";
import { amount } from "../../money.ts";
import { between, exactly, type Range } from "../../range.ts";
import { type CostResource, type Entries, free, type Item, notPriced, type Part, priced } from "../entry.ts";
import { amountOf, isUnknown, listOf, textOf } from "../read.ts";

/** Amazon CloudWatch's alarms and dashboards. */
export const monitoring: Entries = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": priced((alarm) => alarmParts(alarm)),
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": notPriced("The price of a composite alarm is not in prices.csv."),
  "aws:cloudwatch/dashboard:Dashboard": priced(() => [{ price: "dashboard", quantity: exactly(1) }]),
  "aws:cloudwatch/eventRule:EventRule": free("Events of AWS's own services are free, and so are rules."),
  "aws:cloudwatch/eventTarget:EventTarget": free("Deliveries within the account are free."),
  "aws:cloudwatch/eventBus:EventBus": notPriced("Custom events cost 1 USD a million, and their number is not assumed."),
};

/** An alarm on an anomaly watches the metric and the two bounds of its band. */
const metricsOfAnAnomaly = 3;
/** Below a minute an alarm is of high resolution. */
const standardPeriodSeconds = 60;

function alarmParts(alarm: CostResource): readonly Part[] {
  const queries = listOf(alarm, "metricQueries");
  const price = isFast(alarm, queries) ? "alarm-high-resolution" : "alarm-standard";
  if (isUnknown(queries))
    return [
      {
        price,
        quantity: between(1, 1, metricsOfAnAnomaly),
        property: "metricQueries",
        assumption: "How many metrics it watches is not known yet: one to three.",
      },
    ];
  const watched: Range = exactly(metricCount(alarm, queries));
  const item: Item = { price, quantity: watched };
  return [queries.length > 0 ? { ...item, property: "metricQueries" } : item];
}

/** An alarm is charged for each metric that it watches; expressions of them are free. */
function metricCount(alarm: CostResource, queries: readonly Value[]): number {
  const metrics = queries.filter((query) => isProperties(query) && query["metric"] !== undefined).length;
  const anomaly = textOf(alarm, "thresholdMetricId", "") !== "";
  return Math.max(metrics, 1) * (anomaly ? metricsOfAnAnomaly : 1);
}

function isFast(alarm: CostResource, queries: ReturnType<typeof listOf>): boolean {
  const period = amountOf(alarm, "period", standardPeriodSeconds);
  if (!isUnknown(period) && period.lessThan(standardPeriodSeconds)) return true;
  return (
    !isUnknown(queries) &&
    queries.some((query) => {
      const metric = isProperties(query) ? query["metric"] : undefined;
      const seconds = isProperties(metric) ? metric["period"] : undefined;
      return typeof seconds === "number" && amount(seconds).lessThan(standardPeriodSeconds);
    })
  );
}
