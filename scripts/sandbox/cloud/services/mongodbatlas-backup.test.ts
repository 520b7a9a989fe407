import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { mapAt } from "../fields.ts";
import type { CloudResource } from "../service.ts";
import { mongodbatlas } from "./mongodbatlas.ts";
import { COMPLIANCE, SCHEDULE } from "./mongodbatlas-lookup.ts";
import { makeCluster, zoneOf } from "./mongodbatlas-samples.ts";
import { assertRefused, tinyWorld, type TinyWorld } from "./tiny-world.ts";

const item = (frequencyInterval: number, retentionValue: number, retentionUnit = "days"): Properties => ({
  frequencyInterval,
  retentionUnit,
  retentionValue,
});

function scheduled(over: Properties = {}): {
  cloud: TinyWorld;
  cluster: CloudResource;
  inputs: (more?: Properties) => Properties;
} {
  const cloud = tinyWorld(mongodbatlas);
  const { projectId, cluster } = makeCluster(cloud, over);
  const inputs = (more: Properties = {}): Properties => ({
    projectId,
    clusterName: cluster.inputs["name"]!,
    restoreWindowDays: 7,
    policyItemHourly: item(6, 7),
    policyItemDaily: item(1, 30),
    ...more,
  });
  return { cloud, cluster, inputs };
}

const without = (inputs: Properties, ...keys: readonly string[]): Properties =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => !keys.includes(key)));

describe("a backup schedule of Atlas", () => {
  it("gives its items ids and frequencies", () => {
    const { cloud, cluster, inputs } = scheduled();
    const { outputs } = cloud.create(SCHEDULE, "s", inputs({ policyItemWeeklies: [item(6, 5, "weeks")] }));
    assert.equal(outputs["clusterId"], cluster.id);
    assert.equal(mapAt(outputs, "policyItemDaily")["frequencyType"], "daily");
    assert.equal((outputs["policyItemWeeklies"] as Properties[])[0]?.["frequencyType"], "weekly");
  });

  const refused: readonly [what: string, over: Properties, code: string][] = [
    ["a project that does not exist", { projectId: "0" }, "GROUP_NOT_FOUND"],
    ["a cluster that does not exist", { clusterName: "gone" }, "CLUSTER_NOT_FOUND"],
    ["an hour without a minute", { referenceHourOfDay: 3 }, "INVALID_REFERENCE_TIME_OF_DAY_MISSING_FIELDS"],
    ["snapshots that are kept for no time", { policyItemDaily: item(1, 0) }, "BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID"],
    ["daily snapshots that go before hourly ones", { policyItemDaily: item(1, 6) }, "INVALID_BACKUP_POLICY"],
    ["weekly snapshots that go before daily ones", { policyItemWeeklies: [item(6, 28)] }, "INVALID_BACKUP_POLICY"],
    [
      "weekly snapshots of six days",
      { policyItemHourly: item(6, 1), policyItemDaily: item(1, 1), policyItemWeeklies: [item(6, 6)] },
      "INVALID_BACKUP_POLICY",
    ],
    ["monthly snapshots of thirty days", { policyItemMonthlies: [item(1, 30)] }, "INVALID_BACKUP_POLICY"],
    ["yearly snapshots of half a year", { policyItemYearlies: [item(1, 6, "months")] }, "INVALID_BACKUP_POLICY"],
    ["a window longer than hourly snapshots are kept", { restoreWindowDays: 8 }, "INVALID_BACKUP_POLICY"],
  ];
  for (const [what, over, code] of refused) {
    it(`answers ${code} to ${what}`, () => {
      const { cloud, inputs } = scheduled();
      assertRefused(() => cloud.create(SCHEDULE, "s", inputs(over)), code);
    });
  }

  it("has an item", () => {
    const { cloud, inputs } = scheduled();
    const none = without(inputs(), "policyItemHourly", "policyItemDaily");
    assertRefused(() => cloud.create(SCHEDULE, "s", none), "INVALID_NUM_OF_POLICY_ITEMS");
  });

  it("needs a cluster with backups", () => {
    const { cloud, inputs } = scheduled({ backupEnabled: false, pitEnabled: false });
    assertRefused(() => cloud.create(SCHEDULE, "s", inputs()), "BACKUP_CONFIG_NOT_FOUND");
  });

  it("has a window exactly where the cluster can be restored to a point in time", () => {
    const point = scheduled();
    assertRefused(
      () => point.cloud.create(SCHEDULE, "s", without(point.inputs(), "restoreWindowDays")),
      "INVALID_RESTORE_WINDOW",
    );
    const snapshots = scheduled({ pitEnabled: false });
    assertRefused(() => snapshots.cloud.create(SCHEDULE, "s", snapshots.inputs()), "CANNOT_SET_POINT_IN_TIME_WINDOW");
    snapshots.cloud.create(SCHEDULE, "s", without(snapshots.inputs(), "restoreWindowDays"));
  });

  it("copies what it takes, to another region, of a zone of the cluster", () => {
    const { cloud, cluster, inputs } = scheduled();
    const right = {
      cloudProvider: "AWS",
      regionName: "US_WEST_2",
      zoneId: zoneOf(cluster),
      shouldCopyOplogs: true,
      copyPolicyItems: [{ frequencyType: "daily", retentionUnit: "days", retentionValue: 30 }],
    };
    const copying = (over: Properties, byItem = true) =>
      cloud.create(SCHEDULE, "s", inputs({ copyPolicyItemsEnabled: byItem, copySettings: [{ ...right, ...over }] }));
    const refusedCopies: readonly [Properties, string, boolean?][] = [
      [{ regionName: "us-west-2" }, "INVALID_REGION"],
      [{ regionName: "US_EAST_1" }, "INVALID_BACKUP_POLICY"],
      [{ zoneId: "0".repeat(24) }, "INVALID_BACKUP_POLICY"],
      [{ lastNumberOfSnapshots: 3 }, "INVALID_BACKUP_POLICY"],
      [{ copyPolicyItems: [{ frequencyType: "weekly" }] }, "INVALID_BACKUP_POLICY"],
      [{}, "INVALID_BACKUP_POLICY", false],
    ];
    for (const [over, code, byItem] of refusedCopies) assertRefused(() => copying(over, byItem), code);
    const made = copying({});
    assertRefused(() => cloud.update(made, inputs()), "INVALID_BACKUP_POLICY", /cannot be turned off/);
  });

  it("copies oplogs of a cluster that keeps them", () => {
    const { cloud, cluster, inputs } = scheduled({ pitEnabled: false });
    const copySettings = [
      {
        cloudProvider: "AWS",
        regionName: "US_WEST_2",
        zoneId: zoneOf(cluster),
        shouldCopyOplogs: true,
        frequencies: ["DAILY"],
      },
    ];
    assertRefused(
      () => cloud.create(SCHEDULE, "s", without(inputs({ copySettings }), "restoreWindowDays")),
      "INVALID_BACKUP_POLICY",
      /oplogs/,
    );
  });
});

describe("a backup compliance policy of Atlas", () => {
  const policy = (cluster: CloudResource, over: Properties = {}): Properties => ({
    projectId: cluster.inputs["projectId"]!,
    authorizedEmail: "security@example.com",
    authorizedUserFirstName: "A",
    authorizedUserLastName: "B",
    policyItemDaily: item(1, 14),
    ...over,
  });

  it("is for MongoDB Support alone to take away, and holds backups and schedules", () => {
    const { cloud, cluster, inputs } = scheduled();
    const schedule = cloud.create(SCHEDULE, "s", inputs());
    const made = cloud.create(COMPLIANCE, "p", policy(cluster));
    assert.equal(made.outputs["state"], "ACTIVE");
    assertRefused(() => cloud.delete(made), "CANNOT_DISABLE_BACKUP_COMPLIANCE_POLICY");
    const code = "BACKUP_POLICY_NOT_MEETING_BACKUP_COMPLIANCE_POLICY_REQUIREMENTS";
    assertRefused(() => cloud.update(schedule, inputs({ policyItemDaily: item(1, 13) })), code);
    assertRefused(() => cloud.delete(schedule), code);
    assertRefused(
      () => cloud.update(cluster, { ...cluster.inputs, backupEnabled: false, pitEnabled: false }),
      "CANNOT_DISABLE_CLOUD_BACKUP_WITH_BACKUP_COMPLIANCE_POLICY",
    );
    cloud.delete(cloud.update(schedule, inputs({ skipDestroy: true })));
  });

  const refused: readonly [over: Properties, code: string][] = [
    [{ authorizedEmail: "nobody" }, "INVALID_EMAIL_ADDRESS"],
    [{ restoreWindowDays: 7 }, "BACKUP_COMPLIANCE_POLICY_SETTINGS_INVALID"],
    [
      { restoreWindowDays: 7, pitEnabled: true, policyItemHourly: item(6, 3) },
      "BACKUP_COMPLIANCE_POLICY_SETTINGS_INVALID",
    ],
    [{ policyItemHourly: item(6, 20) }, "INVALID_BACKUP_POLICY"],
    [{ projectId: "0" }, "GROUP_NOT_FOUND"],
  ];
  for (const [over, code] of refused) {
    it(`answers ${code} to ${JSON.stringify(over)}`, () => {
      const { cloud, cluster } = scheduled();
      assertRefused(() => cloud.create(COMPLIANCE, "p", policy(cluster, over)), code);
    });
  }
});
