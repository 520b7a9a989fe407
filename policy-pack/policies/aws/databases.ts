import {
  at,
  elements,
  expects,
  isNotTrue,
  isSet,
  isTrue,
  matching,
  orAbsent,
  textOf,
  unless,
} from "../../support/property.ts";
import type { Find, Finding, Resource, Rule } from "../../support/rule.ts";
import { notInState } from "../../support/secrets/in-state.ts";
import { Unknown } from "../../support/unknown.ts";

/* DocumentDB, Neptune, and MemoryDB, and what else offers an address in the internet. RDS and ElastiCache have files of their own. */

const DOCDB = "aws:docdb/cluster:Cluster";
const DOCDB_ELASTIC = "aws:docdb/elasticCluster:ElasticCluster";
const DOCDB_PARAMETERS = "aws:docdb/clusterParameterGroup:ClusterParameterGroup";
const NEPTUNE = "aws:neptune/cluster:Cluster";
const GLOBALS = ["aws:docdb/globalCluster:GlobalCluster", "aws:neptune/globalCluster:GlobalCluster"];
const MEMORYDB = "aws:memorydb/cluster:Cluster";

/** Types with a flag `publiclyAccessible`, false unless somebody sets it. */
const WITH_ADDRESS = [
  "aws:dms/replicationInstance:ReplicationInstance",
  "aws:mq/broker:Broker",
  "aws:neptune/clusterInstance:ClusterInstance",
  "aws:redshift/cluster:Cluster",
  "aws:redshiftserverless/workgroup:Workgroup",
  "aws:timestreaminfluxdb/dbInstance:DbInstance",
];

const encrypted = expects("storageEncrypted", isTrue, "set storageEncrypted: true");

/** Copies have what their source has. */
const unlessCopied: Find = (resource, config) =>
  ["replicationSourceIdentifier", "sourceDbClusterIdentifier"].some((key) => isSet.is(resource.props[key]))
    ? []
    : encrypted(resource, config);

/** Logs of who did what, which the service keeps nowhere by itself. */
function unaudited({ type, props }: Resource): readonly Finding[] {
  const property = type === NEPTUNE ? "enableCloudwatchLogsExports" : "enabledCloudwatchLogsExports";
  const logs = elements({ property, value: props[property] });
  if (logs.some(({ value }) => value === "audit")) return [];
  const open = logs.find(({ value }) => value instanceof Unknown);
  if (open?.value instanceof Unknown) return [{ property: open.property, unknown: open.value }];
  return [{ property, wrong: '"audit" is not among them', fix: `add "audit" to ${property}` }];
}

/** DocumentDB speaks TLS alone unless a parameter group says otherwise. */
function plainText({ props }: Resource): readonly Finding[] {
  return elements({ property: "parameters", value: props["parameters"] }).flatMap(
    ({ property, value }): readonly Finding[] => {
      if (value instanceof Unknown) return [{ property, unknown: value }];
      const name = at(value, "name");
      if (name instanceof Unknown) return [{ property: `${property}.name`, unknown: name }];
      if (textOf(name)?.toLowerCase() !== "tls") return [];
      const tls = at(value, "value");
      if (tls instanceof Unknown) return [{ property: `${property}.value`, unknown: tls }];
      if (tls !== "disabled") return [];
      return [
        { property: `${property}.value`, wrong: "it is disabled, so plain text is let in", fix: 'set tls: "enabled"' },
      ];
    },
  );
}

export const rules: readonly Rule[] = [
  {
    name: "databases-encrypted-at-rest",
    description: "DocumentDB and Neptune encrypt their storage.",
    why: "It cannot be added later without a copy, and snapshots are as plain as their source.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP DocumentDB.1", "FSBP Neptune.1", "CKV_AWS_74", "CKV_AWS_44", "AWS-0021", "AWS-0076"],
    resources: [{ types: [DOCDB, NEPTUNE, ...GLOBALS], unknown: "refuse", find: unlessCopied }],
  },
  {
    name: "databases-encrypted-in-transit",
    description: "DocumentDB and MemoryDB speak TLS only.",
    why: "Passwords and data cross the network in plain text otherwise.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_90", "CKV_AWS_202"],
    resources: [
      { types: [DOCDB_PARAMETERS], unknown: "refuse", find: plainText },
      // The service's default is true.
      {
        types: [MEMORYDB],
        unknown: "refuse",
        find: expects("tlsEnabled", orAbsent(isTrue), "set tlsEnabled: true, or remove it"),
      },
    ],
  },
  {
    name: "databases-authenticate",
    description: "Whoever connects to MemoryDB or Neptune proves who it is.",
    why: "Without it whatever reaches the port reads and writes everything.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP Neptune.7", "CKV_AWS_359"],
    resources: [
      {
        types: [MEMORYDB],
        unknown: "defer",
        find: expects(
          "aclName",
          matching(/^(?!open-access$)./i, "a list of the program, not open-access"),
          "set aclName to an aws.memorydb.Acl whose users prove an IAM role",
        ),
      },
      {
        types: [NEPTUNE],
        unknown: "refuse",
        find: expects("iamDatabaseAuthenticationEnabled", isTrue, "set iamDatabaseAuthenticationEnabled: true"),
      },
    ],
  },
  {
    name: "databases-password-managed",
    description: "The password of a DocumentDB user is in Secrets Manager alone.",
    why: "One in the program stands in its state and history, and nobody rotates it.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [DOCDB],
        unknown: "refuse",
        find: notInState("masterPassword", "remove it, and set manageMasterUserPassword: true"),
      },
      {
        types: [DOCDB_ELASTIC],
        unknown: "refuse",
        // The password may be the ARN of a secret.
        find: unless(
          ({ props }) => props["authType"] === "SECRET_ARN",
          notInState("adminUserPassword", 'set authType: "SECRET_ARN", and adminUserPassword to the ARN of a secret'),
        ),
      },
    ],
  },
  {
    name: "databases-audited",
    description: "DocumentDB and Neptune send their audit log to CloudWatch.",
    why: "It is the only trace of who read what.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP DocumentDB.4", "FSBP Neptune.2", "CKV_AWS_85", "CKV_AWS_101", "AWS-0020", "AWS-0075"],
    resources: [{ types: [DOCDB, NEPTUNE], unknown: "refuse", find: unaudited }],
  },
  {
    name: "databases-not-public",
    description: "No database, broker, or warehouse has a public address.",
    why: "A data store on the internet is found by scanners within minutes.",
    severity: "critical",
    level: "mandatory",
    standards: ["FSBP Redshift.1", "FSBP DMS.1", "CKV_AWS_87", "CKV_AWS_89", "CKV_AWS_69", "CKV_AWS_102"],
    resources: [
      {
        types: WITH_ADDRESS,
        unknown: "refuse",
        find: expects("publiclyAccessible", isNotTrue, "set publiclyAccessible: false"),
      },
    ],
  },
];
