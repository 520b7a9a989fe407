import assert from "node:assert/strict";
import { eventRows, eventsOf, templateOf } from "./alarm-events.ts";
import { alarmInputs } from "./alarm-inputs.ts";
import { alarmRows, type AlarmRow, type AlarmScope, alarmsOf } from "./alarms.ts";
import { cloudWatchDashboard } from "./cloudwatch-dashboard.ts";

const scope: AlarmScope = {
  loadBalancer: "app/groundwork/0123456789abcdef",
  targetGroup: "targetgroup/groundwork/0123456789abcdef",
  clusterName: "cluster",
  serviceName: "service",
  tasksExpected: true,
  cacheNodes: ["cache-001", "cache-002"],
  rotationFunction: "rotation",
  unpagedQueue: "unpaged",
  certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/a",
  backupVault: "vault",
};
const inputsOf = (key: keyof typeof alarmRows, over: Partial<AlarmScope> = {}) =>
  alarmInputs(alarmRows[key], { ...scope, ...over });

describe("the alarms", () => {
  for (const [key, row] of Object.entries<AlarmRow>(alarmRows)) {
    const inputs = alarmInputs(row, scope);

    it(`${key} has one result, and metrics that its expression names`, () => {
      const returned = inputs.metricQueries.filter(({ returnData }) => returnData === true);
      assert.equal(returned.length, 1);
      const expression = (returned[0]?.expression ?? "") as string;
      for (const { id, returnData } of inputs.metricQueries)
        if (returnData !== true) assert.match(expression, new RegExp(`\\b${id as string}\\b`));
    });

    it(`${key} says what silence means, and how much of its window must be bad`, () => {
      assert.match(inputs.treatMissingData, /^(breaching|notBreaching|ignore)$/);
      assert.ok(inputs.datapointsToAlarm >= 1 && inputs.datapointsToAlarm <= inputs.evaluationPeriods);
      assert.match(row.means, /^[A-Z].{20,}\.$/);
    });
  }

  it("are those that the brief asks for, with its numbers", () => {
    assert.deepEqual([alarmRows["alb-5xx"].threshold, alarmRows["alb-5xx"].periodSeconds], [10, 300]);
    assert.equal(alarmRows["cache-memory"].threshold, 90);
  });

  it("look at every node of the cache, however many there are", () => {
    const [result, ...nodes] = inputsOf("cache-memory").metricQueries;
    assert.equal(result?.expression, "MAX([node1, node2])");
    assert.deepEqual(
      nodes.map(({ metric }) => (metric as { dimensions: object }).dimensions),
      scope.cacheNodes.map((CacheClusterId) => ({ CacheClusterId })),
    );
    assert.equal(inputsOf("cache-evictions", { cacheNodes: ["a"] }).metricQueries[0]?.expression, "SUM([node1])");
  });

  it("take a service without a task for an outage only where it should have some", () => {
    assert.equal(inputsOf("no-healthy-host").treatMissingData, "breaching");
    assert.equal(inputsOf("no-healthy-host", { tasksExpected: false }).treatMissingData, "notBreaching");
  });

  it("are left out where there is nothing to watch", () => {
    const keys = (...parts: string[]) => alarmsOf(new Set(parts)).map(([key]) => key as string);
    const all = keys("rotation", "paging", "certificate", "backups");
    assert.deepEqual(
      all.filter((key) => !keys().includes(key)),
      ["rotation-errors", "paging-lost", "certificate-expiry", "backup-stale"],
    );
    assert.deepEqual(
      eventsOf(new Set()).map(([key]) => key as string),
      ["deployment-failed", "service-restarts"],
    );
  });
});

describe("the events", () => {
  const place = { region: "us-east-1", accountId: "123456789012", clusterName: "cluster", serviceName: "service" };

  it("are those of this service alone", () => {
    assert.deepEqual(eventRows["deployment-failed"].pattern(place)["resources"], [
      "arn:aws:ecs:us-east-1:123456789012:service/cluster/service",
    ]);
    assert.deepEqual((eventRows["service-restarts"].pattern(place)["detail"] as { group: string[] }).group, [
      "service:service",
    ]);
  });

  it("are told in lines of quoted text that name only what the event holds", () => {
    const lines = templateOf(eventRows["deployment-failed"], "https://example.com/#deployment-failed").split("\n");
    assert.equal(lines.length, 4);
    for (const line of lines) assert.equal(typeof JSON.parse(line), "string");
    assert.match(lines.at(-1) ?? "", /https:\/\/example\.com\/#deployment-failed/);
  });
});

describe("CloudWatch's dashboard", () => {
  const { widgets } = cloudWatchDashboard(scope, "us-east-1", "https://example.com/", ["arn:alarm"]);

  it("shows what the brief asks for", () => {
    const text = JSON.stringify(widgets);
    for (const metric of ["RequestCount", "TargetResponseTime", "p50", "p95", "p99", "CurrConnections", "CacheHits"])
      assert.ok(text.includes(metric), metric);
  });

  it("places widgets side by side, in the region of the stack, without overlap", () => {
    const places = widgets.map(({ x, y, width, height }) => ({ x, y, right: x + width, bottom: y + height }));
    for (const [index, one] of places.entries()) {
      assert.ok(one.right <= 24);
      for (const other of places.slice(index + 1))
        assert.ok(one.right <= other.x || other.right <= one.x || one.bottom <= other.y || other.bottom <= one.y);
    }
    for (const { type, properties } of widgets)
      if (type === "metric") assert.equal((properties as { region: string }).region, "us-east-1");
  });
});
