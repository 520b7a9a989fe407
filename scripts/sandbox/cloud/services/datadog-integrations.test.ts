import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { datadog } from "./datadog.ts";
import { assertRefused, tinyWorld } from "./tiny-world.ts";

const ACCOUNT = "datadog:aws/integrationAccount:IntegrationAccount";

const account: Properties = {
  awsAccountId: "111122223333",
  awsPartition: "aws",
  authConfig: { awsAuthConfigRole: { roleName: "datadog" } },
  awsRegions: { includeOnlies: ["us-east-1"] },
  logsConfig: { lambdaForwarder: {} },
  metricsConfig: { namespaceFilters: { includeOnlies: ["AWS/ECS"] } },
  resourcesConfig: {},
  tracesConfig: { xrayServices: {} },
};

describe("Datadog: an integration with an AWS account", () => {
  it("gets an external id where it is given none", () => {
    const cloud = tinyWorld(datadog);
    const made = cloud.create(ACCOUNT, "a", account);
    assert.match(made.id, /^[0-9a-f-]{36}$/);
    assert.match(JSON.stringify(made.outputs["authConfig"]), /"externalId":"[0-9a-f]{32}"/);
    const own = cloud.create("datadog:aws/integrationExternalId:IntegrationExternalId", "e", {});
    assert.match(own.id, /^[0-9a-f]{32}$/);
  });

  it("is the account's only one", () => {
    const cloud = tinyWorld(datadog);
    cloud.create(ACCOUNT, "a", account);
    assertRefused(() => cloud.create(ACCOUNT, "b", account), "409 Conflict", /111122223333 already exists/);
  });

  const refused: readonly [over: Properties, property: string][] = [
    [{ awsRegions: null }, "awsRegions"],
    [{ logsConfig: {} }, "logsConfig.lambdaForwarder"],
    [{ tracesConfig: {} }, "tracesConfig.xrayServices"],
    [{ metricsConfig: { namespaceFilters: { includeOnlies: ["ecs"] } } }, "metricsConfig.namespaceFilters"],
    [{ awsRegions: { includeOnlies: ["everywhere"] } }, "awsRegions.includeOnlies"],
    [
      { authConfig: { awsAuthConfigRole: { roleName: "arn:aws:iam::111122223333:role/datadog" } } },
      "authConfig.awsAuthConfigRole.roleName",
    ],
    [
      { resourcesConfig: { extendedCollection: false, cloudSecurityPostureManagementCollection: true } },
      "resourcesConfig.cloudSecurityPostureManagementCollection",
    ],
  ];
  for (const [over, property] of refused)
    it(`is refused at ${property}`, () => {
      assert.equal(tinyWorld(datadog).check(ACCOUNT, { ...account, ...over })[0]?.property, property);
    });
});

describe("Datadog: what has a name of its own in the organisation", () => {
  for (const [type, property, inputs] of [
    ["datadog:index/webhook:Webhook", "name", { url: "https://example.com/hook" }],
    ["datadog:pagerduty/serviceObject:ServiceObject", "serviceName", { serviceKey: "k" }],
    ["datadog:index/logsIndex:LogsIndex", "name", { filters: [{ query: "*" }] }],
    ["datadog:index/logsMetric:LogsMetric", "name", { compute: { aggregationType: "count" }, filter: { query: "*" } }],
  ] as const)
    it(type, () => {
      const cloud = tinyWorld(datadog);
      assert.equal(cloud.create(type, "a", { ...inputs, [property]: "alerts" } as Properties).id, "alerts");
      assertRefused(
        () => cloud.create(type, "b", { ...inputs, [property]: "alerts" } as Properties),
        "409 Conflict",
        /alerts already exists/,
      );
    });

  it("is a webhook with a URL and headers in JSON", () => {
    const cloud = tinyWorld(datadog);
    const type = "datadog:index/webhook:Webhook";
    assert.equal(cloud.check(type, { name: "a", url: "example.com" })[0]?.property, "url");
    const inputs = { name: "a", url: "https://example.com", customHeaders: "X-A: b" };
    assertRefused(() => cloud.create(type, "a", inputs), "400 Bad Request", /valid JSON/);
  });

  it("is a service whose name makes a handle", () => {
    const type = "datadog:pagerduty/serviceObject:ServiceObject";
    assert.equal(tinyWorld(datadog).check(type, { serviceName: "on call" })[0]?.property, "serviceName");
  });

  it("is a metric from logs that says what it counts", () => {
    const check = (compute: Properties) =>
      tinyWorld(datadog).check("datadog:index/logsMetric:LogsMetric", { compute })[0]?.property;
    assert.equal(check({ aggregationType: "distribution" }), "compute.path");
    assert.equal(check({ aggregationType: "count", includePercentiles: true }), "compute.includePercentiles");
    assert.equal(check({ aggregationType: "distribution", path: "@duration" }), undefined);
  });

  it("is metadata of a metric that could be one", () => {
    const type = "datadog:index/metricMetadata:MetricMetadata";
    assert.equal(tinyWorld(datadog).check(type, { metric: "2xx" })[0]?.property, "metric");
    assert.equal(tinyWorld(datadog).create(type, "m", { metric: "api.requests" }).id, "api.requests");
  });
});
