import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";
import { cluster, instance, proxy } from "../../test/sent/rds.ts";

const clusterInstance = (props: Sent["props"] = {}): Sent => ({
  type: "aws:rds/clusterInstance:ClusterInstance",
  props: { engine: "aurora-postgresql", clusterIdentifier: "orders", instanceClass: "db.t4g.medium", ...props },
});

const parameters = (family: Json, list: Json, type = "parameterGroup:ParameterGroup"): Sent => ({
  type: `aws:rds/${type}`,
  props: { family, parameters: list },
});

const clusterParameters = (family: Json, list: Json): Sent =>
  parameters(family, list, "clusterParameterGroup:ClusterParameterGroup");

const globalCluster = (props: Sent["props"]): Sent => ({
  type: "aws:rds/globalCluster:GlobalCluster",
  props: { globalClusterIdentifier: "orders", ...props },
});

const replica = instance({ replicateSourceDb: "orders" });

const subnetGroup: Sent = {
  type: "aws:rds/subnetGroup:SubnetGroup",
  name: "isolated",
  props: { id: "isolated", subnetIds: ["subnet-0a"] },
};

const subnet = (props: Sent["props"] = {}): Sent => ({
  type: "aws:ec2/subnet:Subnet",
  name: "a",
  props: { id: "subnet-0a", ...props },
});

const atRest = "rds-encrypted-at-rest";
const notPublic = "rds-not-public";
const snapshot = "rds-snapshot-not-public";
const subnets = "rds-in-private-subnets";
const tls = "rds-tls-forced";
const ca = "rds-modern-ca";

export const cases: readonly Case[] = [
  ...[instance(), cluster()].flatMap((sound) =>
    aboutProperty({
      rule: atRest,
      sound,
      property: "storageEncrypted",
      passes: [true, "true"],
      fails: [false, "false"],
      absent: "fails",
      unknown: "refused",
    }),
  ),
  ...aboutProperty({
    rule: atRest,
    sound: globalCluster({ storageEncrypted: true }),
    property: "storageEncrypted",
    passes: [true, "true"],
    fails: [false],
    absent: "fails",
    unknown: "refused",
  }),
  {
    rule: atRest,
    when: "a global cluster has what its first cluster has",
    given: globalCluster({ sourceDbClusterIdentifier: "arn:aws:rds:us-east-1:111122223333:cluster:orders" }),
    result: "passes",
  },
  {
    rule: tls,
    when: "MySQL has its default group",
    given: instance({ engine: "MySQL", engineVersion: "8.4.3" }),
    result: [/parameterGroupName: it is not set, and the default group lets plain text in/],
  },
  {
    rule: tls,
    when: "MariaDB names its default group",
    given: instance({ engine: "mariadb", engineVersion: 11.4, parameterGroupName: "default.mariadb11.4" }),
    result: [/parameterGroupName: it is "default\.mariadb11\.4"/],
  },
  {
    rule: tls,
    when: "an Aurora cluster before 17 has its default group",
    given: cluster({ engineVersion: "16.4" }),
    result: [
      /dbClusterParameterGroupName: it is not set.*Fix: set dbClusterParameterGroupName to an aws\.rds\.ClusterPar/,
    ],
  },
  { rule: tls, when: "PostgreSQL 17 has its default group", given: instance(), result: "passes" },
  {
    rule: tls,
    when: "the newest PostgreSQL has its default group",
    given: { type: "aws:rds/instance:Instance", props: { engine: "postgres" } },
    result: "passes",
  },
  {
    rule: tls,
    when: "MySQL has a group of the program",
    given: instance({ engine: "mysql", parameterGroupName: "orders" }),
    result: "passes",
  },
  {
    rule: tls,
    when: "the group is unknown",
    given: instance({ engine: "mysql", parameterGroupName: UNKNOWN }),
    result: "waits",
  },
  { rule: tls, when: "the engine is unknown", given: instance({ engine: UNKNOWN }), result: "waits" },
  { rule: tls, when: "the engine's version is unknown", given: instance({ engineVersion: UNKNOWN }), result: "waits" },
  {
    rule: subnets,
    when: "it is in the default group, in capitals",
    given: instance({ dbSubnetGroupName: "Default" }),
    result: [/dbSubnetGroupName: it is "Default"/],
  },
  {
    rule: atRest,
    when: "a replica has what its source has",
    given: instance({ replicateSourceDb: "orders", storageEncrypted: false }),
    result: "passes",
  },
  {
    rule: atRest,
    when: "a serverless cluster encrypts unasked",
    given: { type: "aws:rds/cluster:Cluster", props: { engine: "aurora-mysql", engineMode: "serverless" } },
    result: "passes",
  },
  ...[instance(), clusterInstance()].flatMap((sound) =>
    aboutProperty({
      rule: notPublic,
      sound,
      property: "publiclyAccessible",
      passes: [false, "false"],
      fails: [true, "true"],
      absent: "passes",
      unknown: "refused",
    }),
  ),
  ...["snapshot:Snapshot", "snapshotCopy:SnapshotCopy", "clusterSnapshot:ClusterSnapshot"].flatMap((type) =>
    aboutProperty({
      rule: snapshot,
      sound: { type: `aws:rds/${type}`, props: { sharedAccounts: ["111122223333"] } },
      property: "sharedAccounts[0]",
      passes: ["111122223333"],
      fails: ["all"],
      absent: "passes",
      unknown: "waits",
    }),
  ),
  {
    rule: snapshot,
    when: "it is shared with nobody",
    given: { type: "aws:rds/snapshot:Snapshot", props: {} },
    result: "passes",
  },
  {
    rule: snapshot,
    when: "one account is unknown and another is everyone",
    given: { type: "aws:rds/snapshot:Snapshot", props: { sharedAccounts: [UNKNOWN, "all"] } },
    result: [/sharedAccounts\[1\]: it is "all"/],
  },
  ...[instance(), cluster()].flatMap((sound) => [
    ...aboutProperty({
      rule: subnets,
      sound,
      property: "dbSubnetGroupName",
      passes: ["isolated"],
      fails: ["default"],
      absent: "fails",
      unknown: "waits",
    }),
    ...aboutProperty({
      rule: subnets,
      sound,
      property: "vpcSecurityGroupIds",
      passes: [["sg-0a"], [UNKNOWN]],
      fails: [[]],
      absent: "fails",
      unknown: "waits",
    }),
  ]),
  {
    rule: subnets,
    when: "a replica stands where its source stands",
    given: {
      type: "aws:rds/instance:Instance",
      props: { replicateSourceDb: UNKNOWN, vpcSecurityGroupIds: ["sg-0a"] },
    },
    result: "passes",
  },
  { rule: subnets, when: "the group's subnet is private", given: [subnet(), subnetGroup], result: "passes" },
  {
    rule: subnets,
    when: "the group's subnet is public",
    given: [subnet({ mapPublicIpOnLaunch: "true" }), subnetGroup],
    result: [/subnetIds: "a" is a public subnet.*Fix: name private or isolated subnets instead/],
  },
  ...aboutProperty({
    rule: tls,
    sound: parameters("postgres14", [{ name: "rds.force_ssl", value: "1" }]),
    property: "parameters[0].value",
    passes: ["1", 1],
    fails: ["0", 0],
    absent: "fails",
    unknown: "refused",
    says: /rds\.force_ssl is .*, so plain text is let in/,
  }),
  ...aboutProperty({
    rule: tls,
    sound: clusterParameters("aurora-mysql8.0", [{ name: "require_secure_transport", value: "ON" }]),
    property: "parameters[0].value",
    passes: ["ON", "1", true],
    fails: ["OFF"],
    absent: "fails",
    unknown: "refused",
    says: /require_secure_transport is .*, so plain text is let in/,
  }),
  {
    rule: tls,
    when: "a group before PostgreSQL 15 does not say",
    given: parameters("postgres14", []),
    result: [/parameters: rds\.force_ssl is not among them.*Fix: add \{ name: "rds\.force_ssl", value: "1" \}/],
  },
  {
    rule: tls,
    when: "a group of SQL Server has no parameters",
    given: { type: "aws:rds/parameterGroup:ParameterGroup", props: { family: "sqlserver-se-16.0" } },
    result: [/parameters: rds\.force_ssl is not among them/],
  },
  {
    rule: tls,
    when: "PostgreSQL 15 forces it unasked",
    given: { type: "aws:rds/parameterGroup:ParameterGroup", props: { family: "postgres15" } },
    result: "passes",
  },
  {
    rule: tls,
    when: "PostgreSQL 17 is told not to",
    given: parameters("postgres17", [{ name: "rds.force_ssl", value: "0" }]),
    result: [/parameters\[0\]\.value: rds\.force_ssl is "0"/],
  },
  {
    rule: tls,
    when: "another parameter is unknown",
    given: parameters("postgres14", [{ name: "work_mem", value: UNKNOWN }]),
    result: [/parameters: rds\.force_ssl is not among them/],
  },
  {
    rule: tls,
    when: "a whole parameter is unknown",
    given: parameters("mysql8.0", [UNKNOWN]),
    result: [/parameters\[0\]: its value is not known/],
  },
  {
    rule: tls,
    when: "a parameter's name is unknown",
    given: parameters("mysql8.0", [{ name: UNKNOWN, value: "1" }]),
    result: [/parameters\[0\]\.name: its value is not known/],
  },
  {
    rule: tls,
    when: "the family is unknown",
    given: parameters(UNKNOWN, []),
    result: [/family: its value is not known/],
  },
  {
    rule: tls,
    when: "the family is absent",
    given: { type: "aws:rds/parameterGroup:ParameterGroup", props: {} },
    result: "passes",
  },
  { rule: tls, when: "Aurora decides it for the cluster", given: parameters("aurora-mysql8.0", []), result: "passes" },
  { rule: tls, when: "the engine knows no such parameter", given: parameters("oracle-ee-19", []), result: "passes" },
  ...aboutProperty({
    rule: tls,
    sound: proxy(),
    property: "requireTls",
    passes: [true, "true"],
    fails: [false],
    absent: "fails",
    unknown: "refused",
  }),
  ...[instance(), clusterInstance()].flatMap((sound) =>
    aboutProperty({
      rule: ca,
      sound,
      property: "caCertIdentifier",
      passes: ["rds-ca-rsa2048-g1", "rds-ca-ecc384-g1"],
      fails: ["rds-ca-2019"],
      absent: "passes",
      unknown: "refused",
    }),
  ),
  ...aboutProperty({
    rule: ca,
    sound: cluster(),
    property: "caCertificateIdentifier",
    passes: ["rds-ca-rsa4096-g1"],
    fails: ["rds-ca-2019"],
    absent: "passes",
    unknown: "refused",
  }),
  ...[instance(), cluster()].flatMap((sound) =>
    aboutProperty({
      rule: "rds-port-not-default",
      sound,
      property: "port",
      passes: [5433, "5433"],
      fails: [5432, "3306"],
      absent: "fails",
      unknown: "refused",
    }),
  ),
  { rule: notPublic, when: "it is a replica", given: replica, result: "passes" },
];
