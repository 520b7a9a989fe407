import { outOfSupport, type Lifecycle } from "../../support/data/lifecycle.ts";
import {
  atLeast,
  described,
  elements,
  expects,
  expectsAsked,
  isNotTrue,
  isSet,
  isTrue,
  numberOf,
  orAbsent,
  unless,
} from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { Unknown, isMap } from "../../support/unknown.ts";
import { isMember, isMemcached } from "./elasticache.ts";

const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const CLUSTER = "aws:elasticache/cluster:Cluster";
const SERVERLESS = "aws:elasticache/serverlessCache:ServerlessCache";
const PARAMETER_GROUP = "aws:elasticache/parameterGroup:ParameterGroup";

const REDIS: Lifecycle = { "3": "2023-07-31", "4": "2026-01-31", "5": "2026-01-31", "6": "2027-01-31" };
const LIFECYCLE_SOURCE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html";

/** Versions of Redis OSS whose extended support costs extra. Valkey has no such date yet. */
const oldEngine =
  (path: string) =>
  ({ props }: Resource): readonly Finding[] => {
    const engine = props["engine"] ?? "redis";
    const findings = outOfSupport({ property: path, value: props[path] }, REDIS, LIFECYCLE_SOURCE);
    if (findings.length === 0 || engine === "redis") return findings;
    return engine instanceof Unknown ? [{ property: "engine", unknown: engine }] : [];
  };

const kept = unless(
  (resource) => isMemcached(resource) || isMember(resource),
  expectsAsked("days", "snapshotRetentionLimit", atLeast),
);

/** Parameters of the engine that leave no room for snapshots and failovers. */
function noRoom({ props }: Resource): readonly Finding[] {
  return elements({ property: "parameters", value: props["parameters"] }).flatMap(
    ({ property, value }): readonly Finding[] => {
      if (value instanceof Unknown) return [{ property, unknown: value }];
      if (!isMap(value) || value["name"] !== "reserved-memory-percent") return [];
      const percent = value["value"];
      const place = `${property}.value`;
      if (percent instanceof Unknown) return [{ property: place, unknown: percent }];
      if ((numberOf(percent) ?? 0) >= 25) return [];
      return [
        { property: place, wrong: `${described(percent)}, and must be at least 25`, fix: `set ${place} to "25"` },
      ];
    },
  );
}

export const rules: readonly Rule[] = [
  {
    name: "elasticache-multi-az",
    description: "ElastiCache has a replica in another zone, which takes over by itself.",
    why: "With one node the loss of a zone takes all sessions, and the API, with it.",
    severity: "medium",
    level: "mandatory",
    standards: [
      "CKV2_AWS_50",
      "FSBP ElastiCache.3",
      "AwsSolutions-AEC4",
      "Prowler elasticache_redis_cluster_multi_az_enabled",
      "Prowler elasticache_redis_cluster_automatic_failover_enabled",
    ],
    resources: [
      { types: [GROUP], unknown: "refuse", find: expects("multiAzEnabled", isTrue, "set multiAzEnabled: true") },
      {
        types: [GROUP],
        unknown: "refuse",
        find: expects("automaticFailoverEnabled", isTrue, "set automaticFailoverEnabled: true, with a replica"),
      },
    ],
  },
  {
    name: "elasticache-snapshots-kept",
    description: "ElastiCache keeps daily snapshots for as many days as the environment asks.",
    why: "Without one a flush or a bad release cannot be undone.",
    severity: "medium",
    level: "mandatory",
    standards: [
      "CKV_AWS_134",
      "FSBP ElastiCache.1",
      "cdk-nag ElastiCacheRedisClusterAutomaticBackup",
      "AWS-0050",
      "Prowler elasticache_redis_cluster_backup_enabled",
    ],
    settings: { days: { type: "number", description: "Days for which a snapshot is kept at least.", default: 7 } },
    resources: [{ types: [GROUP, CLUSTER, SERVERLESS], unknown: "refuse", find: kept }],
  },
  {
    name: "elasticache-final-snapshot",
    description: "ElastiCache takes a last snapshot before it is deleted.",
    why: "A replacement by mistake would lose everything since the last daily one.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [GROUP],
        unknown: "defer",
        find: expects("finalSnapshotIdentifier", isSet, "set finalSnapshotIdentifier to a name of its own"),
      },
    ],
  },
  {
    name: "elasticache-changes-in-window",
    description: "Changes of ElastiCache wait for the maintenance window.",
    why: "At once they can restart nodes and cut connections at the busiest hour.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [
      {
        types: [GROUP, CLUSTER],
        unknown: "refuse",
        find: expects("applyImmediately", isNotTrue, "set applyImmediately: false"),
      },
    ],
  },
  {
    name: "elasticache-minor-upgrades",
    description: "ElastiCache takes minor versions by itself.",
    why: "They carry the fixes of known holes.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_322", "FSBP ElastiCache.2", "Prowler elasticache_redis_cluster_auto_minor_version_upgrades"],
    resources: [
      {
        types: [GROUP, CLUSTER],
        unknown: "refuse",
        find: expects("autoMinorVersionUpgrade", orAbsent(isTrue), "set autoMinorVersionUpgrade: true, or remove it"),
      },
    ],
    remedy: ({ type, props }) =>
      [GROUP, CLUSTER].includes(type) && props["autoMinorVersionUpgrade"] === false
        ? [{ path: ["autoMinorVersionUpgrade"], value: true }]
        : [],
  },
  {
    name: "elasticache-engine-supported",
    description: "ElastiCache runs a version in standard support.",
    why: "Extended support costs from 80 % of the node's price more, and afterwards AWS upgrades on its own day.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [
      { types: [GROUP, CLUSTER], unknown: "refuse", find: oldEngine("engineVersion") },
      { types: [SERVERLESS], unknown: "refuse", find: oldEngine("majorEngineVersion") },
    ],
  },
  {
    name: "elasticache-memory-reserved",
    description: "ElastiCache parameter groups reserve a quarter of the memory.",
    why: "Without it snapshots and failovers swap, and slow the cache down until clients time out.",
    severity: "low",
    level: "mandatory",
    standards: [],
    resources: [{ types: [PARAMETER_GROUP], unknown: "refuse", find: noRoom }],
  },
];
