import { inPublicSubnets } from "../../support/network/private-subnets.ts";
import {
  asText,
  at,
  described,
  elements,
  expects,
  isNotTrue,
  isSet,
  isTrue,
  matching,
  numberOf,
  oneOf,
  orAbsent,
  textOf,
  unless,
  type Expectation,
} from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { Unknown, isMap, type Plain } from "../../support/unknown.ts";

export const INSTANCE = "aws:rds/instance:Instance";

export const CLUSTER = "aws:rds/cluster:Cluster";

export const CLUSTER_INSTANCE = "aws:rds/clusterInstance:ClusterInstance";

export const PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";

export const CLUSTER_PARAMETERS = "aws:rds/clusterParameterGroup:ClusterParameterGroup";

const SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup";

const GLOBAL = "aws:rds/globalCluster:GlobalCluster";

export const PROXY = "aws:rds/proxy:Proxy";

const SNAPSHOTS = [
  "aws:rds/snapshot:Snapshot",
  "aws:rds/snapshotCopy:SnapshotCopy",
  "aws:rds/clusterSnapshot:ClusterSnapshot",
];

/** A replica has its source's user, subnets, and backups. */
export const isReplica = ({ props }: Resource): boolean =>
  isSet.is(props["replicateSourceDb"]) || isSet.is(props["replicationSourceIdentifier"]);

/** "postgres" for `aurora-postgresql` too; undefined while the engine is not known. */
export function familyOf(engine: Plain): string | undefined {
  const name = textOf(engine);
  return name === undefined
    ? undefined
    : /^(aurora-)?(postgres|mysql|mariadb|sqlserver|oracle|db2)/i.exec(name)?.[2]?.toLowerCase();
}

/** The parameter that refuses clients without TLS, by the beginning of a parameter group's family. */
const FORCED: readonly (readonly [family: RegExp, parameter: string])[] = [
  [/^(aurora-)?postgres(ql)?\d|^sqlserver-/, "rds.force_ssl"],
  [/^(aurora-)?(mysql|mariadb)\d/, "require_secure_transport"],
];

/** From these versions on the service forces TLS unless it is told otherwise. */
const FORCED_UNASKED = /^postgres(1[5-9]|[2-9]\d)$|^aurora-postgresql(1[7-9]|[2-9]\d)$/;

/** The values of a parameter, by its name. */
export function parameterOf({ props }: Resource, name: string): readonly { property: string; value: Plain }[] {
  return elements({ property: "parameters", value: props["parameters"] }).flatMap(({ property, value }) => {
    if (value instanceof Unknown) return [{ property, value }];
    const called = isMap(value) ? value["name"] : undefined;
    if (called instanceof Unknown) return [{ property: `${property}.name`, value: called }];
    return called === name ? [{ property: `${property}.value`, value: at(value, "value") }] : [];
  });
}

/** Parameter groups that let clients connect without TLS. Of Aurora only the cluster's group decides. */
function plainTextAllowed(resource: Resource): readonly Finding[] {
  const family = resource.props["family"];
  if (family instanceof Unknown) return [{ property: "family", unknown: family }];
  const name = textOf(family) ?? "";
  if (resource.type === PARAMETERS && name.startsWith("aurora-")) return [];
  const parameter = FORCED.find(([pattern]) => pattern.test(name))?.[1];
  if (parameter === undefined) return [];
  const fix = `add { name: "${parameter}", value: "1" } to parameters`;
  const values = parameterOf(resource, parameter);
  const known = values.filter(({ property }) => property.endsWith(".value"));
  if (known.length === 0) {
    const open = values.find(({ value }) => value instanceof Unknown);
    if (open?.value instanceof Unknown) return [{ property: open.property, unknown: open.value }];
    return FORCED_UNASKED.test(name) ? [] : [{ property: "parameters", wrong: `${parameter} is not among them`, fix }];
  }
  return known.flatMap(({ property, value }): readonly Finding[] => {
    if (value instanceof Unknown) return [{ property, unknown: value }];
    if (isTrue.is(value) || oneOf(1, "on", "ON").is(value)) return [];
    return [{ property, wrong: `${parameter} is ${JSON.stringify(value)}, so plain text is let in`, fix }];
  });
}

/** Databases with the default group of an engine that lets plain text in where nobody says otherwise. */
function plainTextByDefault({ type, props }: Resource): readonly Finding[] {
  const property = type === CLUSTER ? "dbClusterParameterGroupName" : "parameterGroupName";
  const { engine, engineVersion } = props;
  const group = props[property];
  if (isSet.is(group) && !(group instanceof Unknown) && !/^default\b/i.test(textOf(group) ?? "")) return [];
  if (engine instanceof Unknown) return [{ property: "engine", unknown: engine }];
  const name = (textOf(engine) ?? "").toLowerCase().replace("postgresql", "postgres");
  const parameter = FORCED.find(([pattern]) => pattern.test(`${name}0`))?.[1];
  if (parameter === undefined || (type === INSTANCE && name.startsWith("aurora-"))) return [];
  if (name.endsWith("postgres")) {
    if (engineVersion instanceof Unknown) return [{ property: "engineVersion", unknown: engineVersion }];
    const major = numberOf(/^\d+/.exec(asText(engineVersion))?.[0]) ?? Number.POSITIVE_INFINITY;
    if (major >= (name.startsWith("aurora-") ? 17 : 15)) return [];
  }
  if (group instanceof Unknown) return [{ property, unknown: group }];
  const fix = `set ${property} to an aws.rds.${type === CLUSTER ? "Cluster" : ""}ParameterGroup with ${parameter}: "1"`;
  return [{ property, wrong: `${described(group)}, and the default group lets plain text in`, fix }];
}

const DEFAULT_PORTS: ReadonlySet<number> = new Set([1433, 1521, 3306, 5432, 50_000]);

const ownPort: Expectation = {
  is: (value) => {
    const port = numberOf(value);
    return port !== undefined && !DEFAULT_PORTS.has(port);
  },
  expected: "another port than the engine's own",
};

const notAll: Expectation = { is: (value) => value !== "all", expected: "the id of an account" };

const CA = matching(
  /^rds-ca-(rsa2048|rsa4096|ecc384)-g\d+$/,
  "a certificate authority of the rds-ca-...-g1 generation",
);

const GROUP_FIX = "set dbSubnetGroupName to an aws.rds.SubnetGroup of private or isolated subnets";

export const rules: readonly Rule[] = [
  {
    name: "rds-encrypted-at-rest",
    description: "RDS encrypts its storage.",
    why: "It cannot be added later without a copy, and snapshots are as plain as their source.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_16", "FSBP RDS.3", "CIS 3.2.1", "AwsSolutions-RDS2", "AWS-0080"],
    resources: [
      {
        types: [GLOBAL],
        unknown: "refuse",
        // One that is made of a cluster has what that cluster has.
        find: unless(
          ({ props }) => isSet.is(props["sourceDbClusterIdentifier"]),
          expects("storageEncrypted", isTrue, "set storageEncrypted: true"),
        ),
      },
      {
        types: [INSTANCE],
        unknown: "refuse",
        find: unless(isReplica, expects("storageEncrypted", isTrue, "set storageEncrypted: true")),
      },
      {
        types: [CLUSTER],
        unknown: "refuse",
        find: (resource) =>
          expects(
            "storageEncrypted",
            resource.props["engineMode"] === "serverless" ? orAbsent(isTrue) : isTrue,
            "set storageEncrypted: true",
          )(resource, {}),
      },
    ],
  },
  {
    name: "rds-not-public",
    description: "No RDS instance has a public address.",
    why: "A database on the internet is found by scanners within minutes.",
    severity: "critical",
    level: "mandatory",
    standards: ["CKV_AWS_17", "FSBP RDS.2", "CIS 3.2.3", "cdk-nag RDSInstancePublicAccess", "AWS-0180"],
    resources: [
      {
        types: [INSTANCE, CLUSTER_INSTANCE],
        unknown: "refuse",
        find: expects("publiclyAccessible", isNotTrue, "set publiclyAccessible: false"),
      },
    ],
    remedy: ({ type, props }) =>
      [INSTANCE, CLUSTER_INSTANCE].includes(type) && isTrue.is(props["publiclyAccessible"])
        ? [{ path: ["publiclyAccessible"], value: false }]
        : [],
  },
  {
    name: "rds-snapshot-not-public",
    description: "No RDS snapshot is shared with every AWS account.",
    why: "Anybody could restore it, and read the whole database.",
    severity: "critical",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: SNAPSHOTS,
        unknown: "defer",
        find: expects("sharedAccounts[]", notAll, "name the accounts that need it, or remove sharedAccounts"),
      },
    ],
  },
  {
    name: "rds-in-private-subnets",
    description:
      "RDS stands in subnets and security groups that the program chose, and that the internet does not reach.",
    why: "The default group holds every subnet of the default VPC, and they are public.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [INSTANCE, CLUSTER],
        unknown: "defer",
        find: unless(
          isReplica,
          expects(
            "dbSubnetGroupName",
            matching(/^(?!default$)./i, "a group of the program, not the default"),
            GROUP_FIX,
          ),
        ),
      },
      {
        types: [INSTANCE, CLUSTER],
        unknown: "defer",
        find: expects("vpcSecurityGroupIds", isSet, "set vpcSecurityGroupIds to the database's own security group"),
      },
    ],
    stack: (stack) => inPublicSubnets(stack, [SUBNET_GROUP], "subnetIds"),
  },
  {
    name: "rds-tls-forced",
    description: "RDS refuses clients that do not use TLS.",
    why: "Clients fall back to plain text silently where the server lets them.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV2_AWS_69", "FSBP RDS.38", "Prowler rds_instance_transport_encrypted"],
    resources: [
      { types: [PARAMETERS, CLUSTER_PARAMETERS], unknown: "refuse", find: plainTextAllowed },
      { types: [INSTANCE, CLUSTER], unknown: "defer", find: plainTextByDefault },
      { types: [PROXY], unknown: "refuse", find: expects("requireTls", isTrue, "set requireTls: true") },
    ],
  },
  {
    name: "rds-modern-ca",
    description: "RDS presents a certificate of a current certificate authority.",
    why: "The older one ended in 2024, and clients that check certificates refuse it.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_211", "Prowler rds_instance_certificate_expiration"],
    resources: [
      {
        types: [INSTANCE, CLUSTER_INSTANCE],
        unknown: "refuse",
        find: expects("caCertIdentifier", orAbsent(CA), 'set caCertIdentifier: "rds-ca-rsa2048-g1"'),
      },
      {
        types: [CLUSTER],
        unknown: "refuse",
        find: expects("caCertificateIdentifier", orAbsent(CA), 'set caCertificateIdentifier: "rds-ca-rsa2048-g1"'),
      },
    ],
  },
  {
    name: "rds-port-not-default",
    description: "RDS listens on a port other than its engine's own.",
    why: "Scans of well-known ports do not find it then.",
    severity: "low",
    level: "advisory",
    standards: ["FSBP RDS.23", "AwsSolutions-RDS11"],
    resources: [
      { types: [INSTANCE, CLUSTER], unknown: "refuse", find: expects("port", ownPort, "set port to another") },
    ],
  },
];
