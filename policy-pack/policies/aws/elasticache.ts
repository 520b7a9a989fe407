import { inPublicSubnets } from "../../support/network/private-subnets.ts";
import {
  at,
  atLeast,
  described,
  elements,
  expects,
  isSet,
  isTrue,
  matching,
  numberOf,
  oneOf,
  orAbsent,
  unless,
  type Expectation,
} from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";

const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const CLUSTER = "aws:elasticache/cluster:Cluster";
const SERVERLESS = "aws:elasticache/serverlessCache:ServerlessCache";
const SUBNET_GROUP = "aws:elasticache/subnetGroup:SubnetGroup";

export const isMemcached = ({ props }: Resource): boolean => props["engine"] === "memcached";

/** A node of a replication group has what the group has. */
export const isMember = ({ type, props }: Resource): boolean =>
  type === CLUSTER && isSet.is(props["replicationGroupId"]);

/** At rest only Valkey is encrypted unasked; Redis is not. */
function unencryptedAtRest(resource: Resource): readonly Finding[] {
  const expectation = resource.props["engine"] === "valkey" ? orAbsent(isTrue) : isTrue;
  return expects("atRestEncryptionEnabled", expectation, "set atRestEncryptionEnabled: true")(resource, {});
}

/** A single-node Redis can neither encrypt its disk, nor ask who connects. Memcached writes nothing to disk. */
function singleRedis(resource: Resource): readonly Finding[] {
  const engine = resource.props["engine"];
  if (isMember(resource) || isMemcached(resource)) return [];
  if (engine instanceof Unknown) return [{ property: "engine", unknown: engine }];
  return [
    {
      property: "engine",
      wrong: `${described(engine)}, and a cluster of its own cannot encrypt what it writes to disk`,
      fix: "use aws.elasticache.ReplicationGroup with atRestEncryptionEnabled: true",
    },
  ];
}

const LOGS = ["slow-log", "engine-log"];

/** Logs of the engine that go nowhere. */
function missingLogs({ props }: Resource): readonly Finding[] {
  const value = props["logDeliveryConfigurations"];
  const types = elements({ property: "", value }).map(({ value: entry }) =>
    entry instanceof Unknown ? entry : at(entry, "logType"),
  );
  const missing = LOGS.filter((log) => !types.includes(log));
  if (missing.length === 0) return [];
  const property = "logDeliveryConfigurations";
  const unknown = types.find((type) => type instanceof Unknown);
  if (unknown instanceof Unknown) return [{ property, unknown }];
  return [
    { property, wrong: `${missing.join(" and ")} is missing`, fix: "add it with a log group as its destination" },
  ];
}

const own = (what: string): Expectation => matching(/^(?!default($|\.))./i, `${what} of the program, not the default`);

export const rules: readonly Rule[] = [
  {
    name: "elasticache-encrypted-at-rest",
    description: "ElastiCache encrypts what it writes to disk.",
    why: "Snapshots and replication files hold sessions and cached data of customers.",
    severity: "high",
    level: "mandatory",
    standards: [
      "CKV_AWS_29",
      "FSBP ElastiCache.4",
      "AwsSolutions-AEC3",
      "AWS-0045",
      "Prowler elasticache_redis_cluster_rest_encryption_enabled",
    ],
    resources: [
      { types: [GROUP], unknown: "refuse", find: unencryptedAtRest },
      { types: [CLUSTER], unknown: "refuse", find: singleRedis },
    ],
  },
  {
    name: "elasticache-encrypted-in-transit",
    description: "ElastiCache speaks TLS only.",
    why: "Passwords, tokens, and cached data cross the network in plain text otherwise.",
    severity: "high",
    level: "mandatory",
    standards: [
      "CKV_AWS_30",
      "FSBP ElastiCache.5",
      "AwsSolutions-AEC3",
      "AWS-0051",
      "Prowler elasticache_redis_cluster_in_transit_encryption_enabled",
    ],
    resources: [
      {
        types: [GROUP],
        unknown: "refuse",
        find: expects("transitEncryptionEnabled", isTrue, "set transitEncryptionEnabled: true"),
      },
      {
        types: [GROUP],
        unknown: "refuse",
        find: expects("transitEncryptionMode", orAbsent(oneOf("required")), 'set transitEncryptionMode: "required"'),
      },
      {
        types: [CLUSTER],
        unknown: "refuse",
        find: unless(isMember, expects("transitEncryptionEnabled", isTrue, "set transitEncryptionEnabled: true")),
      },
    ],
  },
  {
    name: "elasticache-in-private-subnets",
    description: "ElastiCache stands in subnets that the program chose, and that the internet does not reach.",
    why: "The default group holds every subnet of the default VPC, and they are public.",
    severity: "high",
    level: "mandatory",
    standards: [
      "CKV_AWS_323",
      "FSBP ElastiCache.7",
      "AwsSolutions-AEC1",
      "Prowler elasticache_cluster_uses_public_subnet",
    ],
    resources: [
      {
        types: [GROUP],
        unknown: "defer",
        find: expects("subnetGroupName", own("a group"), "set subnetGroupName to an aws.elasticache.SubnetGroup"),
      },
      {
        types: [CLUSTER],
        unknown: "defer",
        find: unless(
          isMember,
          expects("subnetGroupName", own("a group"), "set subnetGroupName to an aws.elasticache.SubnetGroup"),
        ),
      },
      {
        types: [SERVERLESS],
        unknown: "defer",
        find: expects("subnetIds", isSet, "set subnetIds to private or isolated subnets"),
      },
    ],
    stack: (stack) => inPublicSubnets(stack, [SUBNET_GROUP, SERVERLESS], "subnetIds"),
  },
  {
    name: "elasticache-own-parameter-group",
    description: "ElastiCache has a parameter group of the program.",
    why: "A default group cannot be changed, so that the first change of a parameter would need another group first.",
    severity: "low",
    level: "advisory",
    standards: [],
    resources: [
      {
        types: [GROUP],
        unknown: "defer",
        find: expects(
          "parameterGroupName",
          own("a group"),
          "set parameterGroupName to an aws.elasticache.ParameterGroup",
        ),
      },
    ],
  },
  {
    name: "elasticache-logs-delivered",
    description: "ElastiCache sends its slow log and its engine log to a log group.",
    why: "They are the only trace of which command stalled the cache.",
    severity: "low",
    level: "advisory",
    standards: [],
    resources: [{ types: [GROUP], unknown: "defer", find: missingLogs }],
  },
  {
    name: "elasticache-serverless-bounded",
    description: "A serverless ElastiCache has an upper limit of data and of requests.",
    why: "Without one a loop in the code is paid by the gigabyte and by the request.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [SERVERLESS],
        unknown: "refuse",
        find: expects(
          "cacheUsageLimits.dataStorage.maximum",
          atLeast(1),
          'set cacheUsageLimits.dataStorage: { maximum: 10, unit: "GB" }',
        ),
      },
      {
        types: [SERVERLESS],
        unknown: "refuse",
        find: expects(
          "cacheUsageLimits.ecpuPerSeconds",
          isSet,
          "set cacheUsageLimits.ecpuPerSeconds: [{ maximum: 10000 }]",
        ),
      },
    ],
  },
  {
    name: "elasticache-customer-key",
    description: "A key of the account encrypts what ElastiCache writes to disk.",
    why: "Whoever may use a key of one's own is decided, and logged, apart from who may use the cache.",
    severity: "low",
    level: "advisory",
    standards: ["CKV_AWS_191"],
    resources: [
      { types: [GROUP, SERVERLESS], unknown: "defer", find: expects("kmsKeyId", isSet, "set kmsKeyId to a key's ARN") },
    ],
  },
  {
    name: "elasticache-port-not-default",
    description: "ElastiCache listens on a port other than its engine's own.",
    why: "Scans of well-known ports do not find it then.",
    severity: "low",
    level: "advisory",
    standards: ["AwsSolutions-AEC5"],
    resources: [
      {
        types: [GROUP, CLUSTER],
        unknown: "refuse",
        find: expects(
          "port",
          { is: (value) => isOtherPort(value), expected: "another port" },
          "set port: 6380 or another",
        ),
      },
    ],
  },
];

/** Absent means the engine's own port. */
function isOtherPort(value: Plain): boolean {
  const port = numberOf(value);
  return port !== undefined && port !== 6379 && port !== 11_211;
}
