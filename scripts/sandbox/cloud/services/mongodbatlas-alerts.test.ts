import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { mapAt, mapsAt } from "../fields.ts";
import { mongodbatlas } from "./mongodbatlas.ts";
import { makeProject } from "./mongodbatlas-samples.ts";
import { assertRefused, textIn, tinyWorld } from "./tiny-world.ts";

const ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration";
const INTEGRATION = "mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration";
const KEY = "0123456789abcdef0123456789abcdef";
const email: Properties = { typeName: "EMAIL", emailAddress: "platform@example.com", intervalMin: 60 };
const cpu: Properties = {
  eventType: "OUTSIDE_METRIC_THRESHOLD",
  metricThresholdConfig: { metricName: "NORMALIZED_SYSTEM_CPU_USER", operator: "GREATER_THAN", threshold: 80 },
  notifications: [email],
};
const noPrimary: Properties = { eventType: "NO_PRIMARY", notifications: [email] };
const group: Properties = { typeName: "GROUP", emailEnabled: true };
const measured = (over: Properties): Properties => ({
  ...cpu,
  metricThresholdConfig: { ...mapAt(cpu, "metricThresholdConfig"), ...over },
});
const told = (...notifications: Properties[]): Properties => ({ ...noPrimary, notifications });
const oplog = (operator: string): Properties => ({
  eventType: "REPLICATION_OPLOG_WINDOW_RUNNING_OUT",
  thresholdConfig: { operator, threshold: 1, units: "HOURS" },
  notifications: [email],
});

describe("an alert of Atlas", () => {
  const refused: readonly [what: string, inputs: Properties, code: string][] = [
    ["a project that does not exist", { ...cpu, projectId: "0" }, "GROUP_NOT_FOUND"],
    ["an event that there is not", { ...noPrimary, eventType: "CPU_HIGH" }, "INVALID_EVENT_TYPE_FOR_ALERT"],
    [
      "a metric's event without the metric",
      { ...noPrimary, eventType: "OUTSIDE_METRIC_THRESHOLD" },
      "MISSING_METRIC_THRESHOLD",
    ],
    ["a metric of another event", { ...cpu, eventType: "NO_PRIMARY" }, "METRIC_THRESHOLD_PRESENT"],
    ["a metric that there is not", { ...cpu, metricThresholdConfig: { metricName: "CPU" } }, "INVALID_METRIC_NAME"],
    ["a metric with a slip", measured({ metricName: "NORMALIZED_SYSTEM_CPU_USR" }), "INVALID_METRIC_NAME"],
    ["a unit that there is not", measured({ units: "PERCENT" }), "INVALID_ENUM_VALUE"],
    ["a share in hours", measured({ units: "HOURS" }), "UNITS_MISMATCH"],
    ["an event without its threshold", { ...noPrimary, eventType: "CPS_SNAPSHOT_BEHIND" }, "MISSING_THRESHOLD"],
    ["a threshold of another event", { ...oplog("LESS_THAN"), eventType: "NO_PRIMARY" }, "THRESHOLD_PRESENT"],
    ["a threshold the wrong way round", oplog("GREATER_THAN"), "INVALID_OPERATOR_FOR_EVENT_TYPE"],
    [
      "a field that the event does not have",
      { ...noPrimary, matchers: [{ fieldName: "HOSTNAME", operator: "EQUALS", value: "x" }] },
      "INVALID_ENUM_VALUE",
    ],
    ["nobody to tell", { ...noPrimary, notifications: [] }, "MISSING_NOTIFICATIONS"],
    ["an e-mail to nobody", { ...noPrimary, notifications: [{ typeName: "EMAIL" }] }, "MISSING_ATTRIBUTE"],
    ["Slack without a channel", told({ typeName: "SLACK", apiToken: "xoxb-1" }), "MISSING_ATTRIBUTE"],
    ["roles of an address", told({ ...email, roles: ["GROUP_OWNER"] }), "INVALID_ATTRIBUTE"],
    ["a group without roles", told({ ...group, roles: [] }), "MISSING_ROLES_FOR_GROUP_NOTIFICATION"],
    ["two groups", told(group, group), "TOO_MANY_GROUP_NOTIFICATIONS"],
    ["Datadog without a key", { ...noPrimary, notifications: [{ typeName: "DATADOG" }] }, "MISSING_ATTRIBUTE"],
    [
      "a key that is none",
      { ...noPrimary, notifications: [{ typeName: "DATADOG", datadogApiKey: "key" }] },
      "INVALID_DATADOG_API_KEY",
    ],
    [
      "a region that Datadog does not have",
      { ...noPrimary, notifications: [{ typeName: "DATADOG", datadogApiKey: KEY, datadogRegion: "MARS" }] },
      "INVALID_ENUM_VALUE",
    ],
    [
      "a group that is told in no way",
      { ...noPrimary, notifications: [{ typeName: "GROUP" }] },
      "EMAIL_OR_SMS_REQUIRED_FOR_GROUP_NOTIFICATION",
    ],
    [
      "the organisation",
      { ...noPrimary, notifications: [{ typeName: "ORG", emailEnabled: true }] },
      "NO_ORG_NOTIFICATION_FOR_GROUP_ALERT",
    ],
  ];
  for (const [what, inputs, code] of refused) {
    it(`answers ${code} to ${what}`, () => {
      const cloud = tinyWorld(mongodbatlas);
      assertRefused(() => cloud.create(ALERT, "a", { projectId: makeProject(cloud).id, ...inputs }), code);
    });
  }

  it("tells by e-mail, by Datadog, and by an integration that is there already", () => {
    const cloud = tinyWorld(mongodbatlas);
    const projectId = makeProject(cloud).id;
    const ways = [email, { typeName: "DATADOG", datadogApiKey: KEY }, { typeName: "PAGER_DUTY", integrationId: "i" }];
    const made = cloud.create(ALERT, "a", { projectId, ...cpu, notifications: ways });
    assert.equal(mapsAt(made.outputs, "notifications").length, 3);
    assert.match(textIn(mapsAt(made.outputs, "notifications")[0] ?? {}, "notifierId"), /^[0-9a-f]{24}$/);
    const matchers = [{ fieldName: "CLUSTER_NAME", operator: "EQUALS", value: "orders" }];
    cloud.create(ALERT, "b", { projectId, ...oplog("LESS_THAN"), matchers });
    const own = { notifications: [{ typeName: "PAGER_DUTY", serviceKey: KEY, intervalMin: 5 }] };
    assert.equal(cloud.check(ALERT, own)[0]?.property, "notifications[0].intervalMin");
  });
});

describe("an integration of Atlas", () => {
  const datadog: Properties = { type: "DATADOG", apiKey: KEY, region: "US" };
  const refused: readonly [inputs: Properties, code: string][] = [
    [{ ...datadog, projectId: "0" }, "GROUP_NOT_FOUND"],
    [{ type: "DATADOG", apiKey: KEY }, "InvalidConfiguration"],
    [{ ...datadog, apiKey: "key" }, "INVALID_DATADOG_API_KEY"],
    [{ ...datadog, region: "MARS" }, "INVALID_INTEGRATION_SETTINGS"],
    [{ type: "PAGER_DUTY" }, "InvalidConfiguration"],
    [
      { type: "PROMETHEUS", userName: "u", password: "p", serviceDiscovery: "http", enabled: false },
      "InvalidConfiguration",
    ],
  ];
  for (const [inputs, code] of refused) {
    it(`answers ${code} to ${JSON.stringify(inputs)}`, () => {
      const cloud = tinyWorld(mongodbatlas);
      assertRefused(() => cloud.create(INTEGRATION, "i", { projectId: makeProject(cloud).id, ...inputs }), code);
    });
  }

  it("has nothing that belongs to another kind of integration", () => {
    const cloud = tinyWorld(mongodbatlas);
    const { outputs } = cloud.create(INTEGRATION, "i", { projectId: makeProject(cloud).id, ...datadog });
    assert.equal(outputs["region"], "US");
    for (const foreign of ["userName", "password", "routingKey"]) assert.equal(outputs[foreign], "");
  });

  it("is one of its type in the project", () => {
    const cloud = tinyWorld(mongodbatlas);
    const projectId = makeProject(cloud).id;
    const made = cloud.create(INTEGRATION, "i", { projectId, ...datadog });
    assertRefused(() => cloud.create(INTEGRATION, "j", { projectId, ...datadog }), "INTEGRATION_ALREADY_CONFIGURED");
    cloud.update(made, { projectId, ...datadog, region: "EU" });
  });
});
