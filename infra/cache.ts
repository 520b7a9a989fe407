import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { z } from "zod";
import { checked } from "./checked.ts";
import { physicalName } from "./naming.ts";
import type { CacheEngine, EvictionPolicy } from "./settings/cache.ts";

/** `engine` and `replicas` are plain: they decide which parameters and how much redundancy there is. */
export interface CacheArgs {
  /** Subnets without a way to the internet, in two zones or more where there are replicas. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly securityGroupId: pulumi.Input<string>;
  /** The key that encrypts the logs; its policy must let CloudWatch Logs use it. */
  readonly logKeyArn: pulumi.Input<string>;
  /** Default: valkey, which costs a fifth less than Redis and speaks the same protocol. */
  readonly engine?: CacheEngine;
  /** Default: cache.t4g.micro, 0.5 GB. */
  readonly nodeType?: pulumi.Input<string>;
  /** Nodes beside the primary, each in another zone, 0 to 5. One or more make failover automatic. Default: 1. */
  readonly replicas?: number;
  /** Default: volatile-lru. */
  readonly evictionPolicy?: pulumi.Input<EvictionPolicy>;
  /** Days for which each daily snapshot is kept, 1 to 35. Default: 7. */
  readonly snapshotRetentionDays?: pulumi.Input<number>;
  /** UTC, an hour or more: `hh:mm-hh:mm`. Default: 03:00-04:00. */
  readonly snapshotWindow?: pulumi.Input<string>;
  /** UTC, an hour or more: `ddd:hh:mm-ddd:hh:mm`. Default: sun:04:30-sun:05:30. */
  readonly maintenanceWindow?: pulumi.Input<string>;
  /** Takes a last snapshot, `<name>-final`, when the cache is deleted. Default: true. */
  readonly finalSnapshot?: boolean;
  /** Does not wait for the maintenance window, and may interrupt connections. Default: false. */
  readonly applyImmediately?: pulumi.Input<boolean>;
  /** Commands that take longer are logged, in microseconds. Default: 10,000, the engine's own. */
  readonly slowLogMicroseconds?: pulumi.Input<number>;
  /** One of the durations that CloudWatch Logs knows. Default: 30. */
  readonly logRetentionDays?: pulumi.Input<number>;
  /**
   * A customer's key for what is written to disk; a change of it replaces the cache. Default: a key that AWS owns.
   * That is enough for sessions and copies: only ElastiCache reads the disks and snapshots, whoever may restore one
   * would be let by a key of ours too, and a key costs 1 USD a month and can be lost with all that it encrypts.
   */
  readonly encryptionKeyArn?: pulumi.Input<string>;
  /** Default: true. */
  readonly protect?: boolean;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * The last minor version of each major one: what `autoMinorVersionUpgrade` could move to is what stands here.
 * A version below the one that runs would replace the cache.
 */
const engines = {
  valkey: { version: "8.2", family: "valkey8" },
  redis: { version: "7.1", family: "redis7" },
} as const satisfies Record<CacheEngine, { readonly version: string; readonly family: string }>;

const port = 6379;

/** ElastiCache's limit for passwords is 128. */
const passwordLength = 64;

/** UTC; from the brief, the quiet hour of the customers' day. */
export const defaultSnapshotWindow = "03:00-04:00";

const daily = z.string().regex(/^\d\d:\d\d-\d\d:\d\d$/, "must be hh:mm-hh:mm");
const weekly = z
  .string()
  .regex(/^[a-z]{3}:\d\d:\d\d-[a-z]{3}:\d\d:\d\d$/, "must be ddd:hh:mm-ddd:hh:mm, in lower case");

/**
 * Valkey or Redis on ElastiCache for sessions and cached values: one primary, and replicas in other zones which take
 * over by themselves.
 *
 * Encrypted in transit, without exception, and at rest. Nobody gets in by a password: each `CacheUser` proves its IAM
 * role, and the engine's own `default` user, as which a connection without a name would come, is switched off.
 * Slow commands and the engine's messages go to log groups of their own. It is snapshotted every day.
 *
 * Sessions and cached values both carry a time to live, so the default policy, volatile-lru, evicts whichever was not
 * used for longest, and never what was meant to stay (counters, locks).
 *
 * Throws where the number of replicas or days is outside ElastiCache's limits, or a window is written in another form.
 */
export class Cache extends pulumi.ComponentResource {
  /** Of the primary: it follows a failover. */
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly replicationGroupId: pulumi.Output<string>;
  readonly replicationGroupArn: pulumi.Output<string>;
  /** Each node by the id under which CloudWatch measures it. */
  readonly nodeIds: pulumi.Output<string[]>;
  readonly userGroupId: pulumi.Output<string>;

  constructor(name: string, args: CacheArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:data:Cache", name, {}, options);
    const engine = args.engine ?? "valkey";
    const replicas = args.replicas ?? 1;
    checked(this, "replicas", replicas, z.int().min(0, "must be 0 to 5").max(5, "must be 0 to 5"));
    const snapshotRetentionLimit = checked(
      this,
      "snapshotRetentionDays",
      args.snapshotRetentionDays ?? 7,
      z.int().min(1, "must be 1 to 35 days").max(35, "must be 1 to 35 days"),
    );
    const slowerThan = checked(
      this,
      "slowLogMicroseconds",
      args.slowLogMicroseconds ?? 10_000,
      z.int().min(0, "must be 0 or more"),
    );
    const snapshotWindow = checked(this, "snapshotWindow", args.snapshotWindow ?? defaultSnapshotWindow, daily);
    const maintenanceWindow = checked(
      this,
      "maintenanceWindow",
      args.maintenanceWindow ?? "sun:04:30-sun:05:30",
      weekly,
    );
    const tags = args.tags && { tags: args.tags };
    const parent = { parent: this };

    const subnetGroup = new aws.elasticache.SubnetGroup(
      physicalName("aws:elasticache/subnetGroup:SubnetGroup", name, "isolated"),
      { description: "Isolated subnets of the cache.", subnetIds: args.subnetIds, ...tags },
      parent,
    );
    const parameterGroup = new aws.elasticache.ParameterGroup(
      physicalName("aws:elasticache/parameterGroup:ParameterGroup", name, engine),
      {
        description: `What the cache changes of ${engines[engine].family}.`,
        family: engines[engine].family,
        parameters: [
          { name: "maxmemory-policy", value: args.evictionPolicy ?? "volatile-lru" },
          { name: "slowlog-log-slower-than", value: slowerThan.apply(String) },
        ],
        ...tags,
      },
      parent,
    );
    const group = new aws.elasticache.ReplicationGroup(
      physicalName("aws:elasticache/replicationGroup:ReplicationGroup", name, "data"),
      {
        description: name,
        engine,
        engineVersion: engines[engine].version,
        autoMinorVersionUpgrade: true,
        nodeType: args.nodeType ?? "cache.t4g.micro",
        numCacheClusters: 1 + replicas,
        automaticFailoverEnabled: replicas > 0,
        multiAzEnabled: replicas > 0,
        clusterMode: "disabled",
        port,
        parameterGroupName: parameterGroup.name,
        subnetGroupName: subnetGroup.name,
        securityGroupIds: [args.securityGroupId],
        userGroupIds: [this.#userGroup(name, engine, args.tags).userGroupId],
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        atRestEncryptionEnabled: true,
        ...(args.encryptionKeyArn !== undefined && { kmsKeyId: args.encryptionKeyArn }),
        snapshotRetentionLimit,
        snapshotWindow,
        maintenanceWindow,
        ...((args.finalSnapshot ?? true) && { finalSnapshotIdentifier: `${name}-final` }),
        applyImmediately: args.applyImmediately ?? false,
        logDeliveryConfigurations: ["slow-log", "engine-log"].map((logType) => ({
          logType,
          logFormat: "json",
          destinationType: "cloudwatch-logs",
          destination: this.#logGroup(name, logType, args).name,
        })),
        ...tags,
      },
      { parent: this, protect: args.protect ?? true },
    );

    this.host = group.primaryEndpointAddress;
    this.port = group.port.apply((known) => known ?? port);
    this.replicationGroupId = group.replicationGroupId;
    this.replicationGroupArn = group.arn;
    this.nodeIds = group.memberClusters;
    this.userGroupId = pulumi.output(group.userGroupIds).apply((ids) => ids?.[0] ?? "");
    this.registerOutputs({
      host: this.host,
      port: this.port,
      replicationGroupId: this.replicationGroupId,
      replicationGroupArn: this.replicationGroupArn,
      nodeIds: this.nodeIds,
      userGroupId: this.userGroupId,
    });
  }

  #logGroup(name: string, logType: string, { logRetentionDays, logKeyArn, tags }: CacheArgs): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      physicalName("aws:cloudwatch/logGroup:LogGroup", `/${name}`, logType, "/"),
      { retentionInDays: logRetentionDays ?? 30, kmsKeyId: logKeyArn, ...(tags && { tags }) },
      { parent: this },
    );
  }

  #userGroup(name: string, engine: CacheEngine, tags: CacheArgs["tags"]): aws.elasticache.UserGroup {
    const parent = { parent: this };
    // Valkey takes no user without a password into a group, not even one that is off. Nobody is told this one.
    const password = new random.RandomPassword(`${name}-default`, { length: passwordLength, special: false }, parent);
    const nobody = new aws.elasticache.User(
      physicalName("aws:elasticache/user:User", name, "default"),
      {
        userId: physicalName("aws:elasticache/user:User", name, "default"),
        userName: "default",
        engine,
        accessString: "off -@all",
        passwords: [password.result],
        ...(tags && { tags }),
      },
      parent,
    );
    return new aws.elasticache.UserGroup(
      physicalName("aws:elasticache/userGroup:UserGroup", name, "users"),
      {
        userGroupId: physicalName("aws:elasticache/userGroup:UserGroup", name, "users"),
        engine,
        userIds: [nobody.userId],
        ...(tags && { tags }),
      },
      // Every CacheUser, also a preview's, adds itself: this list would take them out again.
      { parent: this, ignoreChanges: ["userIds"] },
    );
  }
}
