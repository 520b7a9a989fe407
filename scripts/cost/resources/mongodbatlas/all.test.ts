import assert from "node:assert/strict";
import { UNKNOWN, type Properties } from "../../../sandbox/values/value.ts";
import { costOfCases, type ResourceCase, shown } from "../stack.cases.ts";

const clusterType = "mongodbatlas:index/advancedCluster:AdvancedCluster";
const region = (more: Properties = {}): Properties => ({
  providerName: "AWS",
  regionName: "US_EAST_1",
  electableSpecs: { instanceSize: "M10", nodeCount: 3 },
  ...more,
});
const cluster = (regions: Properties[], more: Properties = {}): ResourceCase => ({
  type: clusterType,
  inputs: { replicationSpecs: [{ regionConfigs: regions }], ...more },
});
const traffic = "atlas-data-same-region 10..40..200 = 0.1..0.4..2";

describe("what MongoDB Atlas costs", () => {
  const cases: readonly (readonly [what: string, given: readonly ResourceCase[], expected: readonly string[]])[] = [
    // https://www.mongodb.com/pricing: M10 is 0.08 USD an hour; 730 hours are 58.40 USD.
    ["a cluster of its size all month", [cluster([region()])], ["atlas-m10-hour 730 = 58.4", traffic]],
    [
      "a cluster that scales: from the least to the most",
      [
        cluster([
          region({
            electableSpecs: { instanceSize: "M20", nodeCount: 3 },
            autoScaling: {
              computeEnabled: true,
              computeScaleDownEnabled: true,
              computeMinInstanceSize: "M10",
              computeMaxInstanceSize: "M30",
            },
          }),
        ]),
      ],
      [
        "atlas-m10-hour 730..0..0 = 58.4..0..0",
        "atlas-m20-hour 0..730..0 = 0..146..0",
        "atlas-m30-hour 0..0..730 = 0..0..394.2",
        traffic,
      ],
    ],
    [
      "without scaling down its size is the least",
      [cluster([region({ autoScaling: { computeEnabled: true, computeMaxInstanceSize: "M20" } })])],
      ["atlas-m10-hour 730..730..0 = 58.4..58.4..0", "atlas-m20-hour 0..0..730 = 0..0..146", traffic],
    ],
    [
      "five nodes are five thirds of three",
      [cluster([region({ electableSpecs: { instanceSize: "M30", nodeCount: 5 } })])],
      ["atlas-m30-hour 1216.666667 = 657", traffic],
    ],
    [
      "nodes that only read are added, none are not",
      [
        cluster([
          region({
            readOnlySpecs: { instanceSize: "M10", nodeCount: 3 },
            analyticsSpecs: { instanceSize: "M10", nodeCount: 0 },
          }),
        ]),
      ],
      ["atlas-m10-hour 730 = 58.4", "atlas-m10-hour 730 = 58.4", traffic],
    ],
    [
      "continuous backup replaces the price of snapshots",
      [cluster([region()], { backupEnabled: true, pitEnabled: true })],
      ["atlas-m10-hour 730 = 58.4", traffic, "atlas-backup-continuous 3..10..50 = 0..5..45"],
    ],
    [
      "snapshots alone",
      [cluster([region()], { backupEnabled: true, pitEnabled: false })],
      ["atlas-m10-hour 730 = 58.4", traffic, "atlas-backup-snapshots 3..10..50 = 0.42..1.4..7"],
    ],
    ["the free size", [cluster([{ providerName: "TENANT", instanceSize: "M0" }])], ["atlas-m0-hour 730 = 0"]],
    [
      "Flex",
      [cluster([{ providerName: "FLEX" }])],
      ["atlas-flex-0-100-hour 730..730..0 = 8.03..8.03..0", "atlas-flex-400-500-hour 0..0..730 = 0..0..30.003"],
    ],
    [
      "another region",
      [cluster([region({ regionName: "EU_CENTRAL_1" })], { backupEnabled: true })],
      ["not priced: Atlas' prices for AWS EU_CENTRAL_1 are not in prices.csv, which has AWS US_EAST_1."],
    ],
    [
      "another provider, in a region that is not known yet",
      [cluster([region({ providerName: "GCP", regionName: UNKNOWN })])],
      [
        "not priced: Atlas' prices for GCP in a region that is not known yet are not in prices.csv, which has AWS US_EAST_1.",
      ],
    ],
    [
      "a size without a price",
      [cluster([region({ electableSpecs: { instanceSize: "M700", nodeCount: 3 } })])],
      [traffic, "not priced: Atlas' price of size M700 is not in prices.csv."],
    ],
    [
      "a size that nobody knows",
      [cluster([region({ electableSpecs: { instanceSize: "XXL", nodeCount: 3 } })])],
      ["not priced: Atlas' price of size XXL is not in prices.csv."],
    ],
    [
      "no size yet",
      [{ type: clusterType, inputs: { replicationSpecs: UNKNOWN } }],
      ["not priced: Its size is not known yet: it is told by the real deployment alone."],
    ],
    ["no region at all", [cluster([])], ["not priced: It names no region, and so no size."]],
    [
      "keys of one's own",
      [cluster([region()], { encryptionAtRestProvider: "AWS" })],
      [
        "atlas-m10-hour 730 = 58.4",
        traffic,
        "not priced: Encryption with one's own keys adds 15 % to the cluster's price.",
      ],
    ],
    [
      "a schedule that copies to one region",
      [
        {
          type: "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule",
          inputs: { copySettings: [{ regionName: "US_WEST_2" }] },
        },
      ],
      [
        "atlas-backup-snapshots 3..8..40 = 0.42..1.12..5.6",
        "not priced: What a copy's way to another region costs is told by Atlas' invoice alone.",
      ],
    ],
    [
      "a schedule without copies",
      [{ type: "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule" }],
      ["free: When snapshots are made; the cluster is charged for those that are kept."],
    ],
    [
      "logs to a bucket",
      [{ type: "mongodbatlas:index/logIntegration:LogIntegration" }],
      ["atlas-data-same-region 0.2..1..5 = 0.002..0.01..0.05"],
    ],
  ];
  for (const [what, given, expected] of cases)
    it(what, () => {
      assert.deepEqual(shown(costOfCases(given)), expected);
    });

  it("copies bear the cluster's tags, what is sent bears none", () => {
    const one = cluster([region()], { tags: { Service: "database" } });
    const schedule: ResourceCase = {
      type: "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule",
      inputs: { copySettings: [{}] },
      refers: { clusterName: [one] },
    };
    const tags = costOfCases([one, schedule]).lines.map(({ price, tags: own, taggable }) => [price, own, taggable]);
    assert.deepEqual(tags, [
      ["atlas-m10-hour", { Service: "database" }, true],
      ["atlas-data-same-region", {}, false],
      ["atlas-backup-snapshots", { Service: "database" }, true],
    ]);
  });
});
