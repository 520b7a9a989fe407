import { UNKNOWN } from "../../../sandbox/values/value.ts";
import { type Given, itCosts } from "../world.cases.ts";

const alarm = (inputs: Given["inputs"]): Given => ({ type: "aws:cloudwatch/metricAlarm:MetricAlarm", inputs });
const metric = (period: number) => ({ metric: { metricName: "Errors", period } });

describe("CloudWatch", () => {
  itCosts([
    {
      what: "charges an alarm for its metric",
      given: alarm({ metricName: "Errors", period: 60 }),
      lines: ["alarm-standard 1"],
    },
    {
      what: "charges an alarm for each metric of its expression, not for the expression",
      given: alarm({ metricQueries: [{ expression: "a + b" }, metric(300), metric(300)] }),
      lines: ["alarm-standard 2"],
    },
    { what: "charges more below a minute", given: alarm({ period: 10 }), lines: ["alarm-high-resolution 1"] },
    {
      what: "charges more below a minute in an expression",
      given: alarm({ metricQueries: [metric(10)] }),
      lines: ["alarm-high-resolution 1"],
    },
    {
      what: "charges an anomaly for its metric and both bounds",
      given: alarm({ metricQueries: [{ expression: "band" }, metric(300)], thresholdMetricId: "band" }),
      lines: ["alarm-standard 3"],
    },
    {
      what: "gives a span where metrics are not known yet",
      given: alarm({ metricQueries: UNKNOWN }),
      lines: ["alarm-standard 1..1..3 ~"],
    },
    { what: "charges a dashboard", given: { type: "aws:cloudwatch/dashboard:Dashboard" }, lines: ["dashboard 1"] },
    {
      what: "charges nothing for rules",
      given: { type: "aws:cloudwatch/eventRule:EventRule" },
      lines: ["free: Events"],
    },
  ]);
});
