import type * as pulumi from "@pulumi/pulumi";
import { Alarms } from "../alarms.ts";
import { Costs } from "../costs.ts";
import { DatadogIntegration } from "../datadog-integration.ts";
import { Delivery } from "../delivery.ts";
import type { Images } from "../images.ts";
import { Monitoring } from "../monitoring.ts";
import { Paging } from "../paging.ts";
import { apps, hostOf, type AppName } from "../settings/apps.ts";
import type { SecretName } from "../settings/secrets.ts";
import type { Settings } from "../settings/settings.ts";
import { costAllocationTags } from "../tags.ts";
import type { StackContext } from "./context.ts";
import type { Data } from "./data.ts";
import type { Edge } from "./edge.ts";
import type { Foundation } from "./foundation.ts";
import type { Workload } from "./workload.ts";

export interface Parts extends Foundation, Edge, Data, Workload {
  readonly images: Images;
  readonly clusterName: pulumi.Input<string>;
  readonly boundaryArn: pulumi.Input<string>;
}

export interface Operations {
  readonly monitoring: Monitoring;
  readonly delivery: Delivery;
}

/** Who watches, what it may cost, and who may change it. */
export function operations(context: StackContext, parts: Parts): Operations {
  const { settings, providers, options, adminOptions, name } = context;
  const { accountId, region, recoveryRegion } = settings.aws;
  const { environment, githubRepository } = settings;
  const protect = settings.protection.protectStateful;
  const runbookUrl = runbookUrlOf(settings);
  const check = (app: AppName) => ({ host: hostOf(app, settings.domain), path: apps[app].healthPath });
  const backupVault = parts.backups && { backupVaultName: parts.backups.vaultName };

  const costs = new Costs(
    name("costs"),
    {
      accountId,
      environment,
      monthlyLimitUsd: settings.costs.awsMonthlyLimitUsd,
      alertEmail: settings.alertEmail,
      alertTopicArn: parts.alarmTopic.arn,
      ...(settings.costs.accountWide
        ? {
            account: {
              region,
              billingProvider: providers.usEast1,
              anomalyThresholdUsd: settings.costs.anomalyThresholdUsd,
              exportRetentionDays: settings.costs.exportRetentionDays,
              costAllocationTags: settings.costAllocationTagsBilled ? costAllocationTags : [],
            },
          }
        : { stack: settings.stack }),
      protect,
      tags: { Service: "costs" },
    },
    options,
  );

  new DatadogIntegration(
    name("datadog"),
    {
      accountId,
      site: settings.datadog.site,
      // Bills are measured in us-east-1 alone.
      regions: [...new Set([region, "us-east-1"])],
      tags: context.tags("monitoring"),
      awsTags: { Service: "monitoring" },
    },
    options,
  );
  const monitoring = new Monitoring(
    name("monitoring"),
    {
      environment,
      checks: { api: check("api"), storefront: check("storefront"), admin: check("admin") },
      loadBalancerArnSuffix: parts.loadBalancer.arnSuffix,
      clusterName: parts.clusterName,
      serviceName: parts.service.name,
      databaseClusterName: parts.database.clusterName,
      databaseInstanceSize: settings.database.instanceSize,
      replicationGroupId: parts.cache.replicationGroupId,
      ...backupVault,
      budgetName: costs.budgetName,
      p95Seconds: settings.monitoring.p95Seconds,
      checkIntervalSeconds: settings.monitoring.checkIntervalSeconds,
      checkLocations: [...settings.monitoring.checkLocations],
      runbookUrl,
      pageHandles: [...settings.monitoring.pageHandles],
      noticeHandles: [...settings.monitoring.noticeHandles],
      tags: context.tags("monitoring"),
    },
    options,
  );
  const secretArn = (entry: SecretName) => parts.secrets.arns.apply((arns) => arns[entry] ?? "");
  const paging =
    parts.pagingRole &&
    new Paging(
      name("paging"),
      {
        topicArn: parts.alarmTopic.arn,
        roleName: parts.pagingRole.name,
        roleArn: parts.pagingRole.arn,
        secretArn: secretArn("pagerduty-routing-key"),
        secretKeyArn: parts.secrets.keyArn,
        region,
        logKeyArn: parts.logKeyArn,
        tags: { Service: "monitoring" },
      },
      options,
    );
  new Alarms(
    name("cloudwatch"),
    {
      topicArn: parts.alarmTopic.arn,
      accountId,
      region,
      loadBalancerArnSuffix: parts.loadBalancer.arnSuffix,
      targetGroupArnSuffix: parts.service.targetGroupArnSuffix,
      clusterName: parts.clusterName,
      serviceName: parts.service.name,
      tasksExpected: settings.desiredCount !== 0,
      cacheNodeIds: parts.cache.nodeIds,
      ...(settings.secrets.keyRotationDays !== "never" && {
        rotationFunctionName: parts.secrets.rotationFunctionNames.apply(([first]) => first ?? ""),
      }),
      ...(paging && { unpagedQueueName: paging.unpagedQueueName }),
      certificateArn: parts.certificateArn,
      ...backupVault,
      containerInsights: settings.service.containerInsights !== "disabled",
      runbookUrl,
      tags: { Service: "monitoring" },
    },
    options,
  );

  const delivery = new Delivery(
    name("delivery"),
    {
      accountId,
      region,
      recoveryRegion,
      project: settings.project,
      repository: githubRepository,
      environment,
      boundaryArn: parts.boundaryArn,
      repositoryArn: parts.images.repositoryArn,
      image: settings.delivery.image,
      previews: settings.delivery.previews,
      recordVersionDays: settings.delivery.recordVersionDays,
      protect,
      tags: { Service: "delivery" },
    },
    adminOptions,
  );

  return { monitoring, delivery };
}

/** Where alarms send whoever they wake. */
export function runbookUrlOf({ githubRepository }: Pick<Settings, "githubRepository">): string {
  // Without the ids that newer repositories carry: owner@1/name@2.
  return `https://github.com/${githubRepository.replaceAll(/@\d+/g, "")}/blob/main/docs/runbook.md`;
}
