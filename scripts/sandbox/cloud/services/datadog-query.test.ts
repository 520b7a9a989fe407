import assert from "node:assert/strict";
import { namesIn, QueryError, readExpression, readQuery } from "./datadog-query.ts";

const errors = "sum:trace.express.request.errors{env:staging,service:api}.as_count()";
const hits = "sum:trace.express.request.hits{env:staging,service:api}.as_count()";

describe("a query of Datadog", () => {
  const good: readonly [type: string, query: string, threshold: number | undefined, groups: readonly string[]][] = [
    ["query alert", "avg(last_5m):avg:system.cpu.user{*} > 80", 80, []],
    [
      "metric alert",
      "max(last_10m):max:mongodb.atlas.connections.current{clustername:a} by {host} >= 1200",
      1200,
      ["host"],
    ],
    ["query alert", `sum(last_5m):(${errors} / ${hits}) * 100 > 1`, 1, []],
    ["query alert", `sum(last_5m):100 * default_zero(${errors}) / default_zero(${hits}) > 1.5`, 1.5, []],
    ["query alert", "percentile(last_5m):p95:trace.express.request{env:a,!service:b*} > 0.4", 0.4, []],
    ["query alert", "change(avg(last_5m),last_1h):avg:a.b{*}.rollup(sum, 60) < -3", -3, []],
    ["query alert", "avg(last_1h):anomalies(avg:a.b{*}, 'agile', 2, direction='above', interval=60) >= 1", 1, []],
    ["service check", '"http.can_connect".over("env:a").by("host").last(3).count_by_status()', undefined, ["host"]],
    [
      "event-v2 alert",
      'events("source:amazon_ecs failed").rollup("count").by("servicename").last("15m") > 0',
      0,
      ["servicename"],
    ],
    ["log alert", 'logs("service:api status:error").index("*").rollup("count").last("5m") > 10', 10, []],
    ["composite", "12 && !(34 || 56)", undefined, []],
    ["rum alert", 'rum("@type:error").rollup("count").last("5m") > 3', 3, []],
  ];
  for (const [type, query, threshold, groups] of good)
    it(`is read: ${query}`, () => {
      const read = readQuery(type, query);
      assert.equal(read.threshold, threshold);
      assert.deepEqual(read.groups, groups);
    });

  it("names an objective and two windows", () => {
    const query = 'burn_rate("abc").over("30d").long_window("1h").short_window("5m") > 14.4';
    assert.deepEqual(readQuery("slo alert", query).objective, {
      kind: "burn_rate",
      id: "abc",
      timeframe: "30d",
      longSeconds: 3600,
      shortSeconds: 300,
    });
    assert.equal(readQuery("slo alert", 'error_budget("abc").over("7d") > 75').objective?.kind, "error_budget");
  });

  it("names the monitors of a composite", () => {
    assert.deepEqual(readQuery("composite", "12 && 34").monitors, ["12", "34"]);
  });

  const bad: readonly [type: string, query: string, says: RegExp][] = [
    ["query alert", "avg(last_5m):avg:a.b{*}", /does not end with a comparison/],
    ["query alert", "avg:a.b{*} > 5", /does not begin with a window/],
    ["query alert", "mean(last_5m):avg:a.b{*} > 5", /does not begin with a window/],
    ["query alert", "avg(last_0m):avg:a.b{*} > 5", /shorter than a minute/],
    ["query alert", "avg(last_5m):avg:a.b > 5", /expected a scope/],
    ["query alert", "avg(last_5m):avg:a.b{} > 5", /the scope \{\} is empty/],
    ["query alert", "avg(last_5m):avg:a.b{$env} > 5", /no template variables/],
    ["query alert", "avg(last_5m):(avg:a.b{*} > 5", /closing parenthesis/],
    ["query alert", "avg(last_5m):avg:a.b{*} avg:c.d{*} > 5", /unexpected/],
    ["query alert", "avg(last_5m):a.b{*} > 5", /expected a metric/],
    ["query alert", "percentile(last_5m):avg:a.b{*} > 5", /needs a percentile/],
    ["query alert", 'events("x").rollup("count").last("5m") > 0', /does not begin with a window/],
    ["event-v2 alert", "avg(last_5m):avg:a.b{*} > 5", /it is not events/],
    ["event-v2 alert", 'events("x").rollup("count") > 0', /it is not events/],
    ["log alert", 'events("x").rollup("count").last("5m") > 0', /it is not logs/],
    ["service check", "avg(last_5m):avg:a.b{*} > 5", /count_by_status/],
    ["slo alert", 'burn_rate("a").over("30d") > 14.4', /neither error_budget/],
    ["composite", "12 34", /not a combination/],
  ];
  for (const [type, query, says] of bad)
    it(`is refused as ${type}: ${query}`, () => {
      assert.throws(
        () => readQuery(type, query),
        (error) => error instanceof QueryError && says.test(error.message),
      );
    });

  it("is an expression alone in an objective", () => {
    assert.deepEqual(readExpression(`${hits} - ${errors}`).groups, []);
    assert.throws(() => readExpression(`${hits} > 5`), QueryError);
  });

  it("is named by a formula, functions apart", () => {
    assert.deepEqual(namesIn("100 * default_zero(errors) / hits"), ["errors", "hits"]);
  });
});
