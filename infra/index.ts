import type * as pulumi from "@pulumi/pulumi";
import { EncryptionKey, logsMayEncrypt } from "./encryption-key.ts";
import { Media } from "./media.ts";
import { qualifiedName } from "./naming.ts";
import { Network } from "./network.ts";
import { createProviders } from "./providers.ts";
import { Secrets } from "./secrets.ts";
import { loadSettings } from "./settings/config.ts";
import { secretsOf } from "./settings/secrets.ts";

// One stack, from top to bottom. What differs between environments stands in settings/environments.ts.

const settings = loadSettings();
const { accountId, region } = settings.aws;
const name = (area: string) => qualifiedName(settings, area);
const options: pulumi.ComponentResourceOptions = { providers: createProviders(settings) };

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

// What people, scripts, and other stacks may rely on.
export const environment: string = settings.environment;
export const vpcId: pulumi.Output<string> = network.vpcId;
export const publicSubnetIds: pulumi.Output<string[]> = network.publicSubnetIds;
export const privateSubnetIds: pulumi.Output<string[]> = network.privateSubnetIds;
export const isolatedSubnetIds: pulumi.Output<string[]> = network.isolatedSubnetIds;
export const logKeyArn: pulumi.Output<string> = logKey.arn;
export const secretArns: pulumi.Output<Record<string, string>> = secrets.arns;
export const mediaBucket: pulumi.Output<string> = media.bucketName;
export const mediaHost: pulumi.Output<string> = media.domainName;
