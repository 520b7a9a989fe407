import assert from "node:assert/strict";
import type { CloudResource } from "../service.ts";
import { kms } from "./kms.ts";
import { secretsmanager } from "./secretsmanager.ts";
import { assertRefused, STAGING, type TinyWorld, textIn, tinyWorld } from "./tiny-world.ts";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy";
const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";

function withSecret(inputs: object = {}): { cloud: TinyWorld; secret: CloudResource } {
  const cloud = tinyWorld(secretsmanager, kms);
  return { cloud, secret: cloud.create(SECRET, "db", { name: "app/db", ...inputs }) };
}

const policy = (statement: object): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "*", ...statement }],
  });

describe("Secrets Manager: a secret", () => {
  it("has an ARN that ends in six letters or digits", () => {
    const { secret } = withSecret();
    assert.match(secret.id, /^arn:aws:secretsmanager:us-east-1:111122223333:secret:app\/db-[A-Za-z0-9]{6}$/);
    assert.equal(secret.outputs["arn"], secret.id);
  });

  it("has a name that is free in its account and region", () => {
    const { cloud } = withSecret();
    assertRefused(() => cloud.create(SECRET, "b", { name: "app/db" }), "ResourceExistsException");
    cloud.create(SECRET, "b", { name: "app/db" }, STAGING);
  });

  it("keeps its name through the recovery window", () => {
    const { cloud, secret } = withSecret();
    cloud.delete(secret);
    assertRefused(
      () => cloud.create(SECRET, "db", { name: "app/db" }),
      "InvalidRequestException",
      /scheduled for deletion/,
    );
    cloud.create(SECRET, "db", { name: "app/db" }, STAGING);
  });

  it("frees its name at once where there is no recovery window", () => {
    const { cloud, secret } = withSecret({ recoveryWindowInDays: 0 });
    cloud.delete(secret);
    cloud.create(SECRET, "db", { name: "app/db" });
  });

  it("has a new name every time where Pulumi makes it", () => {
    const { cloud, secret } = withSecret({ name: "db-1a2b3c4" });
    cloud.delete(secret);
    cloud.create(SECRET, "db", { name: "db-1a2b3c4" });
  });

  it("is encrypted under a key that exists here", () => {
    const cloud = tinyWorld(secretsmanager, kms);
    const key = cloud.create("aws:kms/key:Key", "main", {});
    cloud.create("aws:kms/alias:Alias", "main", { name: "alias/app", targetKeyId: key.id });
    const keys = [key.id, textIn(key.outputs, "arn"), "alias/app", "alias/aws/secretsmanager"];
    for (const [index, kmsKeyId] of keys.entries()) cloud.create(SECRET, kmsKeyId, { name: `s${index}`, kmsKeyId });
    assertRefused(() => cloud.create(SECRET, "x", { name: "x", kmsKeyId: "alias/none" }), "InvalidRequestException");
    assertRefused(() => cloud.create(SECRET, "x", { name: "x", kmsKeyId: key.id }, STAGING), "InvalidRequestException");
  });

  for (const [days, good] of [
    [0, true],
    [7, true],
    [30, true],
    [3, false],
    [31, false],
  ] as const)
    it(`${good ? "may" : "may not"} have a recovery window of ${days} days`, () => {
      assert.equal(tinyWorld(secretsmanager).check(SECRET, { recoveryWindowInDays: days }).length === 0, good);
    });
});

describe("Secrets Manager: what belongs to a secret", () => {
  it("is a version, by the secret's ARN or name", () => {
    const { cloud, secret } = withSecret();
    for (const secretId of [secret.id, "app/db"]) {
      const version = cloud.create(VERSION, secretId, { secretId, secretString: "s" });
      assert.equal(version.outputs["secretArn"], secret.id);
      assert.equal(version.id, `${secret.id}|${textIn(version.outputs, "versionId")}`);
      assert.deepEqual(version.outputs["versionStages"], ["AWSCURRENT"]);
    }
    assertRefused(() => cloud.create(VERSION, "x", { secretId: "none" }), "ResourceNotFoundException");
    assert.equal(cloud.check(VERSION, { secretString: "s".repeat(65_537) })[0]?.property, "secretString");
    assert.equal(cloud.check(VERSION, { secretBinary: "not base64" })[0]?.property, "secretBinary");
  });

  it("is a policy that is well formed and, where that is blocked, not public", () => {
    const { cloud, secret } = withSecret();
    const everyone = policy({ Principal: "*" });
    cloud.create(POLICY, "a", { secretArn: secret.id, policy: everyone });
    const blocked = { secretArn: secret.id, blockPublicPolicy: true };
    assertRefused(() => cloud.create(POLICY, "b", { ...blocked, policy: everyone }), "PublicPolicyException");
    assertRefused(
      () => cloud.create(POLICY, "c", { ...blocked, policy: policy({}) }),
      "MalformedPolicyDocumentException",
    );
    assertRefused(
      () => cloud.create(POLICY, "d", { ...blocked, secretArn: `${secret.id}x`, policy: everyone }),
      "ResourceNotFoundException",
    );
  });

  it("is rotation, of a value that exists, by a function that exists", () => {
    const { cloud, secret } = withSecret();
    const rotationLambdaArn = "arn:aws:lambda:us-east-1:111122223333:function:rotate";
    const inputs = { secretId: secret.id, rotationLambdaArn, rotationRules: { automaticallyAfterDays: 30 } };
    assertRefused(() => cloud.create(ROTATION, "a", inputs), "AccessDeniedException");
    const lambdas = tinyWorld(secretsmanager, {
      resources: { "aws:lambda/function:Function": { computed: () => ({ arn: rotationLambdaArn }) } },
    });
    lambdas.create("aws:lambda/function:Function", "rotate", {});
    const fresh = lambdas.create(SECRET, "db", { name: "app/db" });
    assertRefused(
      () => lambdas.create(ROTATION, "a", { ...inputs, secretId: fresh.id }),
      "InvalidRequestException",
      /no value/,
    );
    lambdas.create(VERSION, "v", { secretId: fresh.id, secretString: "s" });
    assert.equal(lambdas.create(ROTATION, "a", { ...inputs, secretId: fresh.id }).id, fresh.id);
  });

  it("is rotation with rules, or none at all", () => {
    const cloud = tinyWorld(secretsmanager);
    assert.equal(cloud.check(ROTATION, {})[0]?.property, "rotationRules");
    assert.equal(cloud.check(ROTATION, { rotationEnabled: false, rotationRules: {} })[0]?.property, "rotationRules");
    assert.deepEqual(cloud.check(ROTATION, { rotationEnabled: false }), []);
  });
});
