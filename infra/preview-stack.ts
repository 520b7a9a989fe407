import * as pulumi from "@pulumi/pulumi";
import { runningImage } from "./image.ts";
import { apiImage } from "./settings/api-image.ts";
import { apps, previewHostOf } from "./settings/apps.ts";
import type { Settings } from "./settings/settings.ts";
import { readShared } from "./shared-outputs.ts";
import { previewContext } from "./stack/context.ts";
import { runbookUrlOf } from "./stack/operations.ts";
import { workload } from "./stack/workload.ts";
import { uptimeTests } from "./uptime-check.ts";

/**
 * The API of one branch, on staging's network, load balancer, cluster, database cluster, and cache, with staging's
 * runtime configuration, which it only reads, and its secrets under staging's key.
 *
 * Its own are roles, secrets, a database with its users, a user and a prefix of the cache, tasks, a host, and an uptime
 * check. At most 40 resources (docs/decisions/0016). The outputs are all that a script needs to migrate, to smoke test,
 * and to drop the database before the stack is destroyed: the database itself is no resource.
 */
export function previewStack(
  settings: Settings,
  slug: string,
  stagingStack: string,
): Readonly<Record<string, unknown>> {
  const staging = readShared(new pulumi.StackReference("staging", { name: stagingStack }));
  const context = previewContext(settings, staging.boundaryArn);
  const { options, name } = context;
  const host = previewHostOf(slug, settings.domain);
  // MongoDB takes database names of at most 63 bytes; a slug has at most 30.
  const databaseName = `preview-${slug}`;
  const keyPrefix = `preview-${slug}:`;
  // Holds what is a component of its own in an environment, of a resource or two: there it would be one more.
  const preview = new pulumi.ComponentResource("groundwork:hosting:Preview", name("preview"), {}, options);

  const image = runningImage(
    name("image"),
    {
      repositoryUrl: staging.previewImageRepositoryUrl,
      source: apiImage,
      imageDigest: settings.imageDigest,
      tagPrefix: `${settings.stack}-`,
    },
    preview,
  );
  const api = workload(
    context,
    { ...staging, imageRepositoryArn: staging.previewImageRepositoryArn, image },
    {
      host,
      databaseName,
      keyPrefix,
      borrowed: {
        secretsKeyArn: staging.secretsKeyArn,
        runtimeConfig: {
          applicationId: staging.runtimeConfigApplicationId,
          environmentId: staging.runtimeConfigEnvironmentId,
          profileId: staging.runtimeConfigProfileId,
          configurationArn: staging.runtimeConfigArn,
        },
        parent: preview,
      },
    },
  );
  uptimeTests(
    name("uptime"),
    {
      check: "api",
      host,
      path: apps.api.healthPath,
      certificate: false,
      intervalSeconds: settings.monitoring.checkIntervalSeconds,
      ...(settings.service.hours !== "always" && { hours: settings.service.hours }),
      locations: [...settings.monitoring.checkLocations],
      runbookUrl: runbookUrlOf(settings),
      pageHandles: [...settings.monitoring.pageHandles],
      tags: context.tags("monitoring"),
    },
    preview,
  );

  return {
    environment: settings.environment,
    apiUrl: `https://${host}`,
    image,
    databaseName,
    keyPrefix,
    clusterName: staging.clusterName,
    privateSubnetIds: staging.privateSubnetIds,
    serviceSecurityGroupId: staging.serviceSecurityGroupId,
    serviceName: api.service.name,
    migrationTaskDefinitionArn: api.service.migrationTaskDefinitionArn,
    logGroupName: api.service.logGroupName,
    secretArns: api.secrets.arns,
    ...(settings.expiresAt !== undefined && { expiresAt: settings.expiresAt }),
  };
}
