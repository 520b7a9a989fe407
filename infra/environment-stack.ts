import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "./cluster.ts";
import { Image } from "./image.ts";
import { Images } from "./images.ts";
import { hostOf } from "./settings/apps.ts";
import { apiImage } from "./settings/api-image.ts";
import type { Settings } from "./settings/settings.ts";
import type { SharedOutputInputs } from "./shared-outputs.ts";
import { stackContext } from "./stack/context.ts";
import { data } from "./stack/data.ts";
import { edge } from "./stack/edge.ts";
import { foundation } from "./stack/foundation.ts";
import { operations } from "./stack/operations.ts";
import { type Ground, workload } from "./stack/workload.ts";

/**
 * Staging or production, from top to bottom. What differs between them stands in settings/environments.ts.
 * Gives what people and scripts may rely on, and what previews borrow.
 */
export function environmentStack(settings: Settings): Readonly<Record<string, unknown>> {
  const context = stackContext(settings);
  const { options, name, boundaryArn } = context;

  const base = foundation(context);
  const front = edge(context, base);
  const stores = data(context, base);

  const images = new Images(
    name("images"),
    {
      keep: settings.images.keep,
      deleteImagesWithRepository: settings.images.deleteImagesWithRepository,
      protect: settings.protection.protectStateful,
      tags: { Service: "api" },
    },
    options,
  );
  // Production has no previews, and so nobody who asks for theirs.
  const previewImages = settings.delivery.previews
    ? new Images(
        name("preview-images"),
        { keep: settings.images.keep, deleteImagesWithRepository: true, protect: false, tags: { Service: "api" } },
        options,
      )
    : images;
  const image = new Image(
    name("image"),
    { repositoryUrl: images.repositoryUrl, source: apiImage, imageDigest: settings.imageDigest },
    options,
  );
  const cluster = new Cluster(
    name("cluster"),
    { containerInsights: settings.service.containerInsights, tags: { Service: "api" } },
    options,
  );

  const { network, securityGroups, logKeyArn, alarmTopic, pagingRole } = base;
  const { loadBalancer } = front;
  const { database, cache, media } = stores;
  const ground: Ground = {
    vpcId: network.vpcId,
    privateSubnetIds: network.privateSubnetIds,
    serviceSecurityGroupId: securityGroups.serviceId,
    httpsListenerArn: loadBalancer.httpsListenerArn,
    loadBalancerDnsName: loadBalancer.dnsName,
    loadBalancerArnSuffix: loadBalancer.arnSuffix,
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    databaseProjectId: database.projectId,
    databaseClusterName: database.clusterName,
    databaseConnectionString: database.connectionString,
    cacheHost: cache.host,
    cachePort: cache.port,
    cacheReplicationGroupId: cache.replicationGroupId,
    cacheReplicationGroupArn: cache.replicationGroupArn,
    cacheUserGroupId: cache.userGroupId,
    logKeyArn,
    mediaBucket: media.bucketName,
    mediaBucketArn: media.bucketArn,
    imageRepositoryArn: images.repositoryArn,
    image: image.reference,
  };
  const api = workload(context, ground, {
    host: hostOf("api", settings.domain),
    databaseName: "api",
    keyPrefix: "api:",
    ...(settings.secrets.replicated && {
      secretReplica: { region: settings.aws.recoveryRegion, provider: context.providers.recovery },
    }),
    alarmTopicArn: alarmTopic.arn,
    ...(settings.sites.previewsReachApi && { previewPages: [front.storefront.previewUrl, front.admin.previewUrl] }),
    ...(pagingRole && { pagingRoleArn: pagingRole.arn }),
  });

  const { monitoring, delivery } = operations(context, {
    ...base,
    ...front,
    ...stores,
    ...api,
    images,
    clusterName: cluster.name,
    boundaryArn,
  });

  const { image: running, imageRepositoryArn: _own, ...shared } = ground;
  const forPreviews: SharedOutputInputs = {
    ...shared,
    certificateArn: front.certificateArn,
    zoneId: settings.cloudflare.zoneId,
    // Narrower than the environment's own, where there are previews.
    boundaryArn: delivery.previewBoundaryArn ?? boundaryArn,
    previewImageRepositoryUrl: previewImages.repositoryUrl,
    previewImageRepositoryArn: previewImages.repositoryArn,
    secretsKeyArn: api.secrets.keyArn,
    runtimeConfigApplicationId: api.runtimeConfig.applicationId,
    runtimeConfigEnvironmentId: api.runtimeConfig.environmentId,
    runtimeConfigProfileId: api.runtimeConfig.profileId,
    runtimeConfigArn: api.runtimeConfig.configurationArn,
  };
  return {
    ...forPreviews,
    imageRepositoryUrl: images.repositoryUrl,
    environment: settings.environment,
    apiUrl: `https://${hostOf("api", settings.domain)}`,
    storefrontUrl: front.storefront.url,
    adminUrl: front.admin.url,
    mediaHost: media.domainName,
    image: running,
    serviceName: api.service.name,
    migrationTaskDefinitionArn: api.service.migrationTaskDefinitionArn,
    logGroupName: api.service.logGroupName,
    secretArns: api.secrets.arns,
    dashboardUrl: pulumi.interpolate`${datadogAppOf(settings.datadog.site)}${monitoring.dashboardUrl}`,
    deployRoleArn: delivery.deployRoleArn,
    readRoleArn: delivery.readRoleArn,
    ...(delivery.previewRoleArn && { previewRoleArn: delivery.previewRoleArn }),
    ...(delivery.imageRoleArn && { imageRoleArn: delivery.imageRoleArn }),
    releaseBucket: delivery.releaseBucketName,
    dsRecord: front.dsRecord,
  };
}

/** Where people look at Datadog: sites with a host of their own have no `app`. */
function datadogAppOf(site: string): string {
  return `https://${site.split(".").length === 2 ? "app." : ""}${site}`;
}
