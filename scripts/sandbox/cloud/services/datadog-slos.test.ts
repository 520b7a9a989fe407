import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { datadog } from "./datadog.ts";
import { assertRefused, tinyWorld } from "./tiny-world.ts";

const SLO = "datadog:index/serviceLevelObjective:ServiceLevelObjective";
const BOARD = "datadog:index/dashboardJson:DashboardJson";

const thresholds: Properties[] = [{ timeframe: "30d", target: 99.9, warning: 99.95 }];
const query: Properties = { numerator: "sum:a.good{*}.as_count()", denominator: "sum:a.all{*}.as_count()" };
const objective: Properties = { name: "o", type: "metric", query, thresholds };
const slice = (formulaExpression: string, metric = "p95:trace.express.request{env:a}"): Properties => ({
  name: "o",
  type: "time_slice",
  thresholds,
  sliSpecification: {
    timeSlice: {
      comparator: "<",
      threshold: 0.4,
      query: { formula: { formulaExpression }, queries: [{ metricQuery: { name: "q1", query: metric } }] },
    },
  },
});

const count = (totalEventsFormula: string): Properties => ({
  name: "o",
  type: "metric",
  thresholds,
  sliSpecification: {
    count: {
      goodEventsFormula: "all - default_zero(bad)",
      totalEventsFormula,
      queries: ["all", "bad"].map((name) => ({ metricQuery: { name, query: `sum:a.${name}{*}.as_count()` } })),
    },
  },
});

describe("Datadog: an objective", () => {
  it("has an id of 32 digits", () => {
    const cloud = tinyWorld(datadog);
    assert.match(cloud.create(SLO, "o", objective).id, /^[0-9a-f]{32}$/);
    cloud.create(SLO, "s", slice("q1 * 1"));
    cloud.create(SLO, "c", count("all"));
  });

  const refused: readonly [inputs: Properties, property: string][] = [
    [{ ...objective, thresholds: [{ timeframe: "30d", target: 100 }] }, "thresholds[0].target"],
    [{ ...objective, thresholds: [{ timeframe: "30d", target: 99, warning: 99 }] }, "thresholds[0].warning"],
    [{ ...objective, thresholds: [...thresholds, ...thresholds] }, "thresholds[1].timeframe"],
    [{ ...objective, timeframe: "7d" }, "timeframe"],
    [{ ...objective, timeframe: "30d", targetThreshold: 99 }, "targetThreshold"],
    [{ ...objective, timeframe: "30d", warningThreshold: 99 }, "warningThreshold"],
  ];
  for (const [inputs, property] of refused)
    it(`is refused at ${property}`, () => {
      assert.equal(tinyWorld(datadog).check(SLO, inputs)[0]?.property, property);
    });

  const unmade: readonly [what: string, inputs: Properties, says: RegExp][] = [
    ["by metrics without a query", { name: "o", type: "metric", thresholds }, /needs query or sliSpecification/],
    ["by monitors without any", { name: "o", type: "monitor", thresholds }, /needs monitorIds/],
    ["by time without a slice", { name: "o", type: "time_slice", thresholds }, /needs sliSpecification/],
    ["by a query that is none", { ...objective, query: { ...query, numerator: "good" } }, /Invalid query/],
    ["by a slice whose query is none", slice("q1", "p95 of requests"), /Invalid query/],
    ["by a slice of another name", slice("q2"), /names no query: q2/],
    ["by a count of another name", count("every"), /names no query: every/],
  ];
  for (const [what, inputs, says] of unmade)
    it(`is not measured ${what}`, () => {
      assertRefused(() => tinyWorld(datadog).create(SLO, "o", inputs), "400 Bad Request", says);
    });

  it("stays while a dashboard shows it, unless it is forced", () => {
    const cloud = tinyWorld(datadog);
    const made = cloud.create(SLO, "o", objective);
    const widgets = [{ definition: { type: "slo", slo_id: made.id, view_type: "detail" } }];
    const board = { dashboard: JSON.stringify({ title: "t", layout_type: "ordered", widgets }) };
    cloud.create(BOARD, "b", board);
    assertRefused(() => cloud.delete(made), "409 Conflict");
    cloud.delete(cloud.update(made, { ...objective, forceDelete: true }));
  });
});
