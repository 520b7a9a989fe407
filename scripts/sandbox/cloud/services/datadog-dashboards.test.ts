import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { datadog } from "./datadog.ts";
import { assertRefused, tinyWorld } from "./tiny-world.ts";

const JSON_BOARD = "datadog:index/dashboardJson:DashboardJson";
const BOARD = "datadog:index/dashboard:Dashboard";

const chart = (request: object): object => ({ definition: { type: "timeseries", requests: [request] } });
const board = (over: object = {}): Properties => ({
  dashboard: JSON.stringify({
    title: "The API",
    layout_type: "ordered",
    widgets: [chart({ q: "avg:a.b{*}" })],
    ...over,
  }),
});
const formula = (text: string): object => ({
  queries: [{ name: "hits", data_source: "metrics", query: "sum:a.hits{$env}.as_count()" }],
  formulas: [{ formula: text }],
});

describe("Datadog: a dashboard in JSON", () => {
  it("has an id and an address", () => {
    const cloud = tinyWorld(datadog);
    const made = cloud.create(JSON_BOARD, "b", board({ tags: ["team:platform"] }));
    assert.match(made.id, /^\w{3}-\w{3}-\w{3}$/);
    assert.equal(made.outputs["url"], `/dashboard/${made.id}/the-api`);
    const group = { type: "group", layout_type: "ordered", widgets: [chart(formula("default_zero(hits) / 2"))] };
    cloud.create(JSON_BOARD, "g", board({ widgets: [{ definition: group }] }));
  });

  it("is JSON", () => {
    assert.equal(tinyWorld(datadog).check(JSON_BOARD, { dashboard: "{" })[0]?.property, "dashboard");
  });

  const nested = { definition: { type: "group", layout_type: "ordered", widgets: [] } };
  const refused: readonly [what: string, over: object, says: RegExp][] = [
    ["without a title", { title: undefined }, /'title' is a required property/],
    ["in a layout that there is not", { layout_type: "grid" }, /'grid' is not one of/],
    ["that flows and is free", { layout_type: "free", reflow_type: "auto" }, /only for ordered/],
    ["that is fixed without places", { reflow_type: "fixed" }, /needs a layout/],
    ["that flows and has places", { reflow_type: "auto", widgets: [{ ...chart({}), layout: {} }] }, /no widget has/],
    ["with a tag that is no team's", { tags: ["env:staging"] }, /only tags of the form team/],
    ["with six tags", { tags: ["a", "b", "c", "d", "e", "f"] }, /at most 5/],
    ["with a widget of no kind", { widgets: [{ definition: {} }] }, /definition\.type/],
    ["with a widget of an unknown kind", { widgets: [{ definition: { type: "pie" } }] }, /'pie' is not a widget/],
    ["with a note that says nothing", { widgets: [{ definition: { type: "note" } }] }, /'content' is a required/],
    [
      "with a group in a group",
      { widgets: [{ definition: { type: "group", layout_type: "ordered", widgets: [nested] } }] },
      /cannot be nested/,
    ],
    ["with a query that is none", { widgets: [chart({ q: "avg:a.b" })] }, /invalid query .*avg:a\.b/],
    ["with a formula of nothing", { widgets: [chart(formula("errors / hits"))] }, /names no query: errors/],
  ];
  for (const [what, over, says] of refused)
    it(`is not made ${what}`, () => {
      assertRefused(() => tinyWorld(datadog).create(JSON_BOARD, "b", board(over)), "400 Bad Request", says);
    });
});

describe("Datadog: a dashboard of its own type", () => {
  const note: Properties = { noteDefinition: { content: "a" } };
  const make = (over: Properties): Properties => ({ title: "t", layoutType: "ordered", widgets: [note], ...over });

  it("is taken", () => {
    assert.deepEqual(tinyWorld(datadog).check(BOARD, make({ tags: ["team:platform"] })), []);
  });

  const refused: readonly [inputs: Properties, property: string][] = [
    [make({ widgets: [] }), "widgets"],
    [make({ widgets: [{}] }), "widgets[0]"],
    [make({ widgets: [{ ...note, alertValueDefinition: {} }] }), "widgets[0]"],
    [make({ widgets: [{ groupDefinition: { widgets: [{ groupDefinition: {} }] } }] }), "widgets[0]"],
    [make({ layoutType: "free" }), "widgets[0].widgetLayout"],
    [make({ reflowType: "fixed" }), "widgets[0].widgetLayout"],
    [make({ reflowType: "auto", widgets: [{ ...note, widgetLayout: {} }] }), "widgets[0].widgetLayout"],
    [make({ reflowType: "auto", layoutType: "free", widgets: [{ ...note, widgetLayout: {} }] }), "reflowType"],
    [make({ tags: ["env:staging"] }), "tags"],
  ];
  for (const [inputs, property] of refused)
    it(`is refused at ${property}: ${JSON.stringify(inputs["widgets"])}`, () => {
      assert.equal(tinyWorld(datadog).check(BOARD, inputs)[0]?.property, property);
    });
});
