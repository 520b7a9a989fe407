import assert from "node:assert/strict";
import { resource } from "../../test/resource.ts";
import type { StackResource } from "../rule.ts";
import { stackFrom } from "../stack.ts";
import type { PlainMap } from "../unknown.ts";
import { watcherIndex, watchersOf, type Watched } from "./watchers.ts";

const monitor = (name: string, query: string): StackResource =>
  resource("datadog:index/monitor:Monitor", name, { query, message: "@pagerduty-api" });
const alarm = (name: string, props: PlainMap): StackResource =>
  resource("aws:cloudwatch/metricAlarm:MetricAlarm", name, props);

const service: Watched = {
  resource: resource("aws:ecs/service:Service", "api", {}),
  keys: new Set(["servicename"]),
  names: new Set(["api-1"]),
  cluster: undefined,
  namespaces: ["AWS/ECS"],
  tags: { env: "staging", service: "api" },
};
const watching = (...resources: readonly StackResource[]): readonly string[] =>
  watcherIndex(watchersOf(stackFrom(resources)))(service).map((watcher) => watcher.resource.name);

describe("watchers", () => {
  it("are found by a dimension, a tag, a pattern, a whole namespace, or environment and service together", () => {
    assert.deepEqual(
      watching(
        alarm("dimension", { dimensions: { ServiceName: "api-1" } }),
        alarm("namespace", { metricQueries: [{ expression: 'SELECT MAX(x) FROM SCHEMA("AWS/ECS", ServiceName)' }] }),
        monitor("tag", "avg:x{servicename:api-1} > 1"),
        monitor("pattern", "avg:x{servicename:api-*} > 1"),
        monitor("both", "avg:x{env:staging,service:api} > 1"),
        monitor("one", "avg:x{service:api} > 1"),
        monitor("other", "avg:x{servicename:api-2} > 1"),
        monitor("everything", "avg:x{servicename:*} > 1"),
      ).toSorted(),
      ["both", "dimension", "namespace", "pattern", "tag"],
    );
  });

  it("are live where they tell somebody", () => {
    const live = watchersOf(
      stackFrom([
        alarm("told", { alarmActions: ["arn:aws:sns:us-east-1:111122223333:elsewhere"] }),
        alarm("untold", { alarmActions: [] }),
        alarm("off", { alarmActions: ["arn:aws:sns:us-east-1:111122223333:elsewhere"], actionsEnabled: false }),
      ]),
    );
    assert.deepEqual(
      live.map(({ resource: { name }, isLive }) => [name, isLive]),
      [
        ["told", true],
        ["untold", false],
        ["off", false],
      ],
    );
  });
});
