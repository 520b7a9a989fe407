import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { capture, only, valueOf, type CapturedResource } from "./capture.ts";
import { Database, type DatabaseArgs } from "./database.ts";

const args: DatabaseArgs = {
  organizationId: "5b93ff2f96e82120a0a7d1f5",
  region: "us-east-1",
  recoveryRegion: "us-west-2",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  securityGroupId: "sg-database",
  alertEmail: "platform@example.com",
  tags: { Service: "database", Environment: "staging" },
};
const key = "0123456789abcdef0123456789abcdef";
const index = (name: string) => `mongodbatlas:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
const build = async (over: Partial<DatabaseArgs> = {}) =>
  capture(() => new Database("groundwork-staging-database", { ...args, ...over }));
const alertsOf = (resources: readonly CapturedResource[]) =>
  resources.filter(({ type }) => type === index("AlertConfiguration")).map(({ inputs }) => inputs);

describe("the database", () => {
  let database: Database;
  let resources: readonly CapturedResource[];
  const inputsOf = (name: string) => only(resources, index(name)).inputs;
  before(async () => {
    ({ result: database, resources } = await build());
  });

  it("is a replica set of three nodes that scales within bounds, in the stack's region", () => {
    const cluster = inputsOf("AdvancedCluster");
    assert.equal(cluster["clusterType"], "REPLICASET");
    assert.deepEqual(cluster["replicationSpecs"], [
      {
        regionConfigs: [
          {
            providerName: "AWS",
            regionName: "US_EAST_1",
            priority: 7,
            electableSpecs: { instanceSize: "M10", nodeCount: 3 },
            autoScaling: {
              computeEnabled: true,
              computeScaleDownEnabled: true,
              computeMinInstanceSize: "M10",
              computeMaxInstanceSize: "M20",
              diskGbEnabled: true,
            },
          },
        ],
      },
    ]);
    assert.equal(cluster["useEffectiveFields"], true);
  });

  it("is safe unless told otherwise: backups to the moment, TLS 1.2, no JavaScript, no deletion", () => {
    const cluster = inputsOf("AdvancedCluster");
    for (const safe of [
      "backupEnabled",
      "pitEnabled",
      "retainBackupsEnabled",
      "terminationProtectionEnabled",
      "redactClientLogData",
    ])
      assert.equal(cluster[safe], true, safe);
    assert.deepEqual(cluster["advancedConfiguration"], {
      minimumEnabledTlsProtocol: "TLS1_2",
      javascriptEnabled: false,
      oplogMinRetentionHours: 24,
    });
    const guarded = resources.filter(({ protect }) => protect).map(({ type }) => type);
    assert.deepEqual(guarded.sort(), [index("AdvancedCluster"), index("Project")]);
  });

  it("is out of reach but for the private endpoint", () => {
    assert.deepEqual(
      resources.filter(({ type }) => /IpAccessList|NetworkPeering/.test(type)),
      [],
    );
    const endpoint = only(resources, "aws:ec2/vpcEndpoint:VpcEndpoint").inputs;
    assert.equal(endpoint["serviceName"], "com.amazonaws.vpce.us-east-1.vpce-svc-groundwork-staging-database");
    assert.equal(endpoint["vpcEndpointType"], "Interface");
    assert.deepEqual(endpoint["subnetIds"], args.subnetIds);
    assert.deepEqual(endpoint["securityGroupIds"], ["sg-database"]);
    assert.equal(inputsOf("PrivateLinkEndpoint")["region"], "US_EAST_1");
    assert.deepEqual(inputsOf("PrivateLinkEndpointService"), {
      projectId: "groundwork-staging-database-project-id",
      providerName: "AWS",
      privateLinkId: "link-groundwork-staging-database",
      endpointServiceId: "groundwork-staging-database-id",
    });
  });

  it("gives the connection string of its endpoint, without credentials", async () => {
    assert.equal(
      await valueOf(database.connectionString),
      "mongodb+srv://groundwork-staging-database-cluster-0a1b2c3-pl-0.abc12.mongodb.net",
    );
    assert.equal(await valueOf(database.clusterName), "groundwork-staging-database-cluster-0a1b2c3");
  });

  it("shows nobody its documents in the console, and makes no alert that stands elsewhere", () => {
    const project = inputsOf("Project");
    assert.equal(project["isDataExplorerEnabled"], false);
    assert.equal(project["withDefaultAlertsSettings"], false);
  });

  it("carries the tags, on both sides", () => {
    assert.deepEqual(inputsOf("Project")["tags"], args.tags);
    assert.deepEqual(inputsOf("AdvancedCluster")["tags"], args.tags);
    assert.deepEqual(only(resources, "aws:ec2/vpcEndpoint:VpcEndpoint").inputs["tags"], {
      Service: "database",
      Environment: "staging",
      Name: "groundwork-staging-database",
    });
  });

  it("records refusals and changes of access and structure, and no read that succeeds", () => {
    const { auditFilter, auditAuthorizationSuccess, enabled } = inputsOf("Auditing");
    assert.deepEqual([enabled, auditAuthorizationSuccess], [true, false]);
    const { $or } = JSON.parse(auditFilter as string) as { $or: { atype: { $in: string[] }; result?: unknown }[] };
    const always = $or.filter(({ result }) => result === undefined).flatMap(({ atype }) => atype.$in);
    for (const event of ["createUser", "grantRolesToUser", "dropRole", "dropCollection", "dropDatabase"])
      assert.ok(always.includes(event), event);
    assert.ok(!always.includes("authCheck") && !always.includes("authenticate"));
    assert.deepEqual(
      $or.find(({ atype }) => atype.$in.includes("authenticate")),
      { atype: { $in: ["authenticate", "authCheck"] }, result: { $ne: 0 } },
    );
  });

  it("is patched on Tuesday, after the snapshots", () => {
    const { dayOfWeek, hourOfDay, autoDeferOnceEnabled } = inputsOf("MaintenanceWindow");
    assert.deepEqual([dayOfWeek, hourOfDay, autoDeferOnceEnabled], [3, 5, false]);
  });

  it("keeps snapshots for a month, any moment of a week, and copies of both elsewhere", () => {
    const schedule = inputsOf("CloudBackupSchedule");
    assert.deepEqual([schedule["referenceHourOfDay"], schedule["referenceMinuteOfHour"]], [3, 0]);
    assert.deepEqual(schedule["policyItemDaily"], { frequencyInterval: 1, retentionUnit: "days", retentionValue: 30 });
    assert.deepEqual(schedule["policyItemHourly"], { frequencyInterval: 6, retentionUnit: "days", retentionValue: 7 });
    assert.equal(schedule["restoreWindowDays"], 7);
    assert.deepEqual(schedule["copySettings"], [
      {
        cloudProvider: "AWS",
        regionName: "US_WEST_2",
        zoneId: "zone-groundwork-staging-database-cluster",
        shouldCopyOplogs: true,
        copyPolicyItems: [
          { frequencyType: "daily", retentionUnit: "days", retentionValue: 30 },
          { frequencyType: "hourly", retentionUnit: "days", retentionValue: 7 },
        ],
      },
    ]);
  });

  it("tells of trouble by e-mail", () => {
    const alerts = alertsOf(resources);
    const told = alerts.map(({ eventType, metricThresholdConfig }) =>
      metricThresholdConfig === undefined ? eventType : (metricThresholdConfig as { metricName: string }).metricName,
    );
    assert.deepEqual(told.sort(), [
      "COMPUTE_AUTO_SCALE_MAX_INSTANCE_SIZE_FAIL_BASE",
      "CONNECTIONS_PERCENT",
      "CPS_COPY_SNAPSHOT_FAILED",
      "CPS_OPLOG_BEHIND",
      "CPS_SNAPSHOT_BEHIND",
      "CPS_SNAPSHOT_FAILED",
      "DISK_PARTITION_SPACE_USED_DATA",
      "HOST_DOWN",
      "NORMALIZED_SYSTEM_CPU_USER",
      "NO_PRIMARY",
      "OPLOG_SLAVE_LAG_MASTER_TIME",
      "REPLICATION_OPLOG_WINDOW_RUNNING_OUT",
    ]);
    for (const { notifications, enabled } of alerts) {
      assert.equal(enabled, true);
      const [only, ...others] = notifications as { typeName: string; emailAddress: string }[];
      assert.deepEqual([only?.typeName, only?.emailAddress, others.length], ["EMAIL", "platform@example.com", 0]);
    }
    assert.deepEqual(
      resources.filter(({ type }) => type === index("ThirdPartyIntegration")),
      [],
    );
  });
});

describe("a database that differs", () => {
  it("sends metrics and alerts to Datadog with a key, which stays a secret", async () => {
    const { resources } = await build({ datadogApiKey: key, datadogSite: "datadoghq.eu" });
    const integration = only(resources, index("ThirdPartyIntegration")).inputs;
    assert.deepEqual([integration["type"], integration["region"]], ["DATADOG", "EU"]);
    assert.ok(pulumi.runtime.isRpcSecret(integration["apiKey"]));
    for (const { notifications } of alertsOf(resources)) {
      assert.ok(pulumi.runtime.isRpcSecret(notifications));
      const ways = pulumi.runtime.unwrapRpcSecret(notifications) as { typeName: string }[];
      assert.deepEqual(
        ways.map(({ typeName }) => typeName),
        ["EMAIL", "DATADOG"],
      );
    }
  });

  it("has daily snapshots alone where no moment must come back", async () => {
    const { resources } = await build({ restoreWindowDays: 0, snapshotRetentionDays: 7, copySnapshots: false });
    assert.equal(only(resources, index("AdvancedCluster")).inputs["pitEnabled"], false);
    const schedule = only(resources, index("CloudBackupSchedule")).inputs;
    for (const absent of ["restoreWindowDays", "policyItemHourly"]) assert.equal(schedule[absent], undefined, absent);
    assert.deepEqual(schedule["copySettings"], []);
    const events = alertsOf(resources).map(({ eventType }) => eventType);
    assert.ok(!events.includes("CPS_OPLOG_BEHIND") && !events.includes("CPS_COPY_SNAPSHOT_FAILED"));
  });

  it("may be deleted where it is told so", async () => {
    const { resources } = await build({ protect: false, terminationProtection: false });
    const cluster = only(resources, index("AdvancedCluster"));
    assert.equal(cluster.inputs["terminationProtectionEnabled"], false);
    assert.equal(cluster.inputs["retainBackupsEnabled"], false);
    assert.ok(resources.every(({ protect }) => !protect));
  });

  const refused: readonly [input: string, over: Partial<DatabaseArgs>][] = [
    ["organizationId", { organizationId: "organisation" }],
    ["alertEmail", { alertEmail: "nobody" }],
    ["instanceSize", { instanceSize: "M0" as "M10" }],
    ["maxInstanceSize", { maxInstanceSize: "M10" }],
    ["maxInstanceSize", { instanceSize: "M40", maxInstanceSize: "M30" }],
    ["snapshotRetentionDays", { snapshotRetentionDays: 6 }],
    ["snapshotRetentionDays", { snapshotRetentionDays: 0, restoreWindowDays: 0 }],
    ["restoreWindowDays", { restoreWindowDays: -1 }],
    ["oplogHours", { oplogHours: 0 }],
    ["maintenanceDay", { maintenanceDay: 0 }],
    ["datadogApiKey", { datadogApiKey: "key" }],
    ["datadogSite", { datadogSite: "ap2.datadoghq.com" }],
  ];
  for (const [input, over] of refused) {
    it(`is refused with ${JSON.stringify(over)}, by the name of ${input}`, async () => {
      await assert.rejects(build(over), new RegExp(`${input}: .*must be`));
    });
  }

  it("does not tell a wrong key", async () => {
    await assert.rejects(build({ datadogApiKey: "almost-a-key" }), (error: Error) => !error.message.includes("almost"));
  });
});
