import assert from "node:assert/strict";
import { type Properties, UNKNOWN } from "../../values/value.ts";
import { datadog } from "./datadog.ts";
import { messageProblem } from "./datadog-monitors.ts";
import { assertRefused, tinyWorld } from "./tiny-world.ts";

const MONITOR = "datadog:index/monitor:Monitor";
const SLO = "datadog:index/serviceLevelObjective:ServiceLevelObjective";

const monitor: Properties = {
  name: "CPU",
  type: "query alert",
  message: "{{#is_alert}}Look.{{/is_alert}} @pagerduty-platform",
  query: "avg(last_10m):avg:mongodb.atlas.system.cpu.norm.user{clustername:a} by {host} > 80",
  monitorThresholds: { critical: "80", warning: "70", criticalRecovery: "75" },
  tags: ["env:staging", "team:platform"],
  renotifyInterval: 60,
};
const without = (key: string): Properties =>
  Object.fromEntries(Object.entries(monitor).filter(([name]) => name !== key));
const reasonOf = (inputs: Properties): string => tinyWorld(datadog).check(MONITOR, inputs)[0]?.reason ?? "nothing";

describe("Datadog: a monitor", () => {
  it("is taken as it is, and while its query is not known", () => {
    const cloud = tinyWorld(datadog);
    assert.deepEqual(cloud.check(MONITOR, monitor), []);
    assert.deepEqual(cloud.check(MONITOR, { ...monitor, query: UNKNOWN }), []);
    cloud.update(cloud.create(MONITOR, "m", monitor), { ...monitor, renotifyInterval: 0 });
  });

  const refused: readonly [what: string, over: Properties, says: RegExp][] = [
    [
      "a threshold that its query does not have",
      { monitorThresholds: { critical: "90" } },
      /Alert threshold \(90\.0\) does not match that used in the query \(80\.0\)/,
    ],
    ["a warning without an alert", { monitorThresholds: { warning: "70" } }, /Alert status is required/],
    [
      "a warning beyond the alert",
      { monitorThresholds: { critical: "80", warning: "85" } },
      /Warning threshold \(85\.0\) must be less/,
    ],
    [
      "a recovery beyond the alert",
      { monitorThresholds: { critical: "80", criticalRecovery: "90" } },
      /Alert recovery threshold/,
    ],
    [
      "a warning's recovery beyond it",
      { monitorThresholds: { critical: "80", warning: "70", warningRecovery: "75" } },
      /Warning recovery/,
    ],
    ["a query that is none", { query: "cpu > 80" }, /The value provided for parameter 'query' is invalid/],
    ["a query of another type", { type: "event-v2 alert" }, /parameter 'query' is invalid/],
    ["an open tag in its message", { message: "{{#is_alert}}Look." }, /'is_alert' was not closed/],
    ["a reminder every 7 minutes", { renotifyInterval: 7 }, /renotify_interval must be one of 0, 10, 20/],
    ["a tag with capitals", { tags: ["Env:staging"] }, /Invalid tag: Env:staging/],
    ["groups that the query lacks", { notifyBies: ["zone"] }, /notify_by must be a subset/],
  ];
  for (const [what, over, says] of refused)
    it(`is not taken with ${what}`, () => {
      const inputs = { ...monitor, ...over };
      assert.match(reasonOf(inputs), /^error validating monitor: 400 Bad Request: \{"errors":\[/);
      assert.match(reasonOf(inputs), says);
      const unchecked = { ...inputs, validate: false };
      assert.deepEqual(tinyWorld(datadog).check(MONITOR, unchecked), []);
      assertRefused(() => tinyWorld(datadog).create(MONITOR, "m", unchecked), "400 Bad Request", says);
    });

  it("is of a type that there is", () => {
    assert.match(reasonOf({ ...monitor, type: "metric" }), /must be one of composite/);
  });

  it("says what follows a reminder only where there is one", () => {
    assert.match(reasonOf({ ...without("renotifyInterval"), renotifyOccurrences: 3 }), /needs a renotify_interval/);
    assert.match(
      reasonOf({ ...monitor, renotifyInterval: 0, renotifyStatuses: ["alert"] }),
      /needs a renotify_interval/,
    );
    assert.equal(reasonOf({ ...monitor, renotifyStatuses: ["alert"] }), "nothing");
  });

  it("has no words for missing data where its type has none", () => {
    const composite = { name: "c", type: "composite", message: "", query: "1 && 2", onMissingData: "resolve" };
    assert.match(reasonOf(composite), /not available for a composite/);
  });

  it("closes each tag of its message in turn", () => {
    assert.equal(
      messageProblem('{{#is_alert}}a{{#is_match "host.name" "b"}}c{{/is_match}}{{/is_alert}} {{value}}'),
      undefined,
    );
    assert.match(messageProblem("{{#is_alert}}{{/is_warning}}") ?? "nothing", /closes nothing/);
  });

  it("combines monitors that exist, and keeps them", () => {
    const cloud = tinyWorld(datadog);
    const one = cloud.create(MONITOR, "one", monitor);
    const composite = (query: string): Properties => ({ name: "c", type: "composite", message: "", query });
    assertRefused(() => cloud.create(MONITOR, "c", composite(`${one.id} && 99`)), "400 Bad Request", /monitor \[99\]/);
    const both = cloud.create(MONITOR, "c", composite(`${one.id} || ${one.id}`));
    assertRefused(() => cloud.delete(one), "400 Bad Request", /referenced in composite monitors/);
    cloud.delete(both);
    cloud.delete(one);
  });

  it("goes before its objective only where it is forced", () => {
    const cloud = tinyWorld(datadog);
    const watched = cloud.create(MONITOR, "m", monitor);
    const objective = { name: "o", type: "monitor", thresholds: [{ timeframe: "30d", target: 99 }] };
    assertRefused(() => cloud.create(SLO, "o", { ...objective, monitorIds: [12] }), "400 Bad Request", /\[12\]/);
    cloud.create(SLO, "o", { ...objective, monitorIds: [Number(watched.id)] });
    assertRefused(() => cloud.delete(watched), "400 Bad Request", /referenced in slos/);
    cloud.delete(cloud.update(watched, { ...monitor, forceDelete: true }));
  });
});

describe("Datadog: an alert on an objective", () => {
  const alert = (id: string, query: string): Properties => ({
    name: "burn",
    type: "slo alert",
    message: "",
    query: query.replace("ID", id),
  });
  const world = () => {
    const cloud = tinyWorld(datadog);
    const objective = cloud.create(SLO, "o", {
      name: "o",
      type: "metric",
      query: { numerator: "sum:good{*}.as_count()", denominator: "sum:all{*}.as_count()" },
      thresholds: [{ timeframe: "30d", target: 99.9 }],
    });
    return { cloud, objective, make: (query: string) => () => cloud.create(MONITOR, "a", alert(objective.id, query)) };
  };
  const burn = (rate: string, over = "30d", long = "1h", short = "5m"): string =>
    `burn_rate("ID").over("${over}").long_window("${long}").short_window("${short}") > ${rate}`;

  it("needs one that exists, with a target for its time", () => {
    const { cloud, make } = world();
    make(burn("14.4"))();
    make('error_budget("ID").over("30d") > 75')();
    assertRefused(
      () => cloud.create(MONITOR, "b", alert("none", burn("14.4"))),
      "400 Bad Request",
      /none does not exist/,
    );
    assertRefused(make(burn("14.4", "7d")), "400 Bad Request", /no target for the time window 7d/);
  });

  it("asks for a burn that the target allows, over windows in order", () => {
    const { make } = world();
    make(burn("1000"))();
    assertRefused(make(burn("1001")), "400 Bad Request", /at most 1000\.0/);
    assertRefused(make(burn("2", "30d", "72h")), "400 Bad Request", /between 1 hour and 48 hours/);
    assertRefused(make(burn("2", "30d", "1h", "1h")), "400 Bad Request", /less than the long window/);
  });

  it("goes before its objective", () => {
    const { cloud, objective, make } = world();
    const made = make(burn("14.4"))();
    assertRefused(() => cloud.delete(objective), "409 Conflict", new RegExp(made.id));
    cloud.delete(made);
    cloud.delete(objective);
  });
});
