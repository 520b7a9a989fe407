import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { assumedByLambda, usesSecret, writesLog } from "./function-access.ts";
import { functionRuntime } from "./function-code.ts";
import { physicalName } from "./naming.ts";

export interface KeyRotationArgs {
  /** The secret whose keys are rotated. It must hold a key set. */
  readonly secretArn: pulumi.Input<string>;
  /** The KMS key that encrypts it. */
  readonly keyArn: pulumi.Input<string>;
  readonly accountId: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /** Days between two rotations, 1 to 90. Default: 30. A key signs for as long, and is valid for as long again. */
  readonly days?: pulumi.Input<number>;
  /** The key that encrypts the log; its policy must let CloudWatch Logs use it. */
  readonly logKeyArn: pulumi.Input<string>;
  /** One of the durations that CloudWatch Logs knows. Default: 90. */
  readonly logRetentionDays?: pulumi.Input<number>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Four calls to Secrets Manager take one second; this is room for their retries. */
const timeoutSeconds = 30;
/** The smallest that Lambda has. */
const memoryMegabytes = 128;

/**
 * Rotates the keys in one secret on a schedule: a Lambda function on ARM that Secrets Manager calls, and nothing else.
 *
 * The function's role reads and writes that one secret, with that one KMS key, and writes its own log. It is not in the
 * VPC: it talks to Secrets Manager alone, and there is nothing in the VPC that it could need. Nor is concurrency
 * reserved: every step may be repeated, Secrets Manager runs one rotation of a secret at a time, and a new account has
 * only the 10 executions that Lambda keeps unreserved.
 *
 * Making it does not rotate; Secrets Manager only tries whether it could. Throws where `days` is outside 1 to 90, or
 * `accountId` is no account.
 */
export class KeyRotation extends pulumi.ComponentResource {
  /** Reads and writes the secret: the secret's policy must let it. */
  readonly roleArn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: KeyRotationArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:security:KeyRotation", name, {}, options);
    const reason = "must be 1 to 90 days";
    const days = checked(this, "days", args.days ?? 30, z.number().int().min(1, reason).max(90, reason));
    const accountId = checked(this, "accountId", args.accountId, z.string().regex(/^\d{12}$/, "must be 12 digits"));
    const tags = args.tags && { tags: args.tags };
    const parent = { parent: this };

    const logGroup = new aws.cloudwatch.LogGroup(
      physicalName("aws:cloudwatch/logGroup:LogGroup", `/${name}`, "rotation", "/"),
      { retentionInDays: args.logRetentionDays ?? 90, kmsKeyId: args.logKeyArn, ...tags },
      parent,
    );
    const role = new aws.iam.Role(
      physicalName("aws:iam/role:Role", name, "rotation"),
      {
        description: "Rotates the keys in one secret.",
        assumeRolePolicy: assumedByLambda(accountId),
        ...tags,
      },
      parent,
    );
    const mayRotate = new aws.iam.RolePolicy(
      physicalName("aws:iam/rolePolicy:RolePolicy", name, "rotation"),
      { role: role.name, policy: rotates(args, logGroup.arn) },
      parent,
    );
    const rotate = new aws.lambda.Function(
      physicalName("aws:lambda/function:Function", name, "rotation"),
      {
        description: "Called by Secrets Manager to rotate the keys in one secret.",
        role: role.arn,
        ...functionRuntime("rotation"),
        timeout: timeoutSeconds,
        memorySize: memoryMegabytes,
        environment: { variables: { SECRET_ARN: args.secretArn } },
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name, systemLogLevel: "WARN" },
        ...tags,
      },
      { parent: this, dependsOn: [mayRotate] },
    );
    const mayCall = new aws.lambda.Permission(
      name,
      {
        function: rotate.name,
        action: "lambda:InvokeFunction",
        principal: "secretsmanager.amazonaws.com",
        sourceAccount: accountId,
        sourceArn: args.secretArn,
      },
      parent,
    );
    new aws.secretsmanager.SecretRotation(
      name,
      {
        secretId: args.secretArn,
        rotationLambdaArn: rotate.arn,
        rotationRules: { automaticallyAfterDays: days },
        // A change of the schedule must not rotate the keys: that would halve the time in which the old one is valid.
        rotateImmediately: false,
      },
      { parent: this, dependsOn: [mayCall] },
    );

    this.roleArn = role.arn;
    this.functionName = rotate.name;
    this.registerOutputs({ roleArn: this.roleArn, functionName: this.functionName });
  }
}

function rotates(args: KeyRotationArgs, logGroupArn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      ...usesSecret(
        args,
        [
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetSecretValue",
          "secretsmanager:PutSecretValue",
          "secretsmanager:UpdateSecretVersionStage",
        ],
        ["kms:Decrypt", "kms:GenerateDataKey"],
      ),
      writesLog(logGroupArn),
    ],
  });
}
