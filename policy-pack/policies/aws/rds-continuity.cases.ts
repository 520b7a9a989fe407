import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";

const instance = (props: Sent["props"] = {}): Sent => ({
  type: "aws:rds/instance:Instance",
  props: {
    engine: "postgres",
    engineVersion: "17.4",
    engineLifecycleSupport: "open-source-rds-extended-support-disabled",
    backupRetentionPeriod: 7,
    multiAz: true,
    deletionProtection: true,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "orders-final",
    copyTagsToSnapshot: true,
    enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
    monitoringInterval: 60,
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d",
    ...props,
  },
});
const cluster = (props: Sent["props"] = {}): Sent => ({
  type: "aws:rds/cluster:Cluster",
  name: "orders",
  props: {
    id: "orders",
    engine: "aurora-postgresql",
    engineVersion: "16.6",
    engineLifecycleSupport: "open-source-rds-extended-support-disabled",
    backupRetentionPeriod: 7,
    deletionProtection: true,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "orders-final",
    copyTagsToSnapshot: true,
    enabledCloudwatchLogsExports: ["postgresql"],
    ...props,
  },
});
const clusterInstance = (props: Sent["props"] = {}, name = "example", references: Sent["references"] = {}): Sent => ({
  type: "aws:rds/clusterInstance:ClusterInstance",
  name,
  props: {
    engine: "aurora-postgresql",
    engineVersion: "16.6",
    clusterIdentifier: "orders",
    monitoringInterval: 60,
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d",
    ...props,
  },
  references,
});
const replica = instance({
  replicateSourceDb: "orders",
  backupRetentionPeriod: 0,
  multiAz: false,
  skipFinalSnapshot: true,
});
const parameters = (family: Json, list: Json): Sent => ({
  type: "aws:rds/parameterGroup:ParameterGroup",
  props: { family, parameters: list },
});

const backups = "rds-backups-kept";
const multiAz = "rds-multi-az";
const final = "rds-final-snapshot";
const engine = "rds-engine-supported";
const support = "rds-extended-support-refused";
const logs = "rds-logs-exported";
const slow = "rds-slow-queries-logged";
const insightsKey = "rds-performance-insights-customer-key";

export const cases: readonly Case[] = [
  ...[instance(), cluster()].flatMap((sound) =>
    aboutProperty({
      rule: backups,
      sound,
      property: "backupRetentionPeriod",
      passes: [7, "7", 35],
      fails: [0, 6, "1"],
      absent: "fails",
      unknown: "refused",
    }),
  ),
  {
    rule: backups,
    when: "the environment asks for more days",
    given: instance(),
    config: { days: 30 },
    result: [/backupRetentionPeriod: it is 7, and must be at least 30\..*Fix: set backupRetentionPeriod: 30/],
  },
  { rule: backups, when: "its source is backed up", given: replica, result: "passes" },

  ...aboutProperty({
    rule: multiAz,
    sound: instance(),
    property: "multiAz",
    passes: [true, "true"],
    fails: [false],
    absent: "fails",
    unknown: "refused",
  }),
  { rule: multiAz, when: "it is a replica", given: replica, result: "passes" },
  {
    rule: multiAz,
    when: "a cluster has two instances",
    given: [cluster(), clusterInstance({}, "one"), clusterInstance({}, "two")],
    result: "passes",
  },
  {
    rule: multiAz,
    when: "a cluster has one instance",
    given: [cluster(), clusterInstance({}, "one"), clusterInstance({ clusterIdentifier: "other" }, "two")],
    result: [/clusterIdentifier: "orders" has 1 instances.*Fix: add an aws\.rds\.ClusterInstance/],
  },
  { rule: multiAz, when: "a cluster has none", given: [cluster()], result: [/"orders" has 0 instances/] },
  {
    rule: multiAz,
    when: "the cluster's name is unknown, and two instances refer to it",
    given: [
      cluster({ id: UNKNOWN }),
      clusterInstance({ clusterIdentifier: UNKNOWN }, "one", { clusterIdentifier: ["orders"] }),
      clusterInstance({ clusterIdentifier: UNKNOWN }, "two", { clusterIdentifier: ["orders"] }),
    ],
    result: "passes",
  },
  {
    rule: multiAz,
    when: "a cluster has instances of its own",
    given: [cluster({ engine: "postgres", dbClusterInstanceClass: "db.m6gd.large" })],
    result: "passes",
  },

  ...[instance(), cluster()].flatMap((sound) => [
    ...aboutProperty({
      rule: "rds-deletion-protection",
      sound,
      property: "deletionProtection",
      passes: [true, "true"],
      fails: [false],
      absent: "fails",
      unknown: "refused",
    }),
    ...aboutProperty({
      rule: final,
      sound,
      property: "skipFinalSnapshot",
      passes: [false, "false"],
      fails: [true, "true"],
      absent: "passes",
      unknown: "refused",
    }),
    ...aboutProperty({
      rule: final,
      sound,
      property: "finalSnapshotIdentifier",
      passes: ["orders-final"],
      fails: [""],
      absent: "fails",
      unknown: "waits",
    }),
    ...aboutProperty({
      rule: "rds-tags-on-snapshots",
      sound,
      property: "copyTagsToSnapshot",
      passes: [true, "true"],
      fails: [false],
      absent: "fails",
      unknown: "refused",
    }),
  ]),
  { rule: final, when: "it is a replica", given: replica, result: "passes" },

  ...[instance(), cluster(), clusterInstance()].flatMap((sound) =>
    aboutProperty({
      rule: "rds-minor-upgrades",
      sound,
      property: "autoMinorVersionUpgrade",
      passes: [true, "true"],
      fails: [false, "false"],
      absent: "passes",
      unknown: "refused",
    }),
  ),

  ...(
    [
      [instance(), ["17.4", "18.1", 17], ["12.20", "11", "9.6.24"]],
      [instance({ engine: "mysql" }), ["8.4.4"], ["5.7.44"]],
      [instance({ engine: "mariadb" }), ["11.8.2"], []],
      [cluster({ engine: "aurora-mysql" }), ["8.0.mysql_aurora.3.08.1"], ["5.7.mysql_aurora.2.12.4"]],
      [clusterInstance(), ["16.6"], ["12.19"]],
    ] as const
  ).flatMap(([sound, passes, fails]) =>
    aboutProperty({
      rule: engine,
      sound,
      property: "engineVersion",
      passes,
      fails,
      absent: "passes",
      unknown: "refused",
      says: /it is "[^"]+", whose support ended on 20\d\d-/,
    }),
  ),
  {
    rule: engine,
    when: "the engine is unknown",
    given: instance({ engine: UNKNOWN }),
    result: [/engine: its value is not known/],
  },
  {
    rule: engine,
    when: "a copy takes its source's engine",
    given: { type: "aws:rds/instance:Instance", props: { engineVersion: "12.20" } },
    result: "passes",
  },
  {
    rule: engine,
    when: "the engine is sold",
    given: instance({ engine: "oracle-ee", engineVersion: "12" }),
    result: "passes",
  },

  ...[instance(), cluster()].flatMap((sound) =>
    aboutProperty({
      rule: support,
      sound,
      property: "engineLifecycleSupport",
      passes: ["open-source-rds-extended-support-disabled"],
      fails: ["open-source-rds-extended-support"],
      absent: "fails",
      unknown: "refused",
    }),
  ),
  {
    rule: support,
    when: "the engine has none",
    given: { type: "aws:rds/instance:Instance", props: { engine: "mariadb" } },
    result: "passes",
  },

  ...[instance(), cluster()].flatMap((sound) =>
    aboutProperty({
      rule: logs,
      sound,
      property: "enabledCloudwatchLogsExports",
      passes: [["postgresql"], [UNKNOWN, "postgresql"]],
      fails: [[], ["upgrade"]],
      absent: "fails",
      unknown: "refused",
      says: /"postgresql" stays on the instance\..*Fix: add "postgresql" to enabledCloudwatchLogsExports/,
    }),
  ),
  {
    rule: logs,
    when: "MySQL sends one of two",
    given: instance({ engine: "mysql", enabledCloudwatchLogsExports: ["error"] }),
    result: [/"slowquery" stays on the instance/],
  },
  {
    rule: logs,
    when: "one log is unknown and others are missing",
    given: instance({ engine: "mysql", enabledCloudwatchLogsExports: ["error", UNKNOWN] }),
    result: [/enabledCloudwatchLogsExports\[1\]: its value is not known/],
  },
  {
    rule: logs,
    when: "the engine is not known to the rule and something is sent",
    given: instance({ engine: "custom-oracle-ee" }),
    result: "passes",
  },
  {
    rule: logs,
    when: "the engine is unknown and nothing is sent",
    given: instance({ engine: UNKNOWN, enabledCloudwatchLogsExports: [] }),
    result: [/every log stays on the instance/],
  },

  ...aboutProperty({
    rule: slow,
    sound: parameters("postgres17", [{ name: "log_min_duration_statement", value: "1000" }]),
    property: "parameters[0].value",
    passes: ["1000", 0],
    fails: ["-1"],
    absent: "fails",
    unknown: "refused",
    says: /log_min_duration_statement is off/,
  }),
  ...aboutProperty({
    rule: slow,
    sound: parameters("mysql8.4", [{ name: "slow_query_log", value: "1" }]),
    property: "parameters[0].value",
    passes: ["1", 1, "ON"],
    fails: ["0", 0],
    absent: "fails",
    unknown: "refused",
    says: /slow_query_log is off/,
  }),
  {
    rule: slow,
    when: "the group does not say",
    given: { type: "aws:rds/clusterParameterGroup:ClusterParameterGroup", props: { family: "aurora-mysql8.0" } },
    result: [/parameters: slow_query_log is not among them/],
  },
  { rule: slow, when: "the family is unknown", given: parameters(UNKNOWN, []), result: [/family: its value is not/] },
  {
    rule: slow,
    when: "the family is absent",
    given: { type: "aws:rds/parameterGroup:ParameterGroup", props: {} },
    result: "passes",
  },
  { rule: slow, when: "the engine has no such log", given: parameters("oracle-ee-19", []), result: "passes" },

  ...[instance(), clusterInstance()].flatMap((sound) => [
    ...aboutProperty({
      rule: "rds-enhanced-monitoring",
      sound,
      property: "monitoringInterval",
      passes: [1, 60, "60"],
      fails: [0, "0"],
      absent: "fails",
      unknown: "refused",
    }),
    ...aboutProperty({
      rule: "rds-performance-insights",
      sound,
      property: "performanceInsightsEnabled",
      passes: [true, "true"],
      fails: [false],
      absent: "fails",
      unknown: "refused",
    }),
    ...aboutProperty({
      rule: insightsKey,
      sound,
      property: "performanceInsightsKmsKeyId",
      passes: ["arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d"],
      fails: [""],
      absent: "fails",
      unknown: "waits",
    }),
    ...aboutProperty({
      rule: insightsKey,
      sound,
      property: "performanceInsightsEnabled",
      passes: [false],
      absent: "passes",
      unknown: "waits",
    }),
  ]),
];
