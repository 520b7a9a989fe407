import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { EncryptionKey } from "./encryption-key.ts";
import { physicalName } from "./naming.ts";

export interface BackupsArgs {
  /** The bucket to back up. It must keep versions: AWS Backup refuses any other. */
  readonly bucketArn: pulumi.Input<string>;
  readonly accountId: pulumi.Input<string>;
  /** Days for which every recovery point is kept, 1 to 35: more is not possible for continuous backups. Default: 30. */
  readonly retentionDays?: pulumi.Input<number>;
  /** Restores to any second of the retention, beside the daily snapshot. Plain: it decides the rules. Default: true. */
  readonly continuous?: boolean;
  /** AWS in another region, where each day's snapshot is copied. Default: no copy. */
  readonly recoveryProvider?: aws.Provider;
  /** SNS topic that hears of objects that a backup left out; its policy must let backup.amazonaws.com publish. */
  readonly topicArn?: pulumi.Input<string>;
  /** Days in which a deleted key can be restored, 7 to 30. Default: 30. */
  readonly keyDeletionWindowDays?: pulumi.Input<number>;
  /** Refuses the deletion of vaults and keys by Pulumi, and of a vault that holds anything by AWS. Default: true. */
  readonly protect?: boolean;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

interface LockedVault {
  readonly vault: aws.backup.Vault;
  readonly lock: aws.backup.VaultLockConfiguration;
}

const longestContinuousDays = 35;

/** Nobody needs the images of more than a year ago; without a bound a slip of the keyboard would be kept for decades. */
const longestRetentionDays = 365;

// Two hours apart: of two rules whose start windows overlap, AWS Backup runs only the one that keeps longer.
const continuousSchedule = "cron(0 1 * * ? *)";
/** 03:00 UTC, from the brief: the quiet hour of the customers' day. */
export const dailySchedule = "cron(0 3 * * ? *)";

const startWindowMinutes = 60;
/** The first backup of a full bucket takes hours; the service's own limit of three would cancel it. */
const completionWindowMinutes = 1440;

/** What nobody else tells: a job ends well although some objects could not be read. Jobs that fail are EventBridge's. */
const events = ["S3_BACKUP_OBJECT_FAILED"];

const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;

/**
 * AWS Backup of one bucket: a vault under a key of its own, a plan, and the roles for it.
 *
 * The vault is locked in governance mode: nobody deletes or shortens a recovery point before its time, unless he may
 * take the lock away (backup:DeleteBackupVaultLockConfiguration). Compliance mode could never be taken away, not even
 * by AWS, and would keep a mistake until its last day.
 *
 * A snapshot is taken daily at 03:00 UTC, and copied to `recoveryProvider`'s region. With `continuous`, changes are
 * recorded as they happen: the recovery point is minutes old. AWS Backup switches the bucket's EventBridge
 * notifications on for that. Reading and restoring are two roles, so that what runs every day cannot write.
 * Throws where the account is none, the bucket is no bucket's ARN, or the days are outside the limits.
 */
export class Backups extends pulumi.ComponentResource {
  readonly vaultName: pulumi.Output<string>;
  readonly vaultArn: pulumi.Output<string>;
  /** Whoever starts a restore passes this role to AWS Backup. */
  readonly restoreRoleArn: pulumi.Output<string>;

  readonly #args: BackupsArgs;
  readonly #accountId: pulumi.Output<string>;

  constructor(name: string, args: BackupsArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:data:Backups", name, {}, options);
    this.#args = args;
    this.#accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));
    const bucketArn = checked(
      this,
      "bucketArn",
      args.bucketArn,
      z.string().regex(/^arn:aws:s3:::[a-z0-9.-]+$/, "must be the ARN of a bucket"),
    );
    const days = checked(
      this,
      "retentionDays",
      args.retentionDays ?? 30,
      z.int().min(1, "must be 1 to 35 days").max(longestContinuousDays, "must be 1 to 35 days"),
    );

    const { vault, lock } = this.#vault(name, days);
    const copies =
      args.recoveryProvider === undefined ? undefined : this.#vault(`${name}-copies`, days, args.recoveryProvider);
    if (args.topicArn !== undefined)
      new aws.backup.VaultNotifications(
        name,
        { backupVaultName: vault.name, backupVaultEvents: events, snsTopicArn: args.topicArn },
        { parent: this },
      );

    const plan = new aws.backup.Plan(
      physicalName("aws:backup/plan:Plan", name, "media"),
      { rules: rules(vault.name, days, args.continuous ?? true, copies?.vault.arn), ...this.#tags },
      // A lock that still asks for longer retention would fail every job of the plan.
      { parent: this, dependsOn: [lock, ...(copies === undefined ? [] : [copies.lock])] },
    );
    const role = this.#role(name, "backup");
    const rights = [
      this.#attach(`${name}-backup`, role, "AWSBackupServiceRolePolicyForS3Backup"),
      ...(copies === undefined ? [] : [this.#mayCopy(name, role, vault.arn, copies.vault.arn)]),
    ];
    new aws.backup.Selection(
      physicalName("aws:backup/selection:Selection", name, "media"),
      { planId: plan.id, iamRoleArn: role.arn, resources: [bucketArn] },
      // A selection whose role has no rights yet is taken, and its first jobs fail.
      { parent: this, dependsOn: rights },
    );
    const restoring = this.#role(name, "restore");
    this.#attach(`${name}-restore`, restoring, "AWSBackupServiceRolePolicyForS3Restore");

    this.vaultName = vault.name;
    this.vaultArn = vault.arn;
    this.restoreRoleArn = restoring.arn;
    this.registerOutputs({
      vaultName: this.vaultName,
      vaultArn: this.vaultArn,
      restoreRoleArn: this.restoreRoleArn,
    });
  }

  get #tags(): { tags?: pulumi.Input<Record<string, pulumi.Input<string>>> } {
    return this.#args.tags === undefined ? {} : { tags: this.#args.tags };
  }

  #vault(name: string, days: pulumi.Output<number>, provider?: aws.Provider): LockedVault {
    const protect = this.#args.protect ?? true;
    const key = new EncryptionKey(
      name,
      {
        description: "Recovery points of this stack",
        accountId: this.#accountId,
        deletionWindowDays: this.#args.keyDeletionWindowDays ?? 30,
        ...this.#tags,
      },
      { parent: this, protect, ...(provider && { providers: [provider] }) },
    );
    const inRegion = { parent: this, ...(provider && { provider }) };
    const vault = new aws.backup.Vault(
      physicalName("aws:backup/vault:Vault", name, "media"),
      // What may be deleted may be deleted with its recovery points, once the lock is gone.
      { kmsKeyArn: key.arn, forceDestroy: !protect, ...this.#tags },
      { ...inRegion, protect },
    );
    const lock = new aws.backup.VaultLockConfiguration(
      name,
      // Without changeableForDays: governance mode.
      { backupVaultName: vault.name, minRetentionDays: days, maxRetentionDays: longestRetentionDays },
      // A vault has one lock: made first, the new one would go with the deletion of the old one.
      { ...inRegion, deleteBeforeReplace: true },
    );
    return { vault, lock };
  }

  #role(name: string, purpose: "backup" | "restore"): aws.iam.Role {
    return new aws.iam.Role(
      physicalName("aws:iam/role:Role", name, purpose),
      {
        description: purpose === "backup" ? "AWS Backup reads the media bucket." : "AWS Backup restores media.",
        assumeRolePolicy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "backup.amazonaws.com" },
              Action: "sts:AssumeRole",
              Condition: { StringEquals: { "aws:SourceAccount": this.#accountId } },
            },
          ],
        }),
        ...this.#tags,
      },
      { parent: this },
    );
  }

  #attach(name: string, role: aws.iam.Role, policy: string): aws.iam.RolePolicyAttachment {
    return new aws.iam.RolePolicyAttachment(
      name,
      // AWS keeps the policy in step with what AWS Backup does to a bucket, rule by rule.
      { role: role.name, policyArn: managed(policy) },
      { parent: this },
    );
  }

  #mayCopy(name: string, role: aws.iam.Role, from: pulumi.Input<string>, to: pulumi.Input<string>): aws.iam.RolePolicy {
    return new aws.iam.RolePolicy(
      physicalName("aws:iam/rolePolicy:RolePolicy", name, "copy"),
      {
        role: role.name,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "backup:CopyFromBackupVault", Resource: from },
            { Effect: "Allow", Action: ["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"], Resource: to },
          ],
        }),
      },
      { parent: this },
    );
  }
}

function rules(
  targetVaultName: pulumi.Input<string>,
  deleteAfter: pulumi.Input<number>,
  continuous: boolean,
  copyArn: pulumi.Input<string> | undefined,
): aws.types.input.backup.PlanRule[] {
  const common = {
    targetVaultName,
    lifecycle: { deleteAfter },
    startWindow: startWindowMinutes,
    completionWindow: completionWindowMinutes,
  };
  const daily: aws.types.input.backup.PlanRule = {
    ...common,
    ruleName: "daily",
    schedule: dailySchedule,
    // A copy of a continuous backup is a snapshot as well, so only the snapshot is copied.
    ...(copyArn !== undefined && {
      copyActions: [{ destinationVaultArn: copyArn, lifecycle: { deleteAfter } }],
    }),
  };
  return continuous
    ? [daily, { ...common, ruleName: "continuous", schedule: continuousSchedule, enableContinuousBackup: true }]
    : [daily];
}
