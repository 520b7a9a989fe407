import assert from "node:assert/strict";
import { capture, type CapturedResource, only } from "./capture.ts";
import { monitorsOf } from "./monitoring/monitors.ts";
import { burnRows } from "./monitoring/slos.ts";
import { Monitoring, type MonitoringArgs } from "./monitoring.ts";
import { tagKeys, tagsOf } from "./tags.ts";

const MONITOR = "datadog:index/monitor:Monitor";
const SLO = "datadog:index/serviceLevelObjective:ServiceLevelObjective";

const args: MonitoringArgs = {
  environment: "production",
  checks: {
    api: { host: "api.example.com", path: "/heartbeat" },
    storefront: { host: "www.example.com", path: "/" },
    admin: { host: "admin.example.com", path: "/" },
  },
  loadBalancerArnSuffix: "app/groundwork/0123456789abcdef",
  clusterName: "cluster",
  serviceName: "service",
  databaseClusterName: "atlas",
  replicationGroupId: "cache",
  backupVaultName: "vault",
  budgetName: "groundwork-production",
  checkLocations: ["aws:us-east-1", "aws:eu-central-1"],
  runbookUrl: "https://example.com/runbook.md",
  pageHandles: ["@pagerduty-groundwork-production"],
  noticeHandles: ["@slack-groundwork-production"],
  tags: tagsOf({
    project: "groundwork",
    stack: "production",
    environment: "production",
    owner: "platform",
    costCenter: "engineering",
  }),
};

interface MonitorInputs {
  readonly name: string;
  readonly type: string;
  readonly message: string;
  readonly query: string;
  readonly monitorThresholds: Readonly<Record<string, string>>;
  readonly priority: string;
  readonly tags: readonly string[];
  readonly renotifyInterval: number;
  readonly notifyNoData?: boolean;
  readonly noDataTimeframe?: number;
  readonly evaluationDelay?: number;
  readonly assets: readonly { readonly url: string }[];
}

const build = (over: Partial<MonitoringArgs> = {}) =>
  new Monitoring("groundwork-production-monitoring", { ...args, ...over });

describe("the monitoring", () => {
  let resources: readonly CapturedResource[];
  let monitors: ReadonlyMap<string, MonitorInputs>;
  const monitor = (key: string): MonitorInputs => monitors.get(key) ?? assert.fail(`no monitor ${key}`);
  before(async () => {
    ({ resources } = await capture(() => build()));
    monitors = new Map(
      resources
        .filter(({ type }) => type === MONITOR)
        .map(({ name, inputs }) => [
          name.replace(/^groundwork-production-monitoring-(objectives-)?/, ""),
          inputs as unknown as MonitorInputs,
        ]),
    );
  });

  it("has every monitor of the tables", () => {
    assert.deepEqual(
      [...monitors.keys()].sort(),
      [...monitorsOf(true).map(([key]) => key), ...Object.keys(burnRows)].sort(),
    );
  });

  it("compares in each query with the threshold that it gives, or Datadog would refuse it", () => {
    for (const [key, { query, monitorThresholds }] of monitors)
      assert.equal(/ [<>] (\S+)$/.exec(query)?.[1], monitorThresholds["critical"], key);
  });

  it("gives each a message with a link to its section, the tags, a priority, and reminders", () => {
    for (const [key, { message, assets, tags, priority, renotifyInterval, name }] of monitors) {
      assert.ok(message.includes(`\nRunbook: https://example.com/runbook.md#${key}\n`), key);
      assert.deepEqual(
        assets.map(({ url }) => url),
        [`https://example.com/runbook.md#${key}`],
      );
      for (const tag of [...tagKeys, "env", "team"])
        assert.ok(
          tags.some((one) => one.startsWith(`${tag.toLowerCase()}:`)),
          `${key} ${tag}`,
        );
      assert.match(priority, /^[1-3]$/);
      assert.ok(renotifyInterval > 0);
      assert.match(name, /^production: /);
    }
  });

  it("wakes somebody up for what cannot wait, and nobody for the rest", () => {
    for (const [key, { message, priority }] of monitors)
      assert.equal(message.includes("@pagerduty-groundwork-production"), Number(priority) <= 2, key);
  });

  it("tells when nothing is measured any more", () => {
    assert.deepEqual(
      [...monitors]
        .filter(([, { notifyNoData }]) => notifyNoData === true)
        .map(([key]) => key)
        .sort(),
      ["api-no-requests", "backup-stale", "cache-memory", "database-cpu", "service-tasks"],
    );
    assert.equal(monitor("database-cpu").noDataTimeframe, 30);
    assert.equal(monitor("alb-5xx").evaluationDelay, 900);
  });

  it("sets the database's bounds by its size", async () => {
    assert.equal(monitor("database-connections").monitorThresholds["critical"], "1200");
    const large = await capture(() => build({ databaseInstanceSize: "M30" }));
    const found = large.resources.find(({ name }) => name.endsWith("database-connections"));
    assert.match(String(found?.inputs["query"]), /> 2400$/);
  });

  it("checks the three hosts and their certificates from outside", () => {
    const tests = resources.filter(({ type }) => type === "datadog:index/syntheticsTest:SyntheticsTest");
    assert.equal(tests.length, 6);
    assert.deepEqual(
      tests
        .map(({ inputs }) => (inputs["requestDefinition"] as { url?: string }).url)
        .filter((url) => url !== undefined),
      ["https://api.example.com/heartbeat", "https://www.example.com/", "https://admin.example.com/"],
    );
  });

  it("promises 99.9 % of requests, and looks at both windows of each burn rate", () => {
    const [objective = assert.fail("no objective")] = resources.filter(
      ({ type, name }) => type === SLO && name.endsWith("-availability"),
    );
    assert.deepEqual(objective.inputs["thresholds"], [{ timeframe: "30d", target: 99.9, warning: 99.95 }]);
    assert.equal(
      monitor("api-availability-fast-burn").query,
      `burn_rate("${objective.name}-id").over("30d").long_window("1h").short_window("5m") > 14.4`,
    );
  });

  it("shows on one page what the brief asks for", () => {
    const { inputs } = only(resources, "datadog:index/dashboardJson:DashboardJson");
    const text = inputs["dashboard"] as string;
    const board = JSON.parse(text) as { title: string; tags: string[]; widgets: { definition: { title?: string } }[] };
    assert.equal(board.title, "production: API, data, and cost");
    assert.deepEqual(board.tags, ["team:platform"]);
    assert.deepEqual(
      board.widgets.map(({ definition }) => definition.title).filter((title) => title !== undefined),
      ["Objectives", "API", "Service", "Database", "Cache", "Cost"],
    );
    for (const shown of [
      "count:http.server.request.duration{",
      "status_class:5xx",
      "p50:",
      "p95:",
      "p99:",
      "connections.current",
      "cache.lookups",
      "actual_spend",
    ])
      assert.ok(text.includes(shown), shown);
  });

  it("leaves out what is not there: backups, and a budget", async () => {
    const { backupVaultName: _, budgetName: __, ...rest } = args;
    const without = await capture(() => new Monitoring("groundwork-production-monitoring", rest));
    assert.ok(!without.resources.some(({ name }) => name.includes("backup")));
    assert.doesNotMatch(JSON.stringify(without.resources), /aws\.billing/);
  });

  const refused: readonly [input: string, over: Partial<MonitoringArgs>][] = [
    ["pageHandles", { pageHandles: [] }],
    ["noticeHandles", { noticeHandles: ["somebody"] }],
    ["runbookUrl", { runbookUrl: "runbook.md" }],
    ["databaseInstanceSize", { databaseInstanceSize: "M5" }],
    ["p95Seconds", { p95Seconds: 0 }],
  ];
  for (const [input, over] of refused)
    it(`refuses ${JSON.stringify(over)}, by the input's name`, async () => {
      await assert.rejects(
        capture(() => build(over)),
        new RegExp(`Error: ${input}: `),
      );
    });
});
