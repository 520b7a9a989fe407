import assert from "node:assert/strict";
import { atlasRegion, clusterName, datadogRegion, datadogSite } from "./atlas.ts";
import { autoNameSuffix, nameRules } from "../naming.ts";

describe("what Atlas calls things", () => {
  it("writes regions in capitals with underscores", () => {
    assert.equal(atlasRegion("eu-central-1"), "EU_CENTRAL_1");
  });

  it("names clusters so that Atlas can cut the name to 23 characters", () => {
    const { max, pattern } = nameRules["mongodbatlas:index/advancedCluster:AdvancedCluster"];
    for (let length = 1; length <= 30; length++) {
      const name = clusterName(`groundwork-preview-${"x".repeat(length)}-database`);
      assert.match(`${name}-0a1b2c3`, pattern);
      assert.ok(name.length + autoNameSuffix <= max, name);
    }
    assert.equal(clusterName("groundwork-staging-database"), "groundwork-staging-database-cluster");
    assert.equal(clusterName("groundwork-preview-abc-database"), "groundwork-preview-abcdatabase-cluster");
  });

  it("knows the Datadog sites that it sends to", () => {
    assert.equal(datadogRegion("datadoghq.eu"), "EU");
    assert.equal(datadogSite.safeParse("ap2.datadoghq.com").success, false);
  });
});
