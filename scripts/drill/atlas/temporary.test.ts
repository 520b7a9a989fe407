import assert from "node:assert/strict";
import type { AtlasCluster } from "./resources.ts";
import { costText, isTemporary, temporaryCluster, temporaryName } from "./temporary.ts";

const source = (regionName: string, instanceSize: string): AtlasCluster => ({
  name: "groundwork-staging-data",
  stateName: "IDLE",
  mongoDBMajorVersion: "8.0",
  tags: [],
  replicationSpecs: [{ regionConfigs: [{ regionName, electableSpecs: { instanceSize, diskSizeGB: 40 } }] }],
  connectionStrings: {},
});

describe("the temporary cluster", () => {
  const name = temporaryName(new Date("2026-01-12T08:00:07.123Z"));

  it("has a name that hosts can carry, by which the next drill knows it", () => {
    assert.equal(name, "drill-20260112-080007");
    assert.ok(name.length <= 23);
    const made = temporaryCluster(name, source("US_EAST_1", "M10"), "staging") as { tags: AtlasCluster["tags"] };
    const listed = { name, stateName: "IDLE", tags: made.tags };
    assert.ok(isTemporary(listed));
    assert.ok(!isTemporary({ ...listed, tags: [] }) && !isTemporary({ ...listed, name: "groundwork-staging-data" }));
  });

  it("is as large as its source, of the same version, and anybody may delete it", () => {
    assert.deepEqual(temporaryCluster(name, source("EU_WEST_1", "M20"), "staging"), {
      name,
      clusterType: "REPLICASET",
      mongoDBMajorVersion: "8.0",
      backupEnabled: false,
      terminationProtectionEnabled: false,
      tags: [
        { key: "Purpose", value: "restore-drill" },
        { key: "Environment", value: "staging" },
        { key: "Service", value: "database" },
      ],
      replicationSpecs: [
        {
          regionConfigs: [
            {
              providerName: "AWS",
              regionName: "EU_WEST_1",
              priority: 7,
              electableSpecs: { instanceSize: "M20", nodeCount: 3, diskSizeGB: 40 },
            },
          ],
        },
      ],
    });
  });

  it("costs what prices.csv says, by the hour and at most", () => {
    assert.equal(costText(source("US_EAST_1", "M20")), "M20 in US_EAST_1: 0.2 USD an hour, at most 0.40 USD");
    assert.equal(
      costText(source("EU_WEST_1", "M10")),
      "M10 in EU_WEST_1: 0.08 USD an hour, by the price of US_EAST_1, at most 0.16 USD",
    );
    assert.equal(costText(source("US_EAST_1", "M80")), "M80 in US_EAST_1: prices.csv has no price of it");
  });
});
