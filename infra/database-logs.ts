import * as aws from "@pulumi/aws";
import * as mongodbatlas from "@pulumi/mongodbatlas";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { physicalName } from "./naming.ts";
import { PrivateBucket } from "./private-bucket.ts";

export interface DatabaseLogsArgs {
  readonly projectId: pulumi.Input<string>;
  /** Plain. Days for which logs are kept, 1 or more. Default: 90. */
  readonly retentionDays?: number;
  /** Pulumi refuses to delete the bucket. Default: true. */
  readonly protect?: boolean;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const prefix = "atlas";

/** The server's own log, slow queries included, and the audit log. */
const logTypes = ["MONGOD", "MONGOD_AUDIT"];

/**
 * The logs of an Atlas project, every minute, in a bucket of the environment's own account, where an intruder in Atlas
 * cannot change them.
 *
 * Atlas takes an IAM role that may write under one prefix and do nothing else; the role trusts Atlas's account with
 * the external id that Atlas gave this project alone, so that no other customer of Atlas can have it used.
 * Throws where `retentionDays` is not positive.
 */
export class DatabaseLogs extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;

  constructor(name: string, args: DatabaseLogsArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:data:DatabaseLogs", name, {}, options);
    const { projectId } = args;
    const retentionDays = args.retentionDays ?? 90;
    checked(this, "retentionDays", retentionDays, z.number().int().min(1, "must be 1 or more"));
    const tags = args.tags && { tags: args.tags };
    const parent = { parent: this };

    const bucket = new PrivateBucket(
      name,
      { purpose: "archive", expirationDays: retentionDays, protect: args.protect ?? true, ...tags },
      parent,
    );
    const access = new mongodbatlas.CloudProviderAccessSetup(name, { projectId, providerName: "AWS" }, parent);
    const role = new aws.iam.Role(
      physicalName("aws:iam/role:Role", name, "writer"),
      {
        description: "Lets MongoDB Atlas write its logs.",
        assumeRolePolicy: access.awsConfigs.apply(([config]) => trusting(config)),
        ...tags,
      },
      parent,
    );
    const mayWrite = new aws.iam.RolePolicy(
      physicalName("aws:iam/rolePolicy:RolePolicy", name, "writer"),
      { role: role.name, policy: writesTo(bucket.arn) },
      parent,
    );
    const authorized = new mongodbatlas.CloudProviderAccessAuthorization(
      name,
      { projectId, roleId: access.roleId, aws: { iamAssumedRoleArn: role.arn } },
      parent,
    );
    new mongodbatlas.LogIntegration(
      name,
      {
        projectId,
        type: "S3_LOG_EXPORT",
        logTypes,
        bucketName: bucket.bucketName,
        iamRoleId: authorized.roleId,
        prefixPath: prefix,
      },
      // Atlas writes at once to see whether it can.
      { parent: this, dependsOn: [mayWrite, bucket] },
    );

    this.bucketName = bucket.bucketName;
    this.bucketArn = bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }
}

type AwsConfig = mongodbatlas.types.output.CloudProviderAccessSetupAwsConfig;

function trusting(config: AwsConfig | undefined): string {
  if (config === undefined)
    throw new pulumi.RunError(
      "Atlas gave no account and external id for its access to AWS: run pulumi refresh, then up.",
    );
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AtlasForThisProject",
        Effect: "Allow",
        Principal: { AWS: config.atlasAwsAccountArn },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": config.atlasAssumedRoleExternalId } },
      },
    ],
  });
}

function writesTo(bucketArn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      { Sid: "WhereTheBucketIs", Effect: "Allow", Action: "s3:GetBucketLocation", Resource: bucketArn },
      {
        Sid: "WriteUnderThePrefix",
        Effect: "Allow",
        Action: "s3:PutObject",
        Resource: pulumi.interpolate`${bucketArn}/${prefix}/*`,
      },
    ],
  });
}
