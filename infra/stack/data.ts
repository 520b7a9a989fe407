import * as datadog from "@pulumi/datadog";
import { Backups } from "../backups.ts";
import { Cache } from "../cache.ts";
import { Database } from "../database.ts";
import { DatabaseLogs } from "../database-logs.ts";
import { Media } from "../media.ts";
import { mediaHostOf, pageOrigins } from "../settings/apps.ts";
import type { StackContext } from "./context.ts";
import type { Foundation } from "./foundation.ts";

export interface Data {
  readonly database: Database;
  readonly cache: Cache;
  readonly media: Media;
  /** Undefined where nothing is backed up. */
  readonly backups: Backups | undefined;
}

/** What holds customers' data, and what can bring it back. */
export function data(
  { settings, providers, options, name, tags }: StackContext,
  { network, securityGroups, logKeyArn, alarmTopic }: Foundation,
): Data {
  const { accountId, region, recoveryRegion } = settings.aws;
  const protect = settings.protection.protectStateful;

  // Atlas speaks to Datadog with a key of its own, so that either can be cut off alone.
  const datadogKey = new datadog.ApiKey(name("database"), { name: name("database") }, { provider: providers.datadog });
  const database = new Database(
    name("database"),
    {
      organizationId: settings.atlas.organizationId,
      region,
      recoveryRegion,
      vpcId: network.vpcId,
      subnetIds:
        settings.database.privateEndpoint === "OnePerAz"
          ? network.privateSubnetIds
          : [network.privateSubnetIds.apply(([first = ""]) => first)],
      securityGroupId: securityGroups.databaseId,
      instanceSize: settings.database.instanceSize,
      maxInstanceSize: settings.database.maxInstanceSize,
      snapshotRetentionDays: settings.database.snapshotRetentionDays,
      restoreWindowDays: settings.database.restoreWindowDays,
      copySnapshots: settings.database.copySnapshots,
      maintenanceDay: settings.database.maintenanceDay,
      deferMaintenance: settings.database.deferMaintenance,
      terminationProtection: protect,
      protect,
      alertEmail: settings.alertEmail,
      datadogApiKey: datadogKey.key,
      datadogSite: settings.datadog.site,
      tags: tags("database"),
    },
    options,
  );
  if (settings.database.exportLogs)
    new DatabaseLogs(
      name("database-logs"),
      {
        projectId: database.projectId,
        retentionDays: settings.database.logRetentionDays,
        protect,
        tags: { Service: "database" },
      },
      options,
    );

  const cache = new Cache(
    name("cache"),
    {
      subnetIds: network.isolatedSubnetIds,
      securityGroupId: securityGroups.cacheId,
      logKeyArn,
      engine: settings.cache.engine,
      nodeType: settings.cache.nodeType,
      replicas: settings.cache.replicas,
      evictionPolicy: settings.cache.evictionPolicy,
      snapshotRetentionDays: settings.cache.snapshotRetentionDays,
      finalSnapshot: settings.cache.finalSnapshot,
      applyImmediately: settings.cache.applyImmediately,
      logRetentionDays: settings.cache.logRetentionDays,
      protect,
      tags: { Service: "cache" },
    },
    options,
  );

  const media = new Media(
    name("media"),
    {
      domain: {
        host: mediaHostOf(settings.domain),
        zoneId: settings.cloudflare.zoneId,
        awsProvider: providers.usEast1,
      },
      allowedOrigins: pageOrigins(settings.domain, settings.media.localOrigins),
      noncurrentVersionDays: settings.media.noncurrentVersionDays,
      cacheSeconds: settings.media.cacheSeconds,
      deleteObjectsWithBucket: settings.media.deleteObjectsWithBucket,
      protect,
      tags: { Service: "media" },
    },
    options,
  );

  const backups = settings.backups.enabled
    ? new Backups(
        name("backups"),
        {
          bucketArn: media.bucketArn,
          accountId,
          retentionDays: settings.backups.retentionDays,
          continuous: settings.backups.continuous,
          ...(settings.backups.copyToRecoveryRegion && { recoveryProvider: providers.recovery }),
          topicArn: alarmTopic.arn,
          keyDeletionWindowDays: settings.protection.keyDeletionWindowDays,
          protect,
          tags: { Service: "media" },
        },
        options,
      )
    : undefined;

  return { database, cache, media, backups };
}
