import * as pulumi from "@pulumi/pulumi";
import { Image } from "./image.ts";
import { apiImage } from "./settings/api-image.ts";
import { apps, previewHostOf } from "./settings/apps.ts";
import type { Settings } from "./settings/settings.ts";
import { readShared } from "./shared-outputs.ts";
import { stackContext } from "./stack/context.ts";
import { runbookUrlOf } from "./stack/operations.ts";
import { workload } from "./stack/workload.ts";
import { UptimeCheck } from "./uptime-check.ts";

/**
 * The API of one branch, on staging's network, load balancer, cluster, database cluster, and cache. Its own are roles,
 * secrets, a database with its users, a user and a prefix of the cache, configuration, tasks, and an uptime check.
 */
export function previewStack(
  settings: Settings,
  slug: string,
  stagingStack: string,
): Readonly<Record<string, unknown>> {
  const staging = readShared(new pulumi.StackReference("staging", { name: stagingStack }));
  const context = stackContext(settings, staging.boundaryArn);
  const { options, name } = context;
  const host = previewHostOf(slug, settings.domain);

  const image = new Image(
    name("image"),
    {
      repositoryUrl: staging.imageRepositoryUrl,
      source: apiImage,
      imageDigest: settings.imageDigest,
      tagPrefix: `${settings.stack}-`,
    },
    options,
  );
  const api = workload(
    context,
    { ...staging, image: image.reference },
    // MongoDB takes database names of at most 63 bytes; a slug has at most 30.
    { host, databaseName: `preview-${slug}`, keyPrefix: `preview-${slug}:` },
  );
  new UptimeCheck(
    name("uptime"),
    {
      check: "api",
      host,
      path: apps.api.healthPath,
      certificate: false,
      intervalSeconds: settings.monitoring.checkIntervalSeconds,
      locations: [...settings.monitoring.checkLocations],
      runbookUrl: runbookUrlOf(settings),
      pageHandles: [...settings.monitoring.pageHandles],
      tags: context.tags("monitoring"),
    },
    options,
  );

  return {
    environment: settings.environment,
    apiUrl: `https://${host}`,
    databaseName: `preview-${slug}`,
    serviceName: api.service.name,
    migrationTaskDefinitionArn: api.service.migrationTaskDefinitionArn,
    logGroupName: api.service.logGroupName,
    secretArns: api.secrets.arns,
  };
}
