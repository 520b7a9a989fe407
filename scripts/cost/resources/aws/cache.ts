import { type Amount, amount } from "../../money.ts";
import { between, exactly, type Range, times } from "../../range.ts";
import {
  type CostResource,
  type Entries,
  free,
  hoursPerMonth,
  notPriced,
  type Part,
  priced,
  type World,
} from "../entry.ts";
import { amountOf, isUnknown, type Known, textOf, valueOf } from "../read.ts";
import { shareAmong } from "../share.ts";

const setting = free("Charged with the cache.");

/** Amazon ElastiCache. */
export const cache: Entries = {
  "aws:elasticache/replicationGroup:ReplicationGroup": priced((group, world) =>
    cacheParts(group, nodesOf(group), "redis", world),
  ),
  "aws:elasticache/cluster:Cluster": priced((cluster, world) => {
    // A member of a replication group is counted there.
    if ((valueOf(cluster, "replicationGroupId") ?? "") !== "") return [{ free: "Counted in its replication group." }];
    return cacheParts(cluster, knownRange(amountOf(cluster, "numCacheNodes", 1)), "redis", world);
  }),
  "aws:elasticache/serverlessCache:ServerlessCache": notPriced("Serverless caches are not in prices.csv."),
  "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": notPriced(
    "Data that is copied between regions is not assumed.",
  ),
  "aws:elasticache/parameterGroup:ParameterGroup": setting,
  "aws:elasticache/subnetGroup:SubnetGroup": setting,
  "aws:elasticache/user:User": setting,
  "aws:elasticache/userGroup:UserGroup": setting,
  "aws:elasticache/userGroupAssociation:UserGroupAssociation": setting,
};

/** The fewest, a pair, and a pair for each of three shards. */
const anyNodes = between(1, 2, 6);
const anyNodeType = "cache.t4g.micro";

function cacheParts(one: CostResource, nodes: Range, engineByDefault: string, world: World): readonly Part[] {
  const engine = textOf(one, "engine", engineByDefault);
  const nodeType = textOf(one, "nodeType", anyNodeType);
  const unread = [
    isUnknown(engine) ? "engine (Valkey is assumed)" : undefined,
    isUnknown(nodeType) ? `node type (${anyNodeType} is assumed)` : undefined,
    nodes.low.equals(nodes.high) ? undefined : "number of nodes",
  ].filter((each) => each !== undefined);
  const name = isUnknown(engine) ? "valkey" : engine;
  const type = isUnknown(nodeType) ? anyNodeType : nodeType;
  const running: Part = {
    price: `elasticache-${name}-${type.replace(/^cache\./, "").replaceAll(".", "-")}`,
    ifNoPrice: `The price of ${type} with ${name} is not in prices.csv.`,
    quantity: times(nodes, hoursPerMonth),
    property: "nodeType",
    ...(unread.length > 0 && { assumption: `Its ${unread.join(", ")} cannot be read yet.` }),
  };
  const kept = amountOf(one, "snapshotRetentionLimit", 0);
  const keeps = isUnknown(kept) || !kept.isZero();
  return keeps
    ? [
        running,
        {
          price: "elasticache-backup",
          property: "snapshotRetentionLimit",
          ...shareAmong(world.usage.cacheBackupGb, one, world),
        },
      ]
    : [running];
}

/** Nodes stand in `numCacheClusters`, or are those of each shard with its replicas. */
function nodesOf(group: CostResource): Range {
  const shards = amountOf(group, "numNodeGroups", 0);
  const clusters = amountOf(group, "numCacheClusters", 1);
  if (valueOf(group, "numNodeGroups") === undefined || (!isUnknown(shards) && shards.isZero()))
    return knownRange(clusters);
  const replicas = amountOf(group, "replicasPerNodeGroup", 0);
  if (group.inputs["numCacheClusters"] !== undefined) return knownRange(clusters);
  return isUnknown(shards) || isUnknown(replicas) ? anyNodes : exactly(shards.times(replicas.plus(amount(1))));
}

const knownRange = (nodes: Known<Amount>): Range => (isUnknown(nodes) ? anyNodes : exactly(nodes));
