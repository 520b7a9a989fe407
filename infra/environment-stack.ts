import type * as pulumi from "@pulumi/pulumi";
import { EncryptionKey, logsMayEncrypt } from "./encryption-key.ts";
import { Media } from "./media.ts";
import { qualifiedName } from "./naming.ts";
import { Network } from "./network.ts";
import { createProviders } from "./providers.ts";
import { Secrets } from "./secrets.ts";
import { secretsOf } from "./settings/secrets.ts";
import type { Settings } from "./settings/settings.ts";

/**
 * Staging or production, from top to bottom. What differs between them stands in settings/environments.ts.
 * Gives what people, scripts, and previews may rely on.
 */
export function environmentStack(settings: Settings): Record<string, unknown> {
  const { accountId, region } = settings.aws;
  const name = (area: string) => qualifiedName(settings, area);
  const options: pulumi.ComponentResourceOptions = { providers: createProviders(settings).all };

  // Encrypts every log group of the stack.
  const logKey = new EncryptionKey(
    name("logs"),
    {
      description: "Log groups of this stack",
      accountId,
      serviceStatements: [logsMayEncrypt(region, accountId, `/${qualifiedName(settings, "")}`)],
      deletionWindowDays: settings.secrets.keyDeletionWindowDays,
      tags: { Service: "logs" },
    },
    options,
  );

  const network = new Network(
    name("network"),
    {
      cidr: settings.network.cidr,
      availabilityZones: settings.network.availabilityZones,
      natGateways: settings.network.natGateways,
      region,
      accountId,
      logKeyArn: logKey.arn,
      flowLogRetentionDays: settings.network.flowLogRetentionDays,
      tags: { Service: "network" },
    },
    options,
  );

  const secrets = new Secrets(
    name("secrets"),
    {
      entries: secretsOf(settings.environment),
      accountId,
      recoveryWindowDays: settings.secrets.recoveryWindowDays,
      keyDeletionWindowDays: settings.secrets.keyDeletionWindowDays,
      tags: { Service: "secrets" },
    },
    options,
  );

  const media = new Media(
    name("media"),
    {
      allowedOrigins: [...settings.media.allowedOrigins],
      noncurrentVersionDays: settings.media.noncurrentVersionDays,
      cacheSeconds: settings.media.cacheSeconds,
      deleteObjectsWithBucket: settings.media.deleteObjectsWithBucket,
      tags: { Service: "media" },
    },
    options,
  );

  return {
    environment: settings.environment,
    vpcId: network.vpcId,
    publicSubnetIds: network.publicSubnetIds,
    privateSubnetIds: network.privateSubnetIds,
    isolatedSubnetIds: network.isolatedSubnetIds,
    logKeyArn: logKey.arn,
    secretArns: secrets.arns,
    mediaBucket: media.bucketName,
    mediaHost: media.domainName,
  };
}
