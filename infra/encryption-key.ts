import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";

export interface EncryptionKeyArgs {
  /** What the key encrypts, for whoever reads a bill or an audit. */
  readonly description: pulumi.Input<string>;
  /** The account that holds the key: its IAM policies decide who may use it. */
  readonly accountId: pulumi.Input<string>;
  /** What AWS services may do with the key. Default: nothing. */
  readonly serviceStatements?: pulumi.Input<pulumi.Input<aws.iam.PolicyStatement>[]>;
  /** Days in which a deleted key can be restored, 7 to 30. Default: 30. */
  readonly deletionWindowDays?: pulumi.Input<number>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A customer managed KMS key that rotates every year, and its alias `alias/<name>`.
 *
 * The key policy lets the account's own IAM policies decide, and AWS services do only what `serviceStatements` say.
 * Throws where `accountId` is no account or `deletionWindowDays` is outside 7 to 30, the limits of KMS.
 */
export class EncryptionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly aliasName: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:security:EncryptionKey", name, {}, options);
    const accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));
    const deletionWindowInDays = checked(
      this,
      "deletionWindowDays",
      args.deletionWindowDays ?? 30,
      z.number().int().min(7, "must be 7 to 30 days").max(30, "must be 7 to 30 days"),
    );

    const key = new aws.kms.Key(
      name,
      {
        description: args.description,
        enableKeyRotation: true,
        deletionWindowInDays,
        policy: keyPolicy(accountId, args.serviceStatements ?? []),
        ...(args.tags && { tags: args.tags }),
      },
      { parent: this },
    );
    const alias = new aws.kms.Alias(name, { name: `alias/${name}`, targetKeyId: key.keyId }, { parent: this });

    this.arn = key.arn;
    this.aliasName = alias.name;
    this.registerOutputs({ arn: this.arn, aliasName: this.aliasName });
  }
}

function keyPolicy(
  accountId: pulumi.Input<string>,
  serviceStatements: pulumi.Input<pulumi.Input<aws.iam.PolicyStatement>[]>,
): pulumi.Output<string> {
  const account: aws.iam.PolicyStatement = {
    // Without it nobody could ever change the key again.
    Sid: "AccountDecidesByIam",
    Effect: "Allow",
    Principal: { AWS: pulumi.interpolate`arn:aws:iam::${accountId}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  return pulumi
    .output(serviceStatements)
    .apply((statements) => pulumi.jsonStringify({ Version: "2012-10-17", Statement: [account, ...statements] }));
}

/** Lets CloudWatch Logs encrypt the log groups whose names begin with `prefix`, and no others. */
export function logsMayEncrypt(region: string, accountId: string, prefix: string): aws.iam.PolicyStatement {
  return {
    Sid: "LogGroupsOfThisStack",
    Effect: "Allow",
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
    Resource: "*",
    Condition: {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${accountId}:log-group:${prefix}*` },
    },
  };
}
