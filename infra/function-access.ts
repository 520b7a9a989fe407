import * as pulumi from "@pulumi/pulumi";

/** Lambda may take the role on behalf of this account's functions alone. */
export function assumedByLambda(accountId: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
    ],
  });
}

export interface SecretUse {
  readonly secretArn: pulumi.Input<string>;
  /** The KMS key that encrypts it. */
  readonly keyArn: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
}

/** What a function's policy says of its one secret, and of that secret's key. */
export function usesSecret(
  { secretArn, keyArn, region }: SecretUse,
  secretActions: readonly `secretsmanager:${string}`[],
  keyActions: readonly `kms:${string}`[],
) {
  return [
    { Sid: "OneSecret", Effect: "Allow", Action: secretActions, Resource: secretArn },
    {
      Sid: "ItsKey",
      Effect: "Allow",
      Action: keyActions,
      Resource: keyArn,
      Condition: {
        StringEquals: {
          "kms:ViaService": pulumi.interpolate`secretsmanager.${region}.amazonaws.com`,
          "kms:EncryptionContext:SecretARN": secretArn,
        },
      },
    },
  ];
}

export function writesLog(logGroupArn: pulumi.Input<string>) {
  return {
    Sid: "ItsLog",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: pulumi.interpolate`${logGroupArn}:*`,
  };
}
