import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { AuditTrail } from "./audit-trail.ts";
import { checked } from "./checked.ts";

/** `auditTrailRetentionDays` and `guardDuty` are plain: by them there is a trail and a detector or not. */
export interface AccountBaselineArgs {
  readonly accountId: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /** Days for which CloudTrail's records are kept; 0 for no trail. Default: 365. */
  readonly auditTrailRetentionDays?: number;
  /** Default: true. */
  readonly guardDuty?: boolean;
  /** Days in which the trail's deleted key can be restored, 7 to 30. Default: 30. */
  readonly keyDeletionWindowDays?: pulumi.Input<number>;
  /** Deletes the trail's records with it. Default: false. */
  readonly deleteAuditTrail?: pulumi.Input<boolean>;
  /** Of the trail's records. Default: true. */
  readonly protect?: boolean;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * What is set once for an account, whatever runs in it: no bucket is ever public, new disks are encrypted, roles and
 * policies that let in strangers are reported, passwords are long, changes are recorded, and threats are looked for.
 *
 * One per account: a second one would fight the first, and deleting either would undo both. Encryption of disks, the
 * analyser, and GuardDuty count in the stack's region alone.
 *
 * Throws where `auditTrailRetentionDays` is negative.
 */
export class AccountBaseline extends pulumi.ComponentResource {
  /** Undefined where there is no trail. */
  readonly auditTrailArn: pulumi.Output<string> | undefined;
  /** Undefined where GuardDuty is off. */
  readonly detectorId: pulumi.Output<string> | undefined;

  constructor(name: string, args: AccountBaselineArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:security:AccountBaseline", name, {}, options);
    const retentionDays = args.auditTrailRetentionDays ?? 365;
    checked(this, "auditTrailRetentionDays", retentionDays, z.int().min(0, "must be 0 or more"));
    const tags = args.tags && { tags: args.tags };
    const parent = { parent: this };

    new aws.s3.AccountPublicAccessBlock(
      name,
      {
        accountId: args.accountId,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new aws.ebs.EncryptionByDefault(name, { enabled: true }, parent);
    new aws.accessanalyzer.Analyzer(name, { analyzerName: name, type: "ACCOUNT", ...tags }, parent);
    new aws.iam.AccountPasswordPolicy(
      name,
      {
        // The CIS AWS Foundations Benchmark's numbers. People come through single sign-on; this is for whoever does not.
        minimumPasswordLength: 14,
        passwordReusePrevention: 24,
        requireLowercaseCharacters: true,
        requireUppercaseCharacters: true,
        requireNumbers: true,
        requireSymbols: true,
        allowUsersToChangePassword: true,
      },
      parent,
    );

    this.auditTrailArn =
      retentionDays === 0
        ? undefined
        : new AuditTrail(
            `${name}-audit`,
            {
              accountId: args.accountId,
              region: args.region,
              retentionDays,
              keyDeletionWindowDays: args.keyDeletionWindowDays ?? 30,
              deleteRecords: args.deleteAuditTrail ?? false,
              protect: args.protect ?? true,
              ...tags,
            },
            parent,
          ).arn;
    this.detectorId =
      args.guardDuty === false
        ? undefined
        : new aws.guardduty.Detector(
            name,
            { enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES", ...tags },
            parent,
          ).id;
    this.registerOutputs({ auditTrailArn: this.auditTrailArn, detectorId: this.detectorId });
  }
}
