import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";

const region = (more: Record<string, Json> = {}): Record<string, Json> => ({
  providerName: "AWS",
  regionName: "US_EAST_1",
  priority: 7,
  electableSpecs: { instanceSize: "M10", nodeCount: 3 },
  autoScaling: { computeEnabled: true, computeMaxInstanceSize: "M30" },
  ...more,
});
const specs = (...regions: Json[]): Json => [{ regionConfigs: regions }];

const cluster = (props: Sent["props"] = {}): Sent => ({
  type: "mongodbatlas:index/advancedCluster:AdvancedCluster",
  name: "orders",
  props: {
    projectId: "1d4b74b21f2ec1f5e9c9a5e7",
    clusterType: "REPLICASET",
    mongoDbMajorVersion: "8.0",
    encryptionAtRestProvider: "AWS",
    redactClientLogData: true,
    advancedConfiguration: { minimumEnabledTlsProtocol: "TLS1_2", javascriptEnabled: false },
    replicationSpecs: specs(region()),
    ...props,
  },
});
const legacy = (props: Sent["props"] = {}): Sent => ({
  type: "mongodbatlas:index/cluster:Cluster",
  props: {
    projectId: "1d4b74b21f2ec1f5e9c9a5e7",
    mongoDbMajorVersion: "8.0",
    encryptionAtRestProvider: "AWS",
    redactClientLogData: true,
    advancedConfiguration: { minimumEnabledTlsProtocol: "TLS1_2", javascriptEnabled: false },
    providerName: "AWS",
    providerInstanceSizeName: "M10",
    autoScalingComputeEnabled: true,
    providerAutoScalingComputeMaxInstanceSize: "M30",
    ...props,
  },
});
const maintenance = (projectId: Json, references: Sent["references"] = {}): Sent => ({
  type: "mongodbatlas:index/maintenanceWindow:MaintenanceWindow",
  name: "window",
  props: { projectId, dayOfWeek: 7, hourOfDay: 4 },
  references,
});
const project: Sent = {
  type: "mongodbatlas:index/project:Project",
  name: "project",
  props: { id: UNKNOWN, isDataExplorerEnabled: false },
};

const REGION = "replicationSpecs[0].regionConfigs[0]";
const dedicated = "mongodbatlas-dedicated-cluster";
const nodes = "mongodbatlas-three-electable-nodes";
const version = "mongodbatlas-version-supported";
const bounded = "mongodbatlas-size-bounded";
const window = "mongodbatlas-maintenance-window";

export const cases: readonly Case[] = [
  ...(
    [
      [cluster(), `${REGION}.electableSpecs.instanceSize`, ["M10", "M30_GEN_2", "R40"], ["M0", "M2"]],
      [cluster(), `${REGION}.providerName`, ["AWS", "GCP"], ["TENANT", "FLEX"]],
      [legacy(), "providerInstanceSizeName", ["M10"], ["M0", "M5"]],
      [legacy(), "providerName", ["AWS"], ["TENANT"]],
    ] as const
  ).flatMap(([sound, property, passes, fails]) =>
    aboutProperty({ rule: dedicated, sound, property, passes, fails, absent: "passes", unknown: "refused" }),
  ),
  {
    rule: dedicated,
    when: "a region only reads",
    given: cluster({ replicationSpecs: specs(region(), { providerName: "AWS", readOnlySpecs: { nodeCount: 1 } }) }),
    result: "passes",
  },
  {
    rule: dedicated,
    when: "one region is unknown and another is shared",
    given: cluster({ replicationSpecs: [{ regionConfigs: [UNKNOWN, region({ providerName: "TENANT" })] }] }),
    result: [
      /replicationSpecs\[0\]\.regionConfigs\[0\]: its value is not known/,
      /replicationSpecs\[0\]\.regionConfigs\[0\]: its value is not known/,
      /replicationSpecs\[0\]\.regionConfigs\[1\]\.providerName: it is "TENANT"/,
    ],
  },
  {
    rule: dedicated,
    when: "it is a flex cluster",
    given: {
      type: "mongodbatlas:index/flexCluster:FlexCluster",
      props: { name: "orders", providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" } },
    },
    result: [/providerSettings: the cluster orders shares its servers with strangers\..*Fix: use mongodbatlas\.Adv/],
  },
  {
    rule: dedicated,
    when: "it is a serverless instance",
    given: {
      type: "mongodbatlas:index/serverlessInstance:ServerlessInstance",
      props: { name: "orders", providerSettingsProviderName: "SERVERLESS" },
    },
    result: [/providerSettingsProviderName: the cluster orders shares/],
  },

  { rule: nodes, when: "one region has three", given: cluster(), result: "passes" },
  {
    rule: nodes,
    when: "two regions have three together",
    given: cluster({
      replicationSpecs: specs(
        region({ electableSpecs: { instanceSize: "M10", nodeCount: "2" } }),
        region({ electableSpecs: { instanceSize: "M10", nodeCount: 1 } }),
      ),
    }),
    result: "passes",
  },
  {
    rule: nodes,
    when: "there is one",
    given: cluster({ replicationSpecs: specs(region({ electableSpecs: { instanceSize: "M10", nodeCount: 1 } })) }),
    result: [/replicationSpecs\[0\]\.regionConfigs: it has 1 electable nodes.*Fix: set electableSpecs\.nodeCount to 3/],
  },
  {
    rule: nodes,
    when: "none is given",
    given: cluster({ replicationSpecs: specs(region({ electableSpecs: { instanceSize: "M10" } })) }),
    result: [/it has 0 electable nodes/],
  },
  {
    rule: nodes,
    when: "one shard of two has too few",
    given: cluster({
      replicationSpecs: [
        { regionConfigs: [region()] },
        { regionConfigs: [region({ electableSpecs: { instanceSize: "M10", nodeCount: 2 } })] },
      ],
    }),
    result: [/replicationSpecs\[1\]\.regionConfigs: it has 2 electable nodes/],
  },
  {
    rule: nodes,
    when: "the number is unknown",
    given: cluster({ replicationSpecs: specs(region({ electableSpecs: { nodeCount: UNKNOWN } })) }),
    result: [/replicationSpecs\[0\]\.regionConfigs: its value is not known/],
  },
  {
    rule: nodes,
    when: "the shards are unknown",
    given: cluster({ replicationSpecs: UNKNOWN }),
    result: [/replicationSpecs: its value is not known/],
  },
  {
    rule: nodes,
    when: "there are no shards",
    given: { type: "mongodbatlas:index/advancedCluster:AdvancedCluster", props: {} },
    result: [/replicationSpecs: it is not set/],
  },
  {
    rule: nodes,
    when: "a shared cluster has none of its own",
    given: cluster({ replicationSpecs: specs({ providerName: "TENANT", electableSpecs: { instanceSize: "M0" } }) }),
    result: "passes",
  },
  ...aboutProperty({
    rule: nodes,
    sound: legacy(),
    property: "replicationFactor",
    passes: [3, "5"],
    fails: [1, "1"],
    absent: "passes",
    unknown: "refused",
  }),

  ...[cluster(), legacy()].flatMap((sound) => [
    ...aboutProperty({
      rule: "mongodbatlas-tls-1-2",
      sound,
      property: "advancedConfiguration.minimumEnabledTlsProtocol",
      passes: ["TLS1_2", "TLS1_3"],
      fails: ["TLS1_0", "TLS1_1"],
      absent: "fails",
      unknown: "refused",
    }),
    ...aboutProperty({
      rule: "mongodbatlas-encrypted-by-customer-key",
      sound,
      property: "encryptionAtRestProvider",
      passes: ["AWS", "GCP"],
      fails: ["NONE"],
      absent: "fails",
      unknown: "refused",
    }),
    ...aboutProperty({
      rule: version,
      sound,
      property: "mongoDbMajorVersion",
      passes: ["8.0", "9.0", 8],
      fails: ["6.0", "5.0", "4.4", 6],
      absent: "fails",
      unknown: "refused",
      says: /it is ("[\d.]+", whose support ended on 20|not set, so that the day of creation decides)/,
    }),
    ...aboutProperty({
      rule: "mongodbatlas-logs-redacted",
      sound,
      property: "redactClientLogData",
      passes: [true, "true"],
      fails: [false],
      absent: "fails",
      unknown: "refused",
    }),
    ...aboutProperty({
      rule: "mongodbatlas-javascript-off",
      sound,
      property: "advancedConfiguration.javascriptEnabled",
      passes: [false, "false"],
      fails: [true],
      absent: "fails",
      unknown: "refused",
    }),
  ]),
  {
    rule: version,
    when: "it follows every release",
    given: cluster({ mongoDbMajorVersion: "", versionReleaseSystem: "CONTINUOUS" }),
    result: "passes",
  },
  {
    rule: version,
    when: "its cadence is unknown",
    given: cluster({ mongoDbMajorVersion: "", versionReleaseSystem: UNKNOWN }),
    result: [/versionReleaseSystem: its value is not known/],
  },

  ...aboutProperty({
    rule: bounded,
    sound: cluster(),
    property: `${REGION}.autoScaling.computeMaxInstanceSize`,
    passes: ["M30", "M40", "R40", "M40_NVME"],
    fails: ["M50", "M200"],
    absent: "fails",
    unknown: "refused",
    says: /it is ("M\d+", and must be at most M40|not set, so the cluster grows without a bound)/,
  }),
  ...aboutProperty({
    rule: bounded,
    sound: cluster(),
    property: `${REGION}.electableSpecs.instanceSize`,
    passes: ["M10", "M40"],
    fails: ["M50", "R60"],
    absent: "passes",
    unknown: "refused",
  }),
  ...aboutProperty({
    rule: bounded,
    sound: cluster(),
    property: `${REGION}.analyticsSpecs.instanceSize`,
    passes: ["M10"],
    fails: ["M80"],
    absent: "passes",
    unknown: "refused",
  }),
  ...aboutProperty({
    rule: bounded,
    sound: cluster({ replicationSpecs: specs(region({ autoScaling: { computeEnabled: false } })) }),
    property: `${REGION}.autoScaling.computeEnabled`,
    passes: [false, "false"],
    absent: "passes",
    unknown: "refused",
  }),
  {
    rule: bounded,
    when: "it scales without a bound, said as text",
    given: cluster({ replicationSpecs: specs(region({ autoScaling: { computeEnabled: "true" } })) }),
    result: [
      /autoScaling\.computeMaxInstanceSize: it is not set, so the cluster grows.*Fix: set it to a size up to M40/,
    ],
  },
  {
    rule: bounded,
    when: "the environment allows less",
    given: cluster(),
    config: { largest: "M20" },
    result: [/computeMaxInstanceSize: it is "M30", and must be at most M20/],
  },
  {
    rule: bounded,
    when: "a region is unknown",
    given: cluster({ replicationSpecs: specs(UNKNOWN) }),
    result: [/replicationSpecs\[0\]\.regionConfigs\[0\]: its value is not known/],
  },
  ...aboutProperty({
    rule: bounded,
    sound: legacy(),
    property: "providerAutoScalingComputeMaxInstanceSize",
    passes: ["M40"],
    fails: ["M60"],
    absent: "fails",
    unknown: "refused",
    says: /it is ("M60", and must be at most M40|not set, so the cluster grows without a bound)/,
  }),
  ...aboutProperty({
    rule: bounded,
    sound: legacy(),
    property: "providerInstanceSizeName",
    passes: ["M40"],
    fails: ["M60"],
    absent: "passes",
    unknown: "refused",
  }),

  {
    rule: window,
    when: "the project has one",
    given: [cluster(), maintenance("1d4b74b21f2ec1f5e9c9a5e7")],
    result: "passes",
  },
  {
    rule: window,
    when: "the project of unknown id has one",
    given: [
      project,
      { ...cluster({ projectId: UNKNOWN }), references: { projectId: ["project"] } },
      maintenance(UNKNOWN, { projectId: ["project"] }),
    ],
    result: "passes",
  },
  {
    rule: window,
    when: "another project has one",
    given: [cluster(), maintenance("a0a0a0a0a0a0a0a0a0a0a0a0")],
    result: [/projectId: its project has no maintenance window\..*Fix: add a mongodbatlas\.MaintenanceWindow/],
  },
  {
    rule: window,
    when: "the project of unknown id has none",
    given: [project, { ...cluster({ projectId: UNKNOWN }), references: { projectId: ["project"] } }],
    result: [/its project has no maintenance window/],
  },

  ...aboutProperty({
    rule: "mongodbatlas-data-explorer-off",
    sound: project,
    property: "isDataExplorerEnabled",
    passes: [false, "false"],
    fails: [true],
    absent: "fails",
    unknown: "refused",
  }),
];
