import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * The policy of one secret: its value is for the reader and for the role that rotates it. All others are denied,
 * whatever their own policies allow; so the account can have administrators, and they still do not read it.
 */
export function secretPolicy(
  readerArn: pulumi.Input<string> | undefined,
  rotationRoleArn: pulumi.Input<string> | undefined,
): pulumi.Output<string> {
  const read = { Action: "secretsmanager:GetSecretValue", Resource: "*" };
  const allowed = [readerArn, rotationRoleArn].filter((arn) => arn !== undefined);
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      ...(readerArn === undefined
        ? []
        : [{ Sid: "OneReader", Effect: "Allow", Principal: { AWS: readerArn }, ...read }]),
      {
        Sid: "NobodyElse",
        Effect: "Deny",
        Principal: "*",
        ...read,
        ...(allowed.length > 0 && { Condition: { ArnNotEquals: { "aws:PrincipalArn": allowed } } }),
      },
    ],
  });
}

export interface Decryption {
  readonly accountId: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /** The beginning of the secret's name. What Pulumi and Secrets Manager add follows a hyphen. */
  readonly secretName: string;
  readonly roleArn: pulumi.Input<string>;
}

/** A statement of the key's policy: the role decrypts this one secret, asked by Secrets Manager in this region alone. */
export function decryptsThroughSecretsManager({
  accountId,
  region,
  secretName,
  roleArn,
}: Decryption): pulumi.Output<aws.iam.PolicyStatement> {
  return pulumi.all([accountId, region, roleArn]).apply(([account, where, role]): aws.iam.PolicyStatement => ({
    Sid: `Reads ${secretName.split("/").at(-1) ?? secretName}`,
    Effect: "Allow",
    Principal: { AWS: role },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: {
      StringEquals: { "kms:ViaService": `secretsmanager.${where}.amazonaws.com` },
      StringLike: {
        "kms:EncryptionContext:SecretARN": `arn:aws:secretsmanager:${where}:${account}:secret:${secretName}-*`,
      },
    },
  }));
}
