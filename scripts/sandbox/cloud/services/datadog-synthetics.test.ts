import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { datadog } from "./datadog.ts";
import { assertRefused, tinyWorld } from "./tiny-world.ts";

const TEST = "datadog:index/syntheticsTest:SyntheticsTest";

const http: Properties = {
  name: "API",
  type: "api",
  subtype: "http",
  status: "live",
  locations: ["aws:us-east-1", "aws:eu-central-1"],
  requestDefinition: { method: "GET", url: "https://api.example.com/heartbeat" },
  assertions: [
    { type: "statusCode", operator: "is", target: "200" },
    { type: "responseTime", operator: "lessThan", target: "2000" },
    { type: "header", property: "content-type", operator: "contains", target: "json" },
    { type: "body", operator: "validatesJSONPath", targetjsonpath: { jsonpath: "$.status", operator: "is" } },
  ],
  optionsList: { tickEvery: 300, minLocationFailed: 2 },
  tags: ["env:staging"],
};
const ssl: Properties = {
  ...http,
  subtype: "ssl",
  requestDefinition: { host: "api.example.com", port: "443" },
  assertions: [{ type: "certificate", operator: "isInMoreThan", target: "20" }],
};
const assertion = (one: Properties): Properties => ({ ...http, assertions: [one] });

describe("Datadog: a synthetic test", () => {
  it("has a public id, and a monitor of its own", () => {
    const cloud = tinyWorld(datadog);
    const made = cloud.create(TEST, "t", http);
    assert.match(made.id, /^[a-z2-9]{3}-[a-z2-9]{3}-[a-z2-9]{3}$/);
    assert.equal(typeof made.outputs["monitorId"], "number");
    cloud.create(TEST, "s", ssl);
  });

  const refused: readonly [what: string, inputs: Properties, property: string][] = [
    ["no location", { ...http, locations: [] }, "locations"],
    ["a location that there is not", { ...http, locations: ["us-east-1"] }, "locations[0]"],
    ["more failing locations than it has", { ...http, locations: ["pl:own-1"] }, "optionsList.minLocationFailed"],
    ["no URL", { ...http, requestDefinition: { method: "GET" } }, "requestDefinition.url"],
    [
      "a URL without a scheme",
      { ...http, requestDefinition: { method: "GET", url: "example.com" } },
      "requestDefinition.url",
    ],
    ["no port", { ...ssl, requestDefinition: { host: "a" } }, "requestDefinition.port"],
    ["no assertion", { ...http, assertions: [] }, "assertions"],
    [
      "an assertion of another kind",
      assertion({ type: "certificate", operator: "isInMoreThan" }),
      "assertions[0].type",
    ],
    ["an operator of another kind", assertion({ type: "responseTime", operator: "is" }), "assertions[0].operator"],
    ["no operator", assertion({ type: "statusCode" }), "assertions[0].operator"],
    ["a header without a name", assertion({ type: "header", operator: "is", target: "a" }), "assertions[0].property"],
    ["nothing to compare with", assertion({ type: "statusCode", operator: "is" }), "assertions[0].target"],
    ["no path to look at", assertion({ type: "body", operator: "validatesJSONPath" }), "assertions[0].targetjsonpath"],
    ["an open tag in its message", { ...http, message: "{{#is_alert}}" }, "message"],
    ["a tag that would be another", { ...http, tags: ["Team A"] }, "tags[0]"],
  ];
  for (const [what, inputs, property] of refused)
    it(`is refused with ${what}`, () => {
      assert.equal(tinyWorld(datadog).check(TEST, inputs)[0]?.property, property);
    });

  it("says how often it runs", () => {
    const { optionsList: _, ...inputs } = http;
    assertRefused(() => tinyWorld(datadog).create(TEST, "t", inputs), "400 Bad Request", /tick_every/);
  });

  it("stays while an objective counts on its monitor", () => {
    const cloud = tinyWorld(datadog);
    const made = cloud.create(TEST, "t", http);
    const objective = cloud.create("datadog:index/serviceLevelObjective:ServiceLevelObjective", "o", {
      name: "o",
      type: "monitor",
      monitorIds: [made.outputs["monitorId"] as number],
      thresholds: [{ timeframe: "30d", target: 99 }],
    });
    assertRefused(() => cloud.delete(made), "400 Bad Request", /referenced in slos/);
    cloud.delete(objective);
    cloud.delete(made);
  });
});
