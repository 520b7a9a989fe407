import type { Sent } from "../analyzer.ts";

/* Caches in which nothing is wrong, as an engine sends them. */

/** A replication group in which nothing is wrong. */
export const SOUND = {
  replicationGroupId: "cache",
  engine: "valkey",
  engineVersion: "8.2",
  atRestEncryptionEnabled: true,
  transitEncryptionEnabled: true,
  transitEncryptionMode: "required",
  userGroupIds: ["users"],
  multiAzEnabled: true,
  automaticFailoverEnabled: true,
  snapshotRetentionLimit: 7,
  finalSnapshotIdentifier: "cache-final",
  autoMinorVersionUpgrade: true,
  applyImmediately: false,
  subnetGroupName: "cache-isolated",
  parameterGroupName: "cache-valkey",
  port: 6380,
  kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d",
  logDeliveryConfigurations: [
    { logType: "slow-log", destination: "/cache/slow-log", destinationType: "cloudwatch-logs", logFormat: "json" },
    { logType: "engine-log", destination: "/cache/engine-log", destinationType: "cloudwatch-logs", logFormat: "json" },
  ],
};

const { engine: _engine, ...UNNAMED } = SOUND;

export const group = (props: Sent["props"] = {}): Sent => ({
  type: "aws:elasticache/replicationGroup:ReplicationGroup",
  props: { ...SOUND, ...props },
});
/** Without an engine it is Redis. */
export const redis = (props: Sent["props"] = {}): Sent => ({
  type: "aws:elasticache/replicationGroup:ReplicationGroup",
  props: { ...UNNAMED, engineVersion: "7.1", ...props },
});
export const cluster = (props: Sent["props"]): Sent => ({ type: "aws:elasticache/cluster:Cluster", props });
export const memcached = cluster({
  engine: "memcached",
  engineVersion: "1.6.22",
  transitEncryptionEnabled: true,
  subnetGroupName: "cache-isolated",
  port: 11300,
});
export const member = cluster({ replicationGroupId: "cache" });
export const serverless = (props: Sent["props"] = {}): Sent => ({
  type: "aws:elasticache/serverlessCache:ServerlessCache",
  props: {
    engine: "valkey",
    majorEngineVersion: "8",
    userGroupId: "users",
    subnetIds: ["subnet-0a", "subnet-0b"],
    snapshotRetentionLimit: 7,
    kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d",
    cacheUsageLimits: { dataStorage: { maximum: 10, unit: "GB" }, ecpuPerSeconds: [{ maximum: 5000 }] },
    ...props,
  },
});
