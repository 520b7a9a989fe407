import * as pulumi from "@pulumi/pulumi";
import { contract } from "../../api/src/environment.ts";
import { defaultRuntimeConfig, runtimeConfigJsonSchema } from "../../api/src/runtime-config.ts";
import { type DeployedConfig, RuntimeConfig } from "../runtime-config.ts";
import { type SecretReplica, Secrets } from "../secrets.ts";
import { Service } from "../service.ts";
import { pageOrigins } from "../settings/apps.ts";
import { readersOf, type SecretName, secretsOf } from "../settings/secrets.ts";
import { workloadEnvironment } from "../service/environment.ts";
import type { BaseContext } from "./context.ts";
import { inComponents, inOne } from "./holding.ts";

/** What the workload stands on. A preview is given staging's. */
export interface Ground {
  readonly vpcId: pulumi.Input<string>;
  readonly privateSubnetIds: pulumi.Input<string[]>;
  readonly serviceSecurityGroupId: pulumi.Input<string>;
  readonly httpsListenerArn: pulumi.Input<string>;
  readonly loadBalancerDnsName: pulumi.Input<string>;
  readonly loadBalancerArnSuffix: pulumi.Input<string>;
  readonly clusterArn: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
  readonly databaseProjectId: pulumi.Input<string>;
  readonly databaseClusterName: pulumi.Input<string>;
  readonly databaseConnectionString: pulumi.Input<string>;
  readonly cacheHost: pulumi.Input<string>;
  readonly cachePort: pulumi.Input<number>;
  readonly cacheReplicationGroupId: pulumi.Input<string>;
  readonly cacheReplicationGroupArn: pulumi.Input<string>;
  readonly cacheUserGroupId: pulumi.Input<string>;
  readonly logKeyArn: pulumi.Input<string>;
  readonly mediaBucket: pulumi.Input<string>;
  readonly mediaBucketArn: pulumi.Input<string>;
  readonly image: pulumi.Input<string>;
  readonly imageRepositoryArn: pulumi.Input<string>;
}

export interface WorkloadOptions {
  /** Where the API is found. */
  readonly host: string;
  /** Its database inside the cluster. */
  readonly databaseName: string;
  /** What its keys in the cache begin with; ends with a colon. */
  readonly keyPrefix: string;
  /** Copies of the secrets. */
  readonly secretReplica?: SecretReplica;
  readonly alarmTopicArn?: pulumi.Input<string>;
  /** Reads PagerDuty's routing key. */
  readonly pagingRoleArn?: pulumi.Input<string>;
  /** Pages of branches that may call the API: `https://*.example.pages.dev`. Default: none. */
  readonly previewPages?: readonly pulumi.Input<string>[];
  /** Default: all of it is its own, each part in a component. */
  readonly borrowed?: Borrowed;
}

/** What a preview has less of its own than an environment. */
export interface Borrowed {
  /** Encrypts the secrets. */
  readonly secretsKeyArn: pulumi.Input<string>;
  /** The configuration that is read at run time. */
  readonly runtimeConfig: DeployedConfig;
  /** Holds what is a component of its own in an environment. */
  readonly parent: pulumi.Resource;
}

export interface Workload {
  readonly service: Service;
  readonly secrets: Secrets;
  readonly runtimeConfig: DeployedConfig;
}

/** The API with all that is its own: roles, secrets, a database and its users, a cache user, configuration, tasks. */
export function workload(context: BaseContext, ground: Ground, own: WorkloadOptions): Workload {
  const { settings, options, name } = context;
  const { accountId, region } = settings.aws;
  const tags = { Service: "api" };

  const { borrowed } = own;
  const held = borrowed === undefined ? inComponents(options) : inOne(borrowed.parent);

  const roles = held.roles(name("roles"), { accountId, region, tags });

  const entries = secretsOf(settings.environment, settings);
  const { keyRotationDays } = settings.secrets;
  const secrets = new Secrets(
    name("secrets"),
    {
      entries,
      readers: readersOf(entries, {
        execution: roles.executionRole.apply(({ arn }) => arn),
        task: roles.taskRole.apply(({ arn }) => arn),
        ...(own.pagingRoleArn !== undefined && { paging: own.pagingRoleArn }),
      }),
      accountId,
      region,
      ...(keyRotationDays !== "never" && {
        rotation: {
          days: keyRotationDays,
          logKeyArn: ground.logKeyArn,
          logRetentionDays: settings.secrets.rotationLogRetentionDays,
        },
      }),
      ...(own.secretReplica && { replica: own.secretReplica }),
      ...(borrowed && { sharedKeyArn: borrowed.secretsKeyArn }),
      recoveryWindowDays: settings.secrets.recoveryWindowDays,
      keyDeletionWindowDays: settings.protection.keyDeletionWindowDays,
      protect: settings.protection.protectStateful,
      tags: { Service: "secrets" },
    },
    options,
  );
  const secretArn = (entry: SecretName) => secrets.arns.apply((arns) => arns[entry] ?? "");

  const inDatabase = {
    projectId: ground.databaseProjectId,
    clusterName: ground.databaseClusterName,
    databaseName: own.databaseName,
    tags: context.tags("database"),
  };
  const databaseUsers = [
    held.databaseUser(name("database-application"), {
      ...inDatabase,
      roleArn: roles.taskRole.apply(({ arn }) => arn),
      access: { as: "application", collections: contract.collections },
    }),
    held.databaseUser(name("database-migrations"), {
      ...inDatabase,
      roleArn: roles.migrationRole.apply(({ arn }) => arn),
      access: { as: "migrations" },
    }),
  ];
  const cacheUser = held.cacheUser(name("cache-user"), {
    userGroupId: ground.cacheUserGroupId,
    keyPrefix: own.keyPrefix,
    engine: settings.cache.engine,
    tags,
  });

  // The service reads the configuration, and the service's alarm takes a bad one back.
  const [errorAlarmArn, setErrorAlarmArn] = pulumi.deferredOutput<string>();
  const isPreview = settings.environment === "preview";
  const runtimeConfig =
    borrowed?.runtimeConfig ??
    new RuntimeConfig(
      name("runtime-config"),
      {
        accountId,
        region,
        schema: runtimeConfigJsonSchema,
        initial: { ...defaultRuntimeConfig },
        bakeMinutes: settings.runtimeConfig.bakeMinutes,
        alarmArn: errorAlarmArn,
        tags,
      },
      options,
    );

  // What a third party bills or trusts never reaches a preview: `secretsOf` leaves it out, and so does this.
  const variables = workloadEnvironment({
    environment: settings.environment,
    region,
    release: settings.release,
    host: own.host,
    database: { connectionString: ground.databaseConnectionString, name: own.databaseName },
    cache: {
      host: ground.cacheHost,
      port: ground.cachePort,
      replicationGroupId: ground.cacheReplicationGroupId,
      userId: cacheUser.userId,
      keyPrefix: own.keyPrefix,
    },
    mediaBucket: ground.mediaBucket,
    runtimeConfig,
    datadogAgent: !isPreview,
    corsOrigins: [...pageOrigins(settings.domain, settings.media.localOrigins), ...(own.previewPages ?? [])],
    secrets: {
      jwtKeys: secretArn("jwt-signing-keys"),
      cookieSigningKey: secretArn("cookie-signing-key"),
      ...(!isPreview && { sentryDsn: secretArn("sentry-dsn"), mailApiKey: secretArn("mail-api-key") }),
    },
  });

  const service = new Service(
    name("api"),
    {
      region,
      clusterArn: ground.clusterArn,
      clusterName: ground.clusterName,
      image: ground.image,
      repositoryArn: ground.imageRepositoryArn,
      executionRole: roles.executionRole,
      taskRole: roles.taskRole,
      migrationRole: roles.migrationRole,
      cpuUnits: settings.service.cpuUnits,
      memoryMegabytes: settings.service.memoryMegabytes,
      desiredCount: settings.desiredCount ?? settings.service.desiredCount,
      maximumCount: settings.service.maximumCount,
      ...(settings.service.hours !== "always" && { hours: settings.service.hours }),
      ...(settings.expiresAt !== undefined && { until: settings.expiresAt }),
      rollbackAlarms: borrowed === undefined,
      capacityProvider: settings.service.capacityProvider,
      vpcId: ground.vpcId,
      subnetIds: ground.privateSubnetIds,
      securityGroupId: ground.serviceSecurityGroupId,
      host: own.host,
      zoneId: settings.cloudflare.zoneId,
      httpsListenerArn: ground.httpsListenerArn,
      loadBalancerArnSuffix: ground.loadBalancerArnSuffix,
      loadBalancerDnsName: ground.loadBalancerDnsName,
      environment: variables.environment,
      migrationEnvironment: variables.migrationEnvironment,
      secrets: variables.secrets,
      secretsKeyArn: secrets.keyArn,
      access: {
        cache: { replicationGroupArn: ground.cacheReplicationGroupArn, userArn: cacheUser.userArn },
        runtimeConfigArn: runtimeConfig.configurationArn,
        uploadsBucketArn: ground.mediaBucketArn,
        secretArns: [secretArn("jwt-signing-keys")],
      },
      ...(!isPreview && {
        datadog: {
          apiKeySecretArn: secretArn("datadog-api-key"),
          site: settings.datadog.site,
          environment: settings.environment,
          tags: context.tags("api"),
        },
      }),
      logKeyArn: ground.logKeyArn,
      logRetentionDays: settings.service.logRetentionDays,
      ...(own.alarmTopicArn !== undefined && { alarmTopicArn: own.alarmTopicArn }),
      tags,
    },
    { ...options, dependsOn: [...databaseUsers, cacheUser.ready] },
  );

  setErrorAlarmArn(service.errorAlarmArn ?? pulumi.output(""));

  return { service, secrets, runtimeConfig };
}
