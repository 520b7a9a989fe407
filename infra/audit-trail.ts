import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EncryptionKey } from "./encryption-key.ts";
import { PrivateBucket } from "./private-bucket.ts";

export interface AuditTrailArgs {
  readonly accountId: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /** Plain. Days for which records are kept, 1 or more. */
  readonly retentionDays: number;
  /** Days in which the deleted key can be restored, 7 to 30. Default: 30. */
  readonly keyDeletionWindowDays?: pulumi.Input<number>;
  /** Deletes the records with the trail. Default: false, so that a bucket which holds any is not deleted. */
  readonly deleteRecords?: pulumi.Input<boolean>;
  /** Of the records and of the key that reads them. Default: true. */
  readonly protect?: boolean;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * CloudTrail's record of every change to the account, in all regions, with digests by which a change of the record
 * itself shows; encrypted under a key of its own, in a bucket of its own that only this trail writes to.
 *
 * Management events alone: each read of an object or secret would be billed. Throws where `retentionDays` is not 1 or
 * more.
 */
export class AuditTrail extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: AuditTrailArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:security:AuditTrail", name, {}, options);
    const tags = args.tags && { tags: args.tags };
    // Bucket and key name the trail before there is one, so Pulumi may add nothing to its name.
    const arn = pulumi.interpolate`arn:aws:cloudtrail:${args.region}:${args.accountId}:trail/${name}`;

    const key = new EncryptionKey(
      name,
      {
        description: "CloudTrail's records",
        accountId: args.accountId,
        serviceStatements: trailMayEncrypt(arn, args.accountId),
        deletionWindowDays: args.keyDeletionWindowDays ?? 30,
        ...tags,
      },
      { parent: this, protect: args.protect ?? true },
    );
    const bucket = new PrivateBucket(
      name,
      {
        purpose: "records",
        statements: (bucketArn) => trailMayWrite(bucketArn, arn, args.accountId),
        expirationDays: args.retentionDays,
        deleteObjectsWithBucket: args.deleteRecords ?? false,
        protect: args.protect ?? true,
        ...tags,
      },
      { parent: this },
    );
    const trail = new aws.cloudtrail.Trail(
      name,
      {
        name,
        s3BucketName: bucket.bucketName,
        kmsKeyId: key.arn,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        ...tags,
      },
      { parent: this, dependsOn: [bucket] },
    );

    this.arn = trail.arn;
    this.bucketName = bucket.bucketName;
    this.registerOutputs({ arn: this.arn, bucketName: this.bucketName });
  }
}

const service = { Service: "cloudtrail.amazonaws.com" };

/** Source: CloudTrail's page on KMS key policies. */
function trailMayEncrypt(trailArn: pulumi.Input<string>, accountId: pulumi.Input<string>): aws.iam.PolicyStatement[] {
  const source = { StringEquals: { "aws:SourceArn": trailArn } };
  return [
    {
      Sid: "TrailEncrypts",
      Effect: "Allow",
      Principal: service,
      Action: "kms:GenerateDataKey*",
      Resource: "*",
      Condition: {
        ...source,
        StringLike: {
          "kms:EncryptionContext:aws:cloudtrail:arn": pulumi.interpolate`arn:aws:cloudtrail:*:${accountId}:trail/*`,
        },
      },
    },
    {
      Sid: "TrailLooks",
      Effect: "Allow",
      Principal: service,
      Action: "kms:DescribeKey",
      Resource: "*",
      Condition: source,
    },
  ];
}

/** Source: CloudTrail's page on S3 bucket policies. */
function trailMayWrite(
  bucketArn: pulumi.Input<string>,
  trailArn: pulumi.Input<string>,
  accountId: pulumi.Input<string>,
): aws.iam.PolicyStatement[] {
  return [
    {
      Sid: "TrailLooks",
      Effect: "Allow",
      Principal: service,
      Action: "s3:GetBucketAcl",
      Resource: bucketArn,
      Condition: { StringEquals: { "aws:SourceArn": trailArn } },
    },
    {
      Sid: "TrailWrites",
      Effect: "Allow",
      Principal: service,
      Action: "s3:PutObject",
      Resource: pulumi.interpolate`${bucketArn}/AWSLogs/${accountId}/*`,
      Condition: { StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
  ];
}
