import assert from "node:assert/strict";
import { routeClasses } from "../../api/src/http/route.ts";
import { counters, gauges, histograms } from "../../api/src/telemetry/metric-names.ts";
import { dashboardOf } from "./dashboard.ts";
import { availability, latency } from "./slos.ts";
import {
  delaySecondsOf,
  isGrouped,
  type MonitorRow,
  monitorRows,
  monitorsOf,
  needsFullWindow,
  queryOf,
  type Scope,
  thresholdsOf,
} from "./monitors.ts";

const scope: Scope = {
  environment: "staging",
  service: "api",
  loadBalancer: "app/groundwork/0123456789abcdef",
  clusterName: "cluster",
  serviceName: "service",
  databaseCluster: "atlas",
  databaseConnectionLimit: 1500,
  replicationGroupId: "cache",
  backupVault: "vault",
  p95Seconds: 0.5,
};

const rows: readonly [string, MonitorRow][] = monitorsOf(true);

/** Metrics of the API itself, and what it says of their attributes. */
const toldByApi: Readonly<Record<string, { readonly description: string }>> = { ...histograms, ...counters, ...gauges };

/** Metrics that the API and the integrations really have. Sources: their pages in Datadog's and Atlas's documentation. */
const knownMetrics = new Set([
  "trace.http.server.request",
  "trace.mongodb.query",
  "aws.applicationelb.httpcode_elb_5xx",
  "aws.applicationelb.httpcode_target_5xx",
  "aws.ecs.service.desired",
  "aws.ecs.service.running",
  "aws.elasticache.database_memory_usage_percentage",
  "aws.elasticache.evictions",
  "aws.backup.number_of_backup_jobs_completed",
  "aws.backup.number_of_backup_jobs_failed",
  ...Object.keys(toldByApi),
  "mongodb.atlas.connections.current",
  "mongodb.atlas.replset.replicationlag",
  "mongodb.atlas.system.disk.space.percentused",
  ...["user", "kernel", "nice", "iowait", "irq", "softirq", "steal"].map(
    (state) => `mongodb.atlas.system.cpu.norm.${state}`,
  ),
]);

const minutes: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 };
const windowMinutes = (query: string): number => {
  const [, count = "", unit = ""] = /last(?:_|\(")(\d+)([mhd])/.exec(query) ?? [];
  return Number(count) * (minutes[unit] ?? Number.NaN);
};

describe("the monitors", () => {
  for (const [key, row] of rows) {
    const query = queryOf(row, scope);
    const thresholds = thresholdsOf(row, scope);

    it(`${key} compares with the threshold that it tells Datadog`, () => {
      const [, comparator, number] = / ([<>]) (\S+)$/.exec(query) ?? [];
      assert.equal(comparator, row.comparator);
      assert.equal(Number(number), thresholds.critical);
    });

    it(`${key} warns before it alerts, and recovers on the quiet side`, () => {
      const sign = row.comparator === ">" ? 1 : -1;
      for (const bound of [thresholds.warning, thresholds.criticalRecovery])
        if (bound !== undefined) assert.ok((thresholds.critical - bound) * sign > 0, String(bound));
    });

    it(`${key} measures what exists, and in its own environment alone`, () => {
      const metrics = [...query.matchAll(/\b(?:avg|sum|min|max|count|p\d\d):([a-z0-9_.]+)\{([^}]*)\}/g)];
      assert.equal(metrics.length === 0, row.type === "event-v2 alert");
      for (const [, metric = "", tags = ""] of metrics) {
        assert.ok(knownMetrics.has(metric), metric);
        assert.doesNotMatch(tags, /^\*?$|:\*$/, "it must be limited to one environment");
      }
    });

    it(`${key} waits for data at least twice as long as it looks back`, () => {
      if (row.noDataMinutes !== undefined) assert.ok(row.noDataMinutes >= 2 * windowMinutes(query), query);
    });

    it(`${key} says in sentences what happened and what to do`, () => {
      for (const text of [row.means, row.action]) assert.match(text, /^[A-Z].{20,}\.$/);
      assert.doesNotMatch(row.title, /\.$/);
    });
  }

  it("are those that the brief asks for, with its numbers", () => {
    const asked: Readonly<Record<string, readonly [number, number]>> = {
      "api-error-rate": [1, 5],
      "api-latency-median": [0.2, 10],
      "alb-5xx": [10, 5],
      "database-cpu": [80, 10],
      "database-slow-queries": [0.1, 10],
      "cache-memory": [90, 10],
      "cache-hit-rate": [80, 60],
    };
    for (const [key, [critical, window]] of Object.entries(asked)) {
      const row = monitorRows[key as keyof typeof monitorRows];
      assert.equal(thresholdsOf(row, scope).critical, critical, key);
      assert.equal(windowMinutes(queryOf(row, scope)), window, key);
    }
  });

  it("ask for metrics of the API, as dashboard and objectives do, only by the names and attributes that it tells", () => {
    const board = dashboardOf({
      title: "t",
      scope,
      availabilityId: "a",
      latencyId: "l",
      budgetName: "",
      team: [],
      runbookUrl: "https://example.com/",
    });
    const asked = [
      ...rows.map(([, row]) => queryOf(row, scope)),
      ...[board, availability(scope), latency(scope)].map((part) => JSON.stringify(part)),
    ].join("\n");
    const own = [
      ...asked.matchAll(/\b(?:avg|sum|min|max|count|p\d\d):([a-z0-9_.]+)\{([^}]*)\}(?: by \{([^}]*)\})?/g),
    ].filter(([, metric = ""]) => !/^(aws|mongodb|trace)\./.test(metric));
    assert.ok(own.length > 0);
    for (const [, metric = "", filters = "", groups] of own) {
      const { description } = toldByApi[metric] ?? assert.fail(`the API tells no ${metric}`);
      const keys = [
        ...filters.split(",").map((filter) => filter.replace(/^!|:.*$/g, "")),
        ...(groups?.split(",") ?? []),
      ];
      for (const key of keys.filter((one) => !["env", "service", "version"].includes(one)))
        assert.ok(description.includes(key), `${metric} has no ${key}`);
      for (const [, name = ""] of filters.matchAll(/route\.class:(\w+)/g)) assert.ok(name in routeClasses, name);
    }
    for (const metric of ["http.server.request.duration", "cache.lookups", "http.server.limited", "http.server.shed"])
      assert.ok(
        own.some(([, name]) => name === metric),
        metric,
      );
  });

  it("count people's requests in the error rate, and every request where silence is told", () => {
    assert.ok(!queryOf(monitorRows["api-no-requests"], scope).includes("route.class"));
    assert.match(queryOf(monitorRows["api-error-rate"], scope), /!route\.class:probe,http\.response\.status_class:5xx/);
  });

  it("ask nothing of backups where there are none", () => {
    const without = monitorsOf(false).map(([key]) => key);
    assert.deepEqual(
      rows.map(([key]) => key).filter((key) => !(without as string[]).includes(key)),
      ["backup-failed", "backup-stale"],
    );
  });

  it("wait for CloudWatch's metrics, which are late, and for nobody else's", () => {
    assert.equal(delaySecondsOf(queryOf(monitorRows["alb-5xx"], scope)), 900);
    assert.equal(delaySecondsOf(queryOf(monitorRows["api-error-rate"], scope)), undefined);
    assert.equal(delaySecondsOf(queryOf(monitorRows["database-cpu"], scope)), undefined);
  });

  it("judge a minimum only over a full window, and tell nodes apart", () => {
    assert.deepEqual(
      rows.filter(([, row]) => needsFullWindow(queryOf(row, scope))).map(([key]) => key),
      ["service-tasks", "database-cpu"],
    );
    assert.ok(isGrouped(queryOf(monitorRows["database-disk"], scope)));
    assert.ok(isGrouped(queryOf(monitorRows["api-dependency-unavailable"], scope)));
    assert.ok(!isGrouped(queryOf(monitorRows["alb-5xx"], scope)));
  });

  it("rise with the size of the database", () => {
    const large = { ...scope, databaseConnectionLimit: 3000 };
    assert.deepEqual(thresholdsOf(monitorRows["database-connections"], large), { critical: 2400, warning: 1800 });
  });
});
