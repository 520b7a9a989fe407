import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { physicalName } from "./naming.ts";

export interface PrivateBucketArgs {
  /** Plain: a word or two for the bucket's name, such as `request-logs`. */
  readonly purpose: string;
  /** Who but the account's own IAM identities may do what, given the bucket's ARN. Default: nobody. */
  readonly statements?: (bucketArn: pulumi.Output<string>) => pulumi.Input<pulumi.Input<aws.iam.PolicyStatement>[]>;
  /** Plain. Days after which an object is deleted, 1 or more. Default: never. */
  readonly expirationDays?: number;
  /** Days in which an overwritten or deleted object can be restored, 1 or more. Default: 30. */
  readonly noncurrentVersionDays?: pulumi.Input<number>;
  /** Deletes the objects with the bucket. Default: false, so that a bucket which holds any is not deleted. */
  readonly deleteObjectsWithBucket?: pulumi.Input<boolean>;
  /** Plain. Protects the bucket, and what keeps it private, from deletion by Pulumi. Default: true. */
  readonly protect?: boolean;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const days = z.number().int().min(1, "must be 1 or more");

/**
 * An S3 bucket without a way in from outside: no public access, no ACLs, nothing without TLS 1.2; versioned, and
 * encrypted with S3's own keys (the only ones that load balancers can write with).
 *
 * The component is ready when the bucket's policy is, so depend on it before a service writes.
 * Throws where a number of days is not positive.
 */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(owner: string, args: PrivateBucketArgs, options?: pulumi.ComponentResourceOptions) {
    const name = `${owner}-${args.purpose}`;
    super("groundwork:storage:PrivateBucket", name, {}, options);
    if (args.expirationDays !== undefined) checked(this, "expirationDays", args.expirationDays, days);
    const noncurrentDays = checked(this, "noncurrentVersionDays", args.noncurrentVersionDays ?? 30, days);
    const tags = args.tags && { tags: args.tags };
    const child = { parent: this, protect: args.protect ?? true };

    const resource = new aws.s3.Bucket(
      physicalName("aws:s3/bucket:Bucket", owner, args.purpose),
      { forceDestroy: args.deleteObjectsWithBucket ?? false, ...tags },
      child,
    );
    const bucket = resource.bucket;
    const closed = new aws.s3.BucketPublicAccessBlock(
      name,
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      child,
    );
    new aws.s3.BucketOwnershipControls(name, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }, child);
    const versioned = new aws.s3.BucketVersioning(
      name,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      child,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      child,
    );
    new aws.s3.BucketLifecycleConfiguration(
      name,
      { bucket, rules: lifecycle(args.expirationDays, noncurrentDays) },
      // Rules for old versions count only in a bucket that already keeps them.
      { ...child, dependsOn: [versioned] },
    );
    new aws.s3.BucketPolicy(
      name,
      { bucket, policy: policyOf(resource.arn, args.statements?.(resource.arn) ?? []) },
      { ...child, dependsOn: [closed] },
    );

    this.bucketName = bucket;
    this.arn = resource.arn;
    this.registerOutputs({ bucketName: this.bucketName, arn: this.arn });
  }
}

function lifecycle(
  expirationDays: number | undefined,
  noncurrentDays: pulumi.Input<number>,
): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  const rule = (id: string) => ({ id, status: "Enabled", filter: { prefix: "" } });
  return [
    ...(expirationDays === undefined ? [] : [{ ...rule("expiry"), expiration: { days: expirationDays } }]),
    {
      ...rule("old-versions"),
      expiration: { expiredObjectDeleteMarker: true },
      noncurrentVersionExpiration: { noncurrentDays },
    },
    { ...rule("unfinished-uploads"), abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } },
  ];
}

function policyOf(
  arn: pulumi.Input<string>,
  statements: pulumi.Input<pulumi.Input<aws.iam.PolicyStatement>[]>,
): pulumi.Output<string> {
  const deny = (sid: string, condition: Readonly<Record<string, Readonly<Record<string, string>>>>) => ({
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, pulumi.interpolate`${arn}/*`],
    Condition: condition,
  });
  return pulumi.output(statements).apply((given) =>
    pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        ...given,
        deny("TlsOnly", { Bool: { "aws:SecureTransport": "false" } }),
        deny("Tls12OrLater", { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
      ],
    }),
  );
}
