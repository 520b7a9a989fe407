import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { physicalName } from "./naming.ts";

export interface PermissionsBoundaryArgs {
  readonly accountId: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * The most that any role of the program may ever do, by what it is for: the workload's data, its logs, and what AWS
 * Backup does to buckets. What a role may really do is the part of it that the role's own policies allow.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  Logs: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"],
  Images: [
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
  ],
  Secrets: [
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
  ],
  Keys: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"],
  Cache: ["elasticache:Connect"],
  RuntimeConfig: ["appconfig:StartConfigurationSession", "appconfig:GetLatestConfiguration"],
  Alarms: ["cloudwatch:DescribeAlarms", "sns:Publish", "sqs:SendMessage"],
  // Datadog sees what there is and how it does, and no data.
  Metrics: [
    "backup:List*",
    "budgets:ViewBudget",
    "cloudwatch:GetMetric*",
    "cloudwatch:ListMetrics",
    "ec2:Describe*",
    "ecs:Describe*",
    "ecs:List*",
    "elasticache:Describe*",
    "elasticache:ListTagsForResource",
    "elasticloadbalancing:Describe*",
    "lambda:List*",
    "tag:Get*",
  ],
  Objects: [
    "s3:AbortMultipartUpload",
    "s3:CreateBucket",
    "s3:DeleteObject*",
    "s3:Get*",
    "s3:List*",
    "s3:PutBucketNotification",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketVersioning",
    "s3:PutInventoryConfiguration",
    "s3:PutObject*",
  ],
  // AWS Backup keeps rules of its own, by which it hears of changed objects.
  Backups: [
    "backup:CopyFromBackupVault",
    "backup:CopyIntoBackupVault",
    "backup:DescribeBackupVault",
    "backup:TagResource",
    "events:DeleteRule",
    "events:DescribeRule",
    "events:DisableRule",
    "events:EnableRule",
    "events:ListRules",
    "events:ListTargetsByRule",
    "events:PutRule",
    "events:PutTargets",
    "events:RemoveTargets",
  ],
};

/** Said aloud, so that a longer list above never reaches them. */
const never = ["account:*", "iam:*", "organizations:*", "ram:*", "sts:AssumeRole"];

/**
 * The permissions boundary of every role that the deploy role makes: without it, IAM refuses the role.
 *
 * So a pipeline that was taken over can give a role everything that the workload may do, and nothing beyond it: no
 * identity, no other role, no other account. Throws where `accountId` is no account.
 */
export class PermissionsBoundary extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: PermissionsBoundaryArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:delivery:PermissionsBoundary", name, {}, options);
    const accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));
    const policy = new aws.iam.Policy(
      physicalName("aws:iam/policy:Policy", name, "roles"),
      {
        description: "The most that a role of the program may do.",
        policy: boundaryPolicy(accountId),
        ...(args.tags && { tags: args.tags }),
      },
      { parent: this },
    );
    this.arn = policy.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

function boundaryPolicy(accountId: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      ...Object.entries(allowed).map(([Sid, Action]) => ({
        Sid,
        Effect: "Allow",
        Action,
        Resource: "*",
        // Actions on no one resource, such as listing, have no account.
        Condition: { StringEqualsIfExists: { "aws:ResourceAccount": accountId } },
      })),
      { Sid: "Never", Effect: "Deny", Action: never, Resource: "*" },
    ],
  });
}

/** For `transformations` of a component: every role in it, at any depth, carries the boundary. */
export function bounded(boundaryArn: pulumi.Input<string>): pulumi.ResourceTransformation {
  return ({ type, props, opts }) =>
    type === "aws:iam/role:Role"
      ? { props: { ...(props as object), permissionsBoundary: boundaryArn }, opts }
      : undefined;
}
