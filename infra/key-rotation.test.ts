import assert from "node:assert/strict";
import { capture, only, valueOf, type CapturedResource } from "./capture.ts";
import { KeyRotation, type KeyRotationArgs } from "./key-rotation.ts";

const account = "111122223333";
const args: KeyRotationArgs = {
  secretArn: `arn:aws:secretsmanager:us-east-1:${account}:secret:groundwork-staging-secrets/jwt-signing-keys-AbCdEf`,
  keyArn: `arn:aws:kms:us-east-1:${account}:key/secrets`,
  accountId: account,
  region: "us-east-1",
  logKeyArn: `arn:aws:kms:us-east-1:${account}:key/logs`,
};

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

describe("the rotation of keys", () => {
  let rotation: KeyRotation;
  let resources: readonly CapturedResource[];
  const inputsOf = (type: string) => only(resources, type).inputs;
  const statementsOf = (type: string, property: string) =>
    (JSON.parse(inputsOf(type)[property] as string) as { Statement: readonly Statement[] }).Statement;
  before(async () => {
    ({ result: rotation, resources } = await capture(() => new KeyRotation("groundwork-staging-keys", args)));
  });

  it("runs every 30 days unless told otherwise, and not because the program changed", () => {
    const inputs = inputsOf("aws:secretsmanager/secretRotation:SecretRotation");
    assert.deepEqual(inputs["rotationRules"], { automaticallyAfterDays: 30 });
    assert.equal(inputs["rotateImmediately"], false);
    assert.equal(inputs["secretId"], args.secretArn);
  });

  it("is a function on ARM that is told its one secret", () => {
    const inputs = inputsOf("aws:lambda/function:Function");
    assert.equal(inputs["runtime"], "nodejs24.x");
    assert.deepEqual(inputs["architectures"], ["arm64"]);
    assert.deepEqual(inputs["environment"], { variables: { SECRET_ARN: args.secretArn } });
    assert.equal(inputs["vpcConfig"], undefined);
    assert.equal(inputs["reservedConcurrentExecutions"], undefined);
    assert.ok((inputs["timeout"] as number) > 3, "3 seconds, Lambda's default, are too few for retries");
  });

  it("logs to an encrypted group that forgets", () => {
    const group = inputsOf("aws:cloudwatch/logGroup:LogGroup");
    assert.equal(group["kmsKeyId"], args.logKeyArn);
    assert.equal(group["retentionInDays"], 90);
    const { name } = only(resources, "aws:cloudwatch/logGroup:LogGroup");
    assert.ok(name.startsWith("/groundwork-staging-"), "the logs' key serves the stack's own groups alone");
  });

  it("may touch its secret, the secret's key, and its log: no star anywhere", () => {
    const statements = statementsOf("aws:iam/rolePolicy:RolePolicy", "policy");
    assert.deepEqual(
      statements.map(({ Resource }) => Resource),
      [args.secretArn, args.keyArn, "arn:aws:cloudwatch:us-east-1:123456789012:/groundwork-staging-keys/rotation:*"],
    );
    for (const { Action } of statements) assert.ok(![Action].flat().some((action) => action.includes("*")));
    assert.deepEqual(statements[1]?.Condition, {
      StringEquals: {
        "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
        "kms:EncryptionContext:SecretARN": args.secretArn,
      },
    });
  });

  it("is called by Secrets Manager for that secret alone, and its role is lent to this account's functions", async () => {
    const { statementId: _, ...inputs } = inputsOf("aws:lambda/permission:Permission");
    assert.deepEqual(inputs, {
      action: "lambda:InvokeFunction",
      function: await valueOf(rotation.functionName),
      principal: "secretsmanager.amazonaws.com",
      sourceAccount: account,
      sourceArn: args.secretArn,
    });
    assert.deepEqual(statementsOf("aws:iam/role:Role", "assumeRolePolicy"), [
      {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ]);
  });

  const refused: readonly [input: string, over: Partial<KeyRotationArgs>][] = [
    ["days", { days: 0 }],
    ["days", { days: 91 }],
    ["days", { days: 1.5 }],
    ["accountId", { accountId: "staging" }],
  ];
  for (const [input, over] of refused)
    it(`refuses ${JSON.stringify(over)} and names ${input}`, async () => {
      await assert.rejects(
        capture(() => new KeyRotation("k", { ...args, ...over })),
        new RegExp(`${input}: `),
      );
    });
});
