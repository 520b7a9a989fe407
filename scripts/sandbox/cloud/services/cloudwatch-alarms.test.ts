import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { UNKNOWN } from "../../values/value.ts";
import { cloudwatch } from "./cloudwatch.ts";
import { sns } from "./sns.ts";
import { assertRefused, textIn, tinyWorld } from "./tiny-world.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";

const alarm: Properties = {
  name: "cpu",
  comparisonOperator: "GreaterThanThreshold",
  evaluationPeriods: 3,
  metricName: "CPUUtilization",
  namespace: "AWS/ECS",
  period: 60,
  statistic: "Average",
  threshold: 80,
};

const metric = (id: string, over: Properties = {}): Properties => ({
  id,
  metric: { metricName: "Errors", namespace: "AWS/Lambda", period: 60, stat: "Sum" },
  ...over,
});
const math = (metricQueries: Properties[]): Properties => ({
  comparisonOperator: "GreaterThanThreshold",
  evaluationPeriods: 1,
  threshold: 0,
  metricQueries,
});

describe("CloudWatch: an alarm", () => {
  it("has its name as id and an ARN", () => {
    const made = tinyWorld(cloudwatch).create(ALARM, "cpu", alarm);
    assert.equal(made.id, "cpu");
    assert.equal(made.outputs["arn"], "arn:aws:cloudwatch:us-east-1:111122223333:alarm:cpu");
  });

  const refused: readonly [what: string, inputs: Properties, property: string, says: RegExp][] = [
    ["an operator", { ...alarm, comparisonOperator: null }, "comparisonOperator", /is required with metricName/],
    ["a number of periods", { ...alarm, evaluationPeriods: null }, "evaluationPeriods", /is required with metricName/],
    ["one statistic, not two", { ...alarm, extendedStatistic: "p95" }, "statistic", /exactly one/],
    ["a statistic", { ...alarm, statistic: null }, "statistic", /exactly one/],
    ["a period", { ...alarm, period: null }, "period", /is required/],
    ["whole minutes", { ...alarm, period: 90 }, "period", /multiple of 60/],
    ["a minute or more of AWS's own metrics", { ...alarm, period: 10 }, "period", /^ValidationError: Only a period/],
    ["a namespace without a colon", { ...alarm, namespace: "AWS:ECS" }, "namespace", /colon/],
    ["datapoints within its periods", { ...alarm, datapointsToAlarm: 4 }, "datapointsToAlarm", /^ValidationError/],
    ["a day at most", { ...alarm, evaluationPeriods: 1441 }, "evaluationPeriods", /more than a day/],
    ["a week at most", { ...alarm, period: 86_400, evaluationPeriods: 8 }, "evaluationPeriods", /more than a week/],
    ["a result", math([metric("a")]), "metricQueries", /Exactly one element/],
    [
      "one result",
      math([metric("a", { returnData: true }), metric("b", { returnData: true })]),
      "metricQueries",
      /found 2/,
    ],
    ["ids in lower case", math([metric("A", { returnData: true })]), "metricQueries[0].id", /lower-case/],
    ["different ids", math([metric("a", { returnData: true }), metric("a")]), "metricQueries[1].id", /twice/],
    [
      "an expression or a metric",
      math([metric("a", { expression: "1", returnData: true })]),
      "metricQueries[0]",
      /either/,
    ],
    [
      "expressions of known ids",
      math([metric("a"), { id: "e", expression: "a + b", returnData: true }]),
      "metricQueries[1].expression",
      /Undefined variable 'b'/,
    ],
  ];
  for (const [what, inputs, property, says] of refused)
    it(`needs ${what}`, () => {
      const failure = tinyWorld(cloudwatch)
        .check(ALARM, inputs)
        .find((one) => one.property === property);
      assert.match(failure?.reason ?? "nothing", says);
    });

  it("is taken with an expression, a query of all metrics, an hour's period for a week, and what is not known yet", () => {
    const cloud = tinyWorld(cloudwatch);
    const accepted: Properties[] = [
      math([metric("a"), metric("b"), { id: "e", expression: "IF(a > b, FILL(a, 0), 0)", returnData: true }]),
      math([
        { id: "q", expression: 'SELECT SUM(ErrorPortAllocation) FROM "AWS/NATGateway"', period: 300, returnData: true },
      ]),
      { ...alarm, period: 3600, evaluationPeriods: 168 },
      { ...alarm, period: UNKNOWN, namespace: UNKNOWN },
      { ...alarm, metricName: null, metricQueries: UNKNOWN },
    ];
    for (const inputs of accepted) assert.deepEqual(cloud.check(ALARM, inputs), []);
  });

  it("tells topics that exist, in its own region", () => {
    const cloud = tinyWorld(cloudwatch, sns);
    const topic = textIn(cloud.create("aws:sns/topic:Topic", "t", { name: "t" }).outputs, "arn");
    const made = cloud.create(ALARM, "a", { ...alarm, alarmActions: [topic], okActions: [topic] });
    const withAction = (action: string) => () => cloud.update(made, { ...alarm, alarmActions: [action] });
    assertRefused(withAction(`${topic}x`), "ValidationError", /does not exist/);
    assertRefused(withAction(topic.replace("us-east-1", "eu-west-1")), "ValidationError", /Invalid region eu-west-1/);
    assertRefused(withAction("t"), "ValidationError", /Invalid arn syntax/);
    withAction("arn:aws:automate:us-east-1:ec2:recover")();
    const six = Array.from({ length: 6 }, () => topic);
    assertRefused(() => cloud.create(ALARM, "b", { ...alarm, okActions: six }), "ValidationError", /okActions/);
  });
});

describe("CloudWatch: a composite alarm", () => {
  it("is a rule over alarms that exist", () => {
    const cloud = tinyWorld(cloudwatch);
    cloud.create(ALARM, "cpu", alarm);
    const rule = (alarmRule: string) => ({ alarmName: "all", alarmRule });
    assert.equal(cloud.create(COMPOSITE, "all", rule('ALARM("cpu") AND NOT (OK(cpu) OR FALSE)')).id, "all");
    assertRefused(
      () => cloud.create(COMPOSITE, "b", rule("ALARM(cpu) OR ALARM(disk)")),
      "ValidationError",
      /alarms \[disk\] in the alarm rule do not exist/,
    );
    for (const wrong of ["cpu", "ALARM(cpu) AND", "ALARM(cpu) OK(cpu)"])
      assert.match(cloud.check(COMPOSITE, rule(wrong))[0]?.reason ?? "nothing", /valid expression/);
  });

  it("keeps the alarms that it looks at", () => {
    const cloud = tinyWorld(cloudwatch);
    const watched = cloud.create(ALARM, "cpu", alarm);
    const composite = cloud.create(COMPOSITE, "all", { alarmName: "all", alarmRule: "ALARM(cpu)" });
    assertRefused(() => cloud.delete(watched), "ValidationError", /used by the composite alarm all/);
    cloud.delete(composite);
    cloud.delete(watched);
  });
});

describe("CloudWatch: a dashboard", () => {
  const body = (...widgets: unknown[]): Properties => ({
    dashboardName: "d",
    dashboardBody: JSON.stringify({ widgets }),
  });
  const chart = {
    type: "metric",
    width: 12,
    properties: { region: "us-east-1", metrics: [["AWS/ECS", "CPUUtilization"]] },
  };

  it("has its name as id", () => {
    const made = tinyWorld(cloudwatch).create(
      DASHBOARD,
      "d",
      body(
        chart,
        { type: "text", properties: { markdown: "#" } },
        { type: "metric", properties: { region: "us-east-1", metrics: [[{ expression: "SUM(METRICS())" }]] } },
        { type: "metric", properties: { region: "us-east-1", annotations: { alarms: ["arn:aws:cloudwatch:..."] } } },
      ),
    );
    assert.equal(made.id, "d");
    assert.equal(made.outputs["dashboardArn"], "arn:aws:cloudwatch::111122223333:dashboard/d");
  });

  it("is JSON", () => {
    const [failure] = tinyWorld(cloudwatch).check(DASHBOARD, { dashboardName: "d", dashboardBody: "{" });
    assert.equal(failure?.property, "dashboardBody");
  });

  const refused: readonly [what: string, widget: unknown, path: string][] = [
    ["without a type", { properties: {} }, "/widgets/0"],
    ["of a type that there is not", { type: "pie", properties: {} }, "/widgets/0/type"],
    ["without properties", { type: "text" }, "/widgets/0"],
    ["of text without text", { type: "text", properties: {} }, "/widgets/0/properties"],
    ["of metrics without a region", { ...chart, properties: { metrics: [] } }, "/widgets/0/properties"],
    ["of metrics without metrics", { ...chart, properties: { region: "us-east-1" } }, "/widgets/0/properties"],
    [
      "with a metric that is only a namespace",
      { ...chart, properties: { region: "us-east-1", metrics: [["AWS/ECS"]] } },
      "/widgets/0/properties/metrics/0",
    ],
    ["beyond the last column", { ...chart, x: 18 }, "/widgets/0"],
    ["that is text itself", "chart", "/widgets/0"],
  ];
  for (const [what, widget, path] of refused)
    it(`has no widget ${what}`, () => {
      assertRefused(
        () => tinyWorld(cloudwatch).create(DASHBOARD, "d", body(widget)),
        "InvalidParameterInput",
        new RegExp(`"dataPath":"${path}"`),
      );
    });
});
