import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";

const cluster = (props: Sent["props"] = {}): Sent => ({
  type: "mongodbatlas:index/advancedCluster:AdvancedCluster",
  name: "orders",
  props: {
    id: "orders",
    name: "orders",
    backupEnabled: true,
    pitEnabled: true,
    retainBackupsEnabled: true,
    terminationProtectionEnabled: true,
    replicationSpecs: [{ regionConfigs: [{ regionName: "US_EAST_1" }] }],
    ...props,
  },
});
const legacy: Sent = {
  type: "mongodbatlas:index/cluster:Cluster",
  props: { cloudBackup: true, pitEnabled: true, retainBackupsEnabled: true, terminationProtectionEnabled: true },
};
const flex: Sent = {
  type: "mongodbatlas:index/flexCluster:FlexCluster",
  props: { terminationProtectionEnabled: true },
};
const serverless: Sent = {
  type: "mongodbatlas:index/serverlessInstance:ServerlessInstance",
  props: { terminationProtectionEnabled: true },
};
const copy = (more: Record<string, Json> = {}): Record<string, Json> => ({
  cloudProvider: "AWS",
  regionName: "US_WEST_2",
  copyPolicyItems: [{ frequencyType: "daily", retentionUnit: "days", retentionValue: 30 }],
  ...more,
});
const schedule = (props: Sent["props"] = {}, references: Sent["references"] = {}): Sent => ({
  type: "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule",
  name: "schedule",
  props: {
    clusterName: "orders",
    restoreWindowDays: 7,
    policyItemDaily: { frequencyInterval: 1, retentionUnit: "days", retentionValue: 30 },
    copySettings: [copy()],
    ...props,
  },
  references,
});

const on = "mongodbatlas-backups-on";
const pit = "mongodbatlas-point-in-time-recovery";
const kept = "mongodbatlas-backups-kept";
const copied = "mongodbatlas-backups-in-second-region";
const outlive = "mongodbatlas-backups-outlive-cluster";
const protection = "mongodbatlas-termination-protection";

export const cases: readonly Case[] = [
  ...(
    [
      [on, cluster(), "backupEnabled"],
      [on, legacy, "cloudBackup"],
      [pit, cluster(), "pitEnabled"],
      [pit, legacy, "pitEnabled"],
      [outlive, cluster(), "retainBackupsEnabled"],
      [outlive, legacy, "retainBackupsEnabled"],
      [protection, cluster(), "terminationProtectionEnabled"],
      [protection, legacy, "terminationProtectionEnabled"],
      [protection, flex, "terminationProtectionEnabled"],
      [protection, serverless, "terminationProtectionEnabled"],
    ] as const
  ).flatMap(([rule, sound, property]) =>
    aboutProperty({
      rule,
      sound,
      property,
      passes: [true, "true"],
      fails: [false, "false"],
      absent: "fails",
      unknown: "refused",
    }),
  ),
  ...aboutProperty({
    rule: pit,
    sound: schedule(),
    property: "restoreWindowDays",
    passes: [7, "14"],
    fails: [1, "6"],
    absent: "fails",
    unknown: "refused",
  }),
  {
    rule: pit,
    when: "the environment asks for less",
    given: schedule({ restoreWindowDays: 2 }),
    config: { days: 2 },
    result: "passes",
  },

  ...aboutProperty({
    rule: kept,
    sound: schedule(),
    property: "policyItemDaily.retentionValue",
    passes: [30, "31"],
    fails: [7, "29"],
    absent: "fails",
    unknown: "refused",
    says: /a daily snapshot is kept for \d+ days, and must be for 30/,
  }).filter(({ when }) => !when.startsWith("policyItemDaily is absent")),
  {
    rule: kept,
    when: "no snapshot is taken each day",
    given: {
      type: "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule",
      props: { policyItemHourly: { frequencyInterval: 6, retentionUnit: "days", retentionValue: 90 } },
    },
    result: [/policyItemDaily: no snapshot is taken each day\..*Fix: set policyItemDaily: \{ frequencyInterval: 1/],
  },
  {
    rule: kept,
    when: "the daily policy is unknown",
    given: schedule({ policyItemDaily: UNKNOWN }),
    result: [/policyItemDaily: its value is not known/],
  },
  {
    rule: kept,
    when: "it is kept for weeks",
    given: schedule({ policyItemDaily: { frequencyInterval: 1, retentionUnit: "weeks", retentionValue: 5 } }),
    result: "passes",
  },
  {
    rule: kept,
    when: "it is kept for too few weeks",
    given: schedule({ policyItemDaily: { frequencyInterval: 1, retentionUnit: "weeks", retentionValue: 4 } }),
    result: [/retentionValue: a daily snapshot is kept for 28 days/],
  },
  ...aboutProperty({
    rule: kept,
    sound: schedule(),
    property: "policyItemDaily.retentionUnit",
    passes: ["days", "months"],
    fails: ["hours"],
    absent: "fails",
    unknown: "refused",
  }).filter(({ when }) => !when.startsWith("policyItemDaily is absent")),
  {
    rule: kept,
    when: "the environment asks for fewer days",
    given: schedule({ policyItemDaily: { retentionUnit: "days", retentionValue: 7 } }),
    config: { days: 7 },
    result: "passes",
  },

  { rule: copied, when: "daily snapshots are copied", given: schedule(), result: "passes" },
  ...aboutProperty({
    rule: copied,
    sound: schedule(),
    property: "copySettings",
    passes: [
      [copy({ copyPolicyItems: [], frequencies: ["DAILY"] })],
      [copy({ copyPolicyItems: [], lastNumberOfSnapshots: 7 })],
    ],
    fails: [[]],
    absent: "fails",
    unknown: "refused",
    says: /no snapshot is copied to another region/,
  }),
  {
    rule: copied,
    when: "one setting copies nothing and another is unknown",
    given: schedule({ copySettings: [UNKNOWN, copy({ copyPolicyItems: [] })] }),
    result: [
      /copySettings\[0\]: its value is not known/,
      /copySettings\[1\]: it says of no snapshot that it is copied/,
    ],
  },
  { rule: copied, when: "the copies stand in another region", given: [cluster(), schedule()], result: "passes" },
  {
    rule: copied,
    when: "the copies stand beside the cluster",
    given: [cluster(), schedule({ copySettings: [copy({ regionName: "US_EAST_1" })] })],
    result: [/copySettings\[0\]\.regionName: it is "US_EAST_1", where the cluster itself stands/],
  },
  {
    rule: copied,
    when: "the copies of a cluster of unknown name stand beside it",
    given: [
      cluster({ id: UNKNOWN, name: UNKNOWN }),
      schedule(
        { clusterName: UNKNOWN, copySettings: [copy({ regionName: "US_EAST_1" })] },
        { clusterName: ["orders"] },
      ),
    ],
    result: [/where the cluster itself stands/],
  },

  ...[kept, copied].flatMap((rule): Case[] => [
    {
      rule,
      when: "the cluster has no schedule",
      given: [cluster()],
      result: [/name: no mongodbatlas\.CloudBackupSchedule is about "orders"/],
    },
    {
      rule,
      when: "the schedule is another cluster's",
      given: [cluster(), schedule({ clusterName: "others" })],
      result: [/name: no mongodbatlas\.CloudBackupSchedule is about "orders"/],
    },
    {
      rule,
      when: "the schedule's cluster is not known yet",
      given: [cluster({ id: UNKNOWN, name: UNKNOWN }), schedule({ clusterName: UNKNOWN }, { clusterName: ["orders"] })],
      result: "passes",
    },
  ]),
];
