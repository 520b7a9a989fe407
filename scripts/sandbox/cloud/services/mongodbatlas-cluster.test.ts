import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import { mapAt, mapsAt } from "../fields.ts";
import { mongodbatlas } from "./mongodbatlas.ts";
import { rankOf } from "./mongodbatlas-cluster-shape.ts";
import { CLUSTER } from "./mongodbatlas-lookup.ts";
import { clusterInputs, makeCluster, makeProject, REGION, specsOf, zoneOf } from "./mongodbatlas-samples.ts";
import { assertRefused, textIn, tinyWorld } from "./tiny-world.ts";

const GET = "mongodbatlas:index/getAdvancedCluster:getAdvancedCluster";
const scaling = mapAt(REGION, "autoScaling");
const nodes = (nodeCount: number, instanceSize = "M10"): Properties => ({
  electableSpecs: { instanceSize, nodeCount },
});
const scaled = (over: Properties): Properties => ({ ...REGION, autoScaling: { ...scaling, ...over } });
const tenant: Properties = {
  providerName: "TENANT",
  backingProviderName: "AWS",
  regionName: "US_EAST_1",
  priority: 7,
  electableSpecs: { instanceSize: "M0" },
};
const free: Properties = {
  backupEnabled: false,
  pitEnabled: false,
  advancedConfiguration: null,
  replicationSpecs: specsOf(tenant),
};

/** Without the keys that are null. */
const given = (inputs: Properties): Properties =>
  Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== null));

describe("a cluster of Atlas", () => {
  it("has an id, nodes, and public connection strings, and no private one yet", () => {
    const { cluster } = makeCluster(tinyWorld(mongodbatlas));
    assert.match(cluster.id, /^[0-9a-f]{24}$/);
    assert.equal(cluster.outputs["stateName"], "IDLE");
    assert.match(zoneOf(cluster), /^[0-9a-f]{24}$/);
    const strings = mapAt(cluster.outputs, "connectionStrings");
    assert.match(textIn(strings, "standardSrv"), /^mongodb\+srv:\/\/orders-0a1b2c3\.[0-9a-f]{5}\.mongodb\.net$/);
    assert.deepEqual(strings["privateEndpoints"], []);
  });

  const refused: readonly [what: string, over: Properties, code: string][] = [
    ["a project that does not exist", { projectId: "0" }, "GROUP_NOT_FOUND"],
    ["a name with a dot", { name: "orders.shop" }, "CLUSTER_NAME_INVALID"],
    ["65 letters", { name: "x".repeat(65) }, "CLUSTER_NAME_TOO_LONG"],
    ["a hyphen where host names are cut", { name: `${"x".repeat(22)}-y` }, "CLUSTER_NAME_PREFIX_INVALID"],
    ["a name like Atlas's own", { name: "atlas-abc123" }, "ATLAS_RESERVED_CLUSTER_NAME"],
    [
      "two shards of a replica set",
      { replicationSpecs: [...specsOf(REGION), ...specsOf(REGION)] },
      "REPLICATION_SPECS_INVALID",
    ],
    ["shards of a small size", { clusterType: "SHARDED" }, "SHARDING_NOT_SUPPORTED"],
    ["two nodes", { replicationSpecs: specsOf({ ...REGION, ...nodes(2) }) }, "CLUSTER_REPLICATION_FACTOR_INVALID"],
    [
      "no electable node",
      { replicationSpecs: specsOf({ ...REGION, ...nodes(0) }) },
      "CLUSTER_REPLICATION_FACTOR_INVALID",
    ],
    [
      "a first priority below 7",
      { replicationSpecs: specsOf({ ...REGION, priority: 6 }) },
      "INVALID_CLUSTER_CONFIGURATION",
    ],
    [
      "two regions of one priority",
      { replicationSpecs: specsOf({ ...REGION, ...nodes(2) }, { ...REGION, ...nodes(1), regionName: "US_WEST_2" }) },
      "INVALID_CLUSTER_CONFIGURATION",
    ],
    [
      "a region as AWS spells it",
      { replicationSpecs: specsOf({ ...REGION, regionName: "us-east-1" }) },
      "INVALID_REGION",
    ],
    [
      "a region that there is not",
      { replicationSpecs: specsOf({ ...REGION, regionName: "US_MARS_1" }) },
      "INVALID_REGION",
    ],
    [
      "a backing provider of a dedicated cluster",
      { replicationSpecs: specsOf({ ...REGION, backingProviderName: "AWS" }) },
      "INVALID_ATTRIBUTE",
    ],
    [
      "a region twice",
      { replicationSpecs: specsOf({ ...REGION, ...nodes(2) }, { ...REGION, ...nodes(1), priority: 6 }) },
      "INVALID_CLUSTER_CONFIGURATION",
    ],
    [
      "regions that grow differently",
      {
        replicationSpecs: specsOf(
          { ...REGION, ...nodes(2) },
          { ...scaled({ computeMaxInstanceSize: "M40" }), ...nodes(1), regionName: "US_WEST_2", priority: 6 },
        ),
      },
      "INVALID_CLUSTER_CONFIGURATION",
    ],
    [
      "read-only nodes of another size",
      { replicationSpecs: specsOf({ ...REGION, readOnlySpecs: { instanceSize: "M20", nodeCount: 1 } }) },
      "INVALID_CLUSTER_CONFIGURATION",
    ],
    [
      "a forced reconfiguration of what is not there",
      { acceptDataRisksAndForceReplicaSetReconfig: "2025-01-01T00:00:00Z" },
      "InvalidConfiguration",
    ],
    ["sharding of its own without zones", { globalClusterSelfManagedSharding: true }, "INVALID_ATTRIBUTE"],
    [
      "images of changes that its version does not have",
      {
        mongoDbMajorVersion: "6.0",
        advancedConfiguration: { changeStreamOptionsPreAndPostImagesExpireAfterSeconds: 60 },
      },
      "InvalidConfiguration",
    ],
    [
      "a size that there is not",
      { replicationSpecs: specsOf({ ...REGION, ...nodes(3, "M11") }) },
      "INVALID_ENUM_VALUE",
    ],
    [
      "auto-scaling without a maximum",
      { replicationSpecs: specsOf({ ...REGION, autoScaling: { computeEnabled: true, diskGbEnabled: true } }) },
      "COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_REQUIRED",
    ],
    [
      "scaling down without a minimum",
      {
        replicationSpecs: specsOf({
          ...REGION,
          autoScaling: {
            computeEnabled: true,
            computeScaleDownEnabled: true,
            computeMaxInstanceSize: "M30",
            diskGbEnabled: true,
          },
        }),
      },
      "COMPUTE_AUTO_SCALING_MIN_INSTANCE_SIZE_REQUIRED",
    ],
    [
      "scaling down alone",
      { replicationSpecs: specsOf(scaled({ computeEnabled: false })) },
      "COMPUTE_AUTO_SCALING_SCALE_DOWN_ENABLED_INVALID",
    ],
    [
      "a range of one size",
      { replicationSpecs: specsOf(scaled({ computeMaxInstanceSize: "M10" })) },
      "COMPUTE_AUTO_SCALING_INSTANCE_SIZE_RANGE_INVALID",
    ],
    [
      "a size above the range",
      { replicationSpecs: specsOf({ ...REGION, ...nodes(3, "M40") }) },
      "COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_INVALID",
    ],
    [
      "a size below the range",
      { replicationSpecs: specsOf(scaled({ computeMinInstanceSize: "M20" })) },
      "COMPUTE_AUTO_SCALING_MIN_INSTANCE_SIZE_INVALID",
    ],
    ["point in time without backup", { backupEnabled: false }, "INVALID_CLUSTER_CONFIGURATION"],
    [
      "NVMe disks without backup",
      {
        backupEnabled: false,
        pitEnabled: false,
        replicationSpecs: specsOf({ ...REGION, ...nodes(3, "M40_NVME"), autoScaling: { diskGbEnabled: true } }),
      },
      "NVME_STORAGE_PROVIDER_BACKUP_REQUIRED",
    ],
    ["a version of long ago", { mongoDbMajorVersion: "4.2" }, "MONGODB_VERSION_INVALID"],
    [
      "a fixed version that is released continuously",
      { mongoDbMajorVersion: "8.0", versionReleaseSystem: "CONTINUOUS" },
      "INVALID_MONGODB_VERSION_CONFIG",
    ],
    [
      "encryption that the project does not have",
      { encryptionAtRestProvider: "AWS" },
      "ENCRYPTION_AT_REST_NOT_ENABLED",
    ],
    [
      "oplog hours on a disk that does not grow",
      { replicationSpecs: specsOf(scaled({ diskGbEnabled: false })) },
      "OPLOG_MIN_RETENTION_HOURS_NO_DISK_AUTO_SCALING",
    ],
    ["a small oplog", { advancedConfiguration: { oplogSizeMb: 500 } }, "OPLOG_SIZE_MB_LESS_THAN_990"],
    [
      "a time limit that its version does not have",
      { mongoDbMajorVersion: "7.0", advancedConfiguration: { defaultMaxTimeMs: 5000 } },
      "InvalidConfiguration",
    ],
    ["backups of a free cluster", { ...free, backupEnabled: true }, "INVALID_TENANT_BACKUP_ENABLED"],
    [
      "process arguments of a free cluster",
      { ...free, advancedConfiguration: { javascriptEnabled: false } },
      "TENANT_CLUSTER_PROCESS_ARGS_NOT_SUPPORTED",
    ],
    [
      "encryption of a free cluster",
      { ...free, encryptionAtRestProvider: "AWS" },
      "CANNOT_USE_ENCRYPTION_AT_REST_TENANT",
    ],
    ["effective fields of a free cluster", { ...free, useEffectiveFields: true }, "InvalidConfiguration"],
    [
      "a free cluster without a backing provider",
      { ...free, replicationSpecs: specsOf({ ...tenant, backingProviderName: "" }) },
      "MISSING_ATTRIBUTE",
    ],
    [
      "a free cluster of a dedicated size",
      { ...free, replicationSpecs: specsOf({ ...tenant, electableSpecs: { instanceSize: "M10" } }) },
      "INVALID_ENUM_VALUE",
    ],
  ];
  for (const [what, over, code] of refused) {
    it(`answers ${code} to ${what}`, () => {
      const cloud = tinyWorld(mongodbatlas);
      const { id } = makeProject(cloud);
      assertRefused(() => cloud.create(CLUSTER, "x", given(clusterInputs(id, over))), code);
    });
  }

  it("may be free, of three, five, or seven nodes, or in several regions by falling priority", () => {
    const cloud = tinyWorld(mongodbatlas);
    const { id } = makeProject(cloud);
    const second = { ...REGION, ...nodes(1), regionName: "US_WEST_2", priority: 6 };
    const shapes = [
      free,
      { replicationSpecs: specsOf({ ...REGION, ...nodes(5) }) },
      { replicationSpecs: specsOf({ ...REGION, ...nodes(2) }, second) },
    ];
    shapes.forEach((over, index) => {
      const made = cloud.create(CLUSTER, `c${index}`, given(clusterInputs(id, { ...over, name: `c${index}` })));
      assert.equal(made.outputs["stateName"], "IDLE");
    });
    const rising = specsOf(second, { ...REGION, ...nodes(2) });
    assert.equal(cloud.check(CLUSTER, { replicationSpecs: rising })[0]?.property, "replicationSpecs[0].regionConfigs");
  });

  it("shares neither its name nor its hosts' name with another of the project", () => {
    const cloud = tinyWorld(mongodbatlas);
    const { projectId, cluster } = makeCluster(cloud, { name: `${"x".repeat(23)}-one` });
    const inputs = (name: string) => clusterInputs(projectId, { name });
    assertRefused(
      () => cloud.create(CLUSTER, "same", inputs(textIn(cluster.inputs, "name"))),
      "DUPLICATE_CLUSTER_NAME",
    );
    assertRefused(
      () => cloud.create(CLUSTER, "near", inputs(`${"x".repeat(23)}-two`)),
      "DUPLICATE_CLUSTER_NAME_PREFIX",
    );
    cloud.update(cluster, { ...cluster.inputs, terminationProtectionEnabled: true });
  });

  it("goes only once its protection is off", () => {
    const cloud = tinyWorld(mongodbatlas);
    const { cluster } = makeCluster(cloud, { terminationProtectionEnabled: true });
    assertRefused(() => cloud.delete(cluster), "CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED");
    cloud.delete(cloud.update(cluster, { ...cluster.inputs, terminationProtectionEnabled: false }));
    assert.deepEqual(cloud.world.all(CLUSTER), []);
  });

  it("stops growing only once no hours of oplog are asked for", () => {
    const cloud = tinyWorld(mongodbatlas);
    const { cluster } = makeCluster(cloud);
    const fixed = { ...cluster.inputs, replicationSpecs: specsOf(scaled({ diskGbEnabled: false })) };
    const none = { oplogMinRetentionHours: 0 };
    assertRefused(
      () => cloud.update(cluster, { ...fixed, advancedConfiguration: none }),
      "OPLOG_MIN_RETENTION_HOURS_NO_DISK_AUTO_SCALING",
    );
    const without = cloud.update(cluster, { ...cluster.inputs, advancedConfiguration: none });
    cloud.update(without, { ...fixed, advancedConfiguration: none });
  });

  it("is once sharded sharded for good", () => {
    const cloud = tinyWorld(mongodbatlas);
    const large = { replicationSpecs: specsOf({ ...scaled({ computeMinInstanceSize: "M20" }), ...nodes(3, "M30") }) };
    const { cluster } = makeCluster(cloud, large);
    const sharded = cloud.update(cluster, { ...cluster.inputs, clusterType: "SHARDED" });
    assertRefused(() => cloud.update(sharded, cluster.inputs), "SHARDED_CLUSTER_CANT_BECOME_REPLICA_SET");
  });

  it("goes up one major version at a time, and none back", () => {
    const cloud = tinyWorld(mongodbatlas);
    const { cluster } = makeCluster(cloud, { mongoDbMajorVersion: "6.0" });
    const to = (version: string) => cloud.update(cluster, { ...cluster.inputs, mongoDbMajorVersion: version });
    assertRefused(() => to("8.0"), "CLUSTER_UPGRADE_INVALID");
    const seven = to("7.0");
    assertRefused(
      () => cloud.update(seven, { ...seven.inputs, mongoDbMajorVersion: "6.0" }),
      "CLUSTER_UPGRADE_INVALID",
    );
  });

  it("is not changed while it is free, nor what only its creation may say", () => {
    const cloud = tinyWorld(mongodbatlas);
    const projectId = makeProject(cloud).id;
    const inputs = given(clusterInputs(projectId, free));
    const cluster = cloud.create(CLUSTER, "free", inputs);
    assertRefused(
      () => cloud.update(cluster, { ...inputs, terminationProtectionEnabled: true }),
      "TENANT_CLUSTER_UPDATE_UNSUPPORTED",
    );
    assertRefused(() => cloud.update(cluster, { ...inputs, deleteOnCreateTimeout: false }), "InvalidConfiguration");
    const flexible = given({ ...inputs, replicationSpecs: specsOf({ ...tenant, providerName: "FLEX" }) });
    const flex = cloud.update(cluster, flexible);
    cloud.update(flex, { ...flexible, tags: { Owner: "shop" }, terminationProtectionEnabled: true });
    assertRefused(() => cloud.update(flex, { ...flexible, paused: true }), "TENANT_CLUSTER_UPDATE_UNSUPPORTED");
    const upgraded = cloud.update(cluster, clusterInputs(projectId));
    assert.equal(upgraded.outputs["backupEnabled"], true);
  });

  it("refuses in preview what the provider itself checks", () => {
    const cloud = tinyWorld(mongodbatlas);
    const properties = (inputs: Properties) => cloud.check(CLUSTER, inputs).map(({ property }) => property);
    assert.deepEqual(properties({ labels: { "Infrastructure Tool": "x" } }), ["labels"]);
    assert.deepEqual(properties({ tags: { Owner: "" } }), ["tags.Owner"]);
    assert.deepEqual(
      properties({
        advancedConfiguration: { customOpensslCipherConfigTls12s: ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"] },
      }),
      ["advancedConfiguration.customOpensslCipherConfigTls12s"],
    );
  });

  it("is found by its name", () => {
    const cloud = tinyWorld(mongodbatlas);
    const { projectId, cluster } = makeCluster(cloud);
    assertRefused(() => cloud.invoke(GET, { projectId, name: "nothing" }), "CLUSTER_NOT_FOUND");
    const found = cloud.invoke(GET, { projectId, name: textIn(cluster.inputs, "name") });
    assert.equal(found["clusterId"], cluster.id);
    assert.deepEqual(mapsAt(mapAt(found, "connectionStrings"), "privateEndpoints"), []);
  });

  it("has sizes in order, of every family", () => {
    assert.ok((rankOf("M10") ?? 9) < (rankOf("M20") ?? 0));
    assert.equal(rankOf("R40"), rankOf("M40"));
    assert.equal(rankOf("M30_GEN_2"), rankOf("M30"));
    assert.equal(rankOf("M0"), undefined);
  });
});
