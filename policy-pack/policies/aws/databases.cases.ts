import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";
import { aboutProperty } from "../../test/property-cases.ts";

const of =
  (type: string, sound: Sent["props"] = {}) =>
  (props: Sent["props"] = {}): Sent => ({ type: `aws:${type}`, props: { ...sound, ...props } });

const docdb = of("docdb/cluster:Cluster");
const elastic = of("docdb/elasticCluster:ElasticCluster");
const neptune = of("neptune/cluster:Cluster");
const globalCluster = of("docdb/globalCluster:GlobalCluster");
const memorydb = of("memorydb/cluster:Cluster");
const broker = of("mq/broker:Broker");
const warehouse = of("redshift/cluster:Cluster");
const parameters = (list: Json): Sent => of("docdb/clusterParameterGroup:ClusterParameterGroup")({ parameters: list });

const atRest = "databases-encrypted-at-rest";
const inTransit = "databases-encrypted-in-transit";
const authenticate = "databases-authenticate";
const password = "databases-password-managed";
const audited = "databases-audited";

export const cases: readonly Case[] = [
  ...[docdb(), neptune(), globalCluster()].flatMap((sound) =>
    aboutProperty({
      rule: atRest,
      sound,
      property: "storageEncrypted",
      passes: [true, "true"],
      fails: [false],
      absent: "fails",
      unknown: "refused",
    }),
  ),
  ...casesOf(atRest, [
    ["a replica has what its source has", neptune({ replicationSourceIdentifier: "orders" }), "passes"],
    ["it has what its first cluster has", globalCluster({ sourceDbClusterIdentifier: "arn:aws:rds:x" }), "passes"],
  ]),
  ...aboutProperty({
    rule: inTransit,
    sound: memorydb(),
    property: "tlsEnabled",
    passes: [true, "true"],
    fails: [false],
    absent: "passes",
    unknown: "refused",
  }),
  ...casesOf(inTransit, [
    [
      "TLS is switched off",
      parameters([{ name: "tls", value: "disabled" }]),
      [/parameters\[0\]\.value: it is disabled/],
    ],
    ["TLS has a lower limit", parameters([{ name: "tls", value: "tls1.2+" }]), "passes"],
    ["nothing is said of TLS", parameters([{ name: "ttl_monitor", value: "disabled" }]), "passes"],
    ["no parameter is set", { type: "aws:docdb/clusterParameterGroup:ClusterParameterGroup", props: {} }, "passes"],
    ["the parameters are unknown", parameters(UNKNOWN), [/parameters: its value is not known/]],
    ["a value is unknown", parameters([{ name: "tls", value: UNKNOWN }]), [/parameters\[0\]\.value: its value is not/]],
    ["a name is unknown", parameters([{ name: UNKNOWN, value: "x" }]), [/parameters\[0\]\.name: its value is not/]],
  ]),
  ...aboutProperty({
    rule: authenticate,
    sound: memorydb(),
    property: "aclName",
    passes: ["api"],
    fails: ["open-access", "Open-Access", ""],
    absent: "fails",
    unknown: "waits",
  }),
  ...aboutProperty({
    rule: authenticate,
    sound: neptune(),
    property: "iamDatabaseAuthenticationEnabled",
    passes: [true, "true"],
    fails: [false],
    absent: "fails",
    unknown: "refused",
  }),
  ...[docdb(), elastic()].flatMap((sound) =>
    aboutProperty({
      rule: password,
      sound,
      property: sound.type.includes("elastic") ? "adminUserPassword" : "masterPassword",
      passes: [""],
      fails: ["hunter2"],
      absent: "passes",
      unknown: "fails",
      says: /it is set, and so stands in the state/,
    }),
  ),
  ...casesOf(password, [
    ["it is the name of a secret", elastic({ authType: "SECRET_ARN", adminUserPassword: "arn:aws:x" }), "passes"],
  ]),
  ...casesOf(audited, [
    ["DocumentDB does", docdb({ enabledCloudwatchLogsExports: ["profiler", "audit"] }), "passes"],
    ["Neptune does", neptune({ enableCloudwatchLogsExports: ["audit"] }), "passes"],
    [
      "it sends another log",
      docdb({ enabledCloudwatchLogsExports: ["profiler"] }),
      [/enabledCloudwatchLogsExports: "audit"/],
    ],
    ["nothing is said", neptune(), [/enableCloudwatchLogsExports: "audit" is not among them/]],
    ["the list is unknown", docdb({ enabledCloudwatchLogsExports: UNKNOWN }), [/its value is not known/]],
  ]),
  ...[broker(), warehouse()].flatMap((sound) =>
    aboutProperty({
      rule: "databases-not-public",
      sound,
      property: "publiclyAccessible",
      passes: [false, "false"],
      fails: [true, "true", "TRUE"],
      absent: "passes",
      unknown: "refused",
    }),
  ),
];
