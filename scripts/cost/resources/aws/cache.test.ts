import { UNKNOWN } from "../../../sandbox/values/value.ts";
import { type Given, itCosts } from "../world.cases.ts";

const group = (inputs: Given["inputs"]): Given => ({
  type: "aws:elasticache/replicationGroup:ReplicationGroup",
  inputs,
});

describe("ElastiCache", () => {
  itCosts([
    {
      what: "charges every node by engine and type",
      given: group({ engine: "valkey", nodeType: "cache.t4g.micro", numCacheClusters: 2 }),
      lines: ["elasticache-valkey-t4g-micro 1460"],
    },
    {
      what: "is Redis, on one node, where nothing is said",
      given: group({ nodeType: "cache.m7g.large" }),
      lines: ["elasticache-redis-m7g-large 730"],
    },
    {
      what: "counts each shard with its replicas",
      given: group({ engine: "valkey", nodeType: "cache.r7g.large", numNodeGroups: 3, replicasPerNodeGroup: 1 }),
      lines: ["elasticache-valkey-r7g-large 4380"],
    },
    {
      what: "is a line of 0 for no node",
      given: group({ engine: "valkey", nodeType: "cache.t4g.micro", numCacheClusters: 0 }),
      lines: ["elasticache-valkey-t4g-micro 0"],
    },
    {
      what: "charges snapshots where it keeps some",
      given: group({ engine: "valkey", nodeType: "cache.t4g.micro", numCacheClusters: 1, snapshotRetentionLimit: 7 }),
      lines: ["elasticache-valkey-t4g-micro 730", "elasticache-backup 100..1000..10000 ~"],
    },
    {
      what: "gives a span where engine, type, and number are not known yet",
      given: group({ engine: UNKNOWN, nodeType: UNKNOWN, numCacheClusters: UNKNOWN }),
      lines: ["elasticache-valkey-t4g-micro 730..1460..4380 ~"],
      says: /engine \(Valkey is assumed\), node type \(cache\.t4g\.micro is assumed\), number of nodes/,
    },
    {
      what: "counts the member of a group once",
      given: { type: "aws:elasticache/cluster:Cluster", inputs: { replicationGroupId: "group" } },
      lines: ["free: Counted in its replication group"],
    },
    {
      what: "does not price serverless caches",
      given: { type: "aws:elasticache/serverlessCache:ServerlessCache" },
      lines: ["not priced: Serverless caches"],
    },
  ]);
});
