import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

type Text = pulumi.Input<string>;

/** What ECS itself does for a task before its containers run. */
export interface ExecutionNeeds {
  readonly region: Text;
  readonly repositoryArn: Text;
  readonly logGroupArn: Text;
  /** Exactly the secrets that are injected. */
  readonly secretArns: readonly Text[];
  /** The key of those secrets. */
  readonly secretsKeyArn: Text;
}

/** What the API may do while it runs. Each part that is left out is not allowed. */
export interface TaskAccess {
  /** Signing in to the cache as one user. */
  readonly cache?: { readonly replicationGroupArn: Text; readonly userArn: Text };
  /** Reading one deployed configuration: the ARN that ends with `/configuration/ID`. */
  readonly runtimeConfigArn?: Text;
  /** Signing the forms with which browsers put files under `temp/` and `users/`. */
  readonly uploadsBucketArn?: Text;
  /** Secrets that are read while the API runs, so that they can rotate. */
  readonly secretArns?: readonly Text[];
}

/**
 * S3 checks a form by what its signer may do. The bucket encrypts with S3's own keys, so no key is needed, and a form has
 * no field for one.
 */
const uploadFolders = ["temp", "users"] as const;

/** ECR's token is one for the whole registry: its action takes no resource. */
export function executionPolicy(needs: ExecutionNeeds): pulumi.Output<string> {
  return document([
    statement("RegistryToken", ["ecr:GetAuthorizationToken"], ["*"]),
    statement(
      "Image",
      ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      [needs.repositoryArn],
    ),
    statement("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], [pulumi.interpolate`${needs.logGroupArn}:*`]),
    ...readSecrets("Injected", needs.secretArns, needs.secretsKeyArn, needs.region),
  ]);
}

/** Undefined where the task may do nothing: IAM takes no empty policy. */
export function taskPolicy(access: TaskAccess, secretsKeyArn: Text, region: Text): pulumi.Output<string> | undefined {
  const { cache, runtimeConfigArn, uploadsBucketArn, secretArns = [] } = access;
  const statements = [
    ...(cache === undefined
      ? []
      : [statement("Cache", ["elasticache:Connect"], [cache.replicationGroupArn, cache.userArn])]),
    ...(runtimeConfigArn === undefined
      ? []
      : [
          statement(
            "RuntimeConfig",
            ["appconfig:StartConfigurationSession", "appconfig:GetLatestConfiguration"],
            [runtimeConfigArn],
          ),
        ]),
    ...(uploadsBucketArn === undefined
      ? []
      : [
          statement(
            "Uploads",
            ["s3:PutObject"],
            uploadFolders.map((folder) => pulumi.interpolate`${uploadsBucketArn}/${folder}/*`),
          ),
        ]),
    ...readSecrets("RunTime", secretArns, secretsKeyArn, region),
  ];
  return statements.length === 0 ? undefined : document(statements);
}

/** The key, which may be another stack's, is used through Secrets Manager alone, and for these secrets alone. */
function readSecrets(sid: string, arns: readonly Text[], keyArn: Text, region: Text): aws.iam.PolicyStatement[] {
  if (arns.length === 0) return [];
  return [
    statement(`${sid}Secrets`, ["secretsmanager:GetSecretValue"], [...arns]),
    {
      ...statement(`${sid}SecretsKey`, ["kms:Decrypt"], [keyArn]),
      Condition: {
        StringEquals: {
          "kms:ViaService": pulumi.interpolate`secretsmanager.${region}.amazonaws.com`,
          "kms:EncryptionContext:SecretARN": [...arns],
        },
      },
    },
  ];
}

const statement = (Sid: string, Action: string[], Resource: Text[]): aws.iam.PolicyStatement => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource,
});

const document = (statements: readonly aws.iam.PolicyStatement[]): pulumi.Output<string> =>
  pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
