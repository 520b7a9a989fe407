import assert from "node:assert/strict";
import type { Properties } from "../../values/value.ts";
import type { CloudResource } from "../service.ts";
import { iam } from "./iam.ts";
import { kms } from "./kms.ts";
import { lambda } from "./lambda.ts";
import { secretsmanager } from "./secretsmanager.ts";
import { assertRefused, PRODUCTION, STAGING, type TinyWorld, textIn, tinyWorld } from "./tiny-world.ts";

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

describe("Secrets Manager: a copy in another region", () => {
  const WEST = { ...PRODUCTION, region: "us-west-2" };

  it("is in step, under a key of that region", () => {
    const cloud = tinyWorld(secretsmanager, kms);
    const key = textIn(cloud.create("aws:kms/key:Key", "west", {}, WEST).outputs, "arn");
    const inputs = { name: "app/db", replicas: [{ region: "us-west-2", kmsKeyId: key }] };
    const [replica] = cloud.create(SECRET, "db", inputs).outputs["replicas"] as Properties[];
    assert.deepEqual([replica?.["status"], replica?.["kmsKeyId"]], ["InSync", key]);
    const here = textIn(cloud.create("aws:kms/key:Key", "east", {}).outputs, "arn");
    assertRefused(
      () => cloud.create(SECRET, "b", { name: "b", replicas: [{ region: "us-west-2", kmsKeyId: here }] }),
      "InvalidParameterException",
      /does not exist in the region us-west-2/,
    );
  });

  it("is in another region, once", () => {
    const { cloud, secret } = withSecret();
    for (const regions of [["us-east-1"], ["us-west-2", "us-west-2"]]) {
      const replicas = regions.map((region) => ({ region }));
      assertRefused(() => cloud.create(SECRET, "b", { name: "b", replicas }), "InvalidParameterException");
      assertRefused(() => cloud.update(secret, { name: "app/db", replicas }), "InvalidParameterException");
    }
  });

  it("takes the name there, and fails quietly where it is taken", () => {
    const cloud = tinyWorld(secretsmanager, kms);
    const replicas = [{ region: "us-west-2" }];
    cloud.create(SECRET, "db", { name: "app/db", replicas });
    assertRefused(() => cloud.create(SECRET, "west", { name: "app/db" }, WEST), "ResourceExistsException");
    cloud.create(SECRET, "other", { name: "app/other" }, WEST);
    const [replica] = cloud.create(SECRET, "a", { name: "app/other", replicas }).outputs["replicas"] as Properties[];
    assert.equal(replica?.["status"], "Failed");
  });

  it("lies in a region that there is", () => {
    const inputs = { name: "app/db", replicas: [{ region: "us-mars-1" }] };
    const cloud = tinyWorld(secretsmanager, kms);
    assertRefused(() => cloud.create(SECRET, "db", inputs), "InvalidParameterException", /us-mars-1 is no region/);
  });

  it("replaces what is there where it is told to", () => {
    const cloud = tinyWorld(secretsmanager, kms);
    cloud.create(SECRET, "west", { name: "app/db" }, WEST);
    const inputs = { name: "app/db", replicas: [{ region: "us-west-2" }], forceOverwriteReplicaSecret: true };
    const [replica] = cloud.create(SECRET, "db", inputs).outputs["replicas"] as Properties[];
    assert.equal(replica?.["status"], "InSync");
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
    for (const value of [{}, { secretString: "" }])
      assertRefused(
        () => cloud.create(VERSION, "x", { secretId: secret.id, ...value }),
        "InvalidRequestException",
        /either SecretString or SecretBinary/,
      );
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

  const ROTATE = "arn:aws:lambda:us-east-1:111122223333:function:rotate";
  const rotating = (secret: CloudResource): Properties => ({
    secretId: secret.id,
    rotationLambdaArn: ROTATE,
    rotationRules: { automaticallyAfterDays: 30 },
  });

  /** A secret with a value, and a function that Secrets Manager may call as the permission says. */
  function withFunction(permission: Properties | undefined): { cloud: TinyWorld; secret: CloudResource } {
    const cloud = tinyWorld(secretsmanager, kms, iam, lambda);
    const assumeRolePolicy = JSON.stringify({
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
    });
    const role = textIn(cloud.create("aws:iam/role:Role", "r", { name: "r", assumeRolePolicy }).outputs, "arn");
    cloud.create("aws:lambda/function:Function", "rotate", {
      name: "rotate",
      role,
      runtime: "nodejs24.x",
      handler: "h.h",
    });
    const secret = cloud.create(SECRET, "db", { name: "app/db" });
    cloud.create(VERSION, "v", { secretId: secret.id, secretString: "s" });
    const inputs = { action: "lambda:InvokeFunction", function: "rotate", principal: "secretsmanager.amazonaws.com" };
    if (permission !== undefined) cloud.create("aws:lambda/permission:Permission", "p", { ...inputs, ...permission });
    return { cloud, secret };
  }

  it("is rotation, of a value that exists, by a function that exists", () => {
    const { cloud, secret } = withFunction({});
    assert.equal(cloud.create(ROTATION, "a", rotating(secret)).id, secret.id);
    const fresh = cloud.create(SECRET, "fresh", { name: "app/fresh" });
    assertRefused(() => cloud.create(ROTATION, "b", rotating(fresh)), "InvalidRequestException", /no value/);
    assertRefused(
      () => cloud.create(ROTATION, "c", { ...rotating(secret), rotationLambdaArn: `${ROTATE}-not` }),
      "AccessDeniedException",
      /cannot invoke/,
    );
  });

  it("is rotation by somebody", () => {
    const { cloud, secret } = withFunction({});
    const { rotationLambdaArn: _, ...nobody } = rotating(secret);
    assertRefused(() => cloud.create(ROTATION, "a", nobody), "InvalidRequestException", /No Lambda rotation function/);
  });

  for (const [rules, good] of [
    [{ scheduleExpression: "rate(4 hours)" }, true],
    [{ scheduleExpression: "cron(0 8 1 * ? *)" }, true],
    [{ scheduleExpression: "rate(1 hour)" }, false],
    [{ scheduleExpression: "rate(30 minutes)" }, false],
    [{ scheduleExpression: "cron(0 8 1 * *)" }, false],
    [{ scheduleExpression: "monthly" }, false],
    [{}, false],
  ] as const)
    it(`is ${good ? "rotation" : "no rotation"} by the rules ${JSON.stringify(rules)}`, () => {
      const { cloud, secret } = withFunction({});
      const rotate = () => cloud.create(ROTATION, "a", { ...rotating(secret), rotationRules: rules });
      if (good) rotate();
      else assertRefused(rotate, "InvalidParameterException");
    });

  const permissions: readonly [what: string, permission: Properties | undefined, good: boolean][] = [
    ["no permission", undefined, false],
    ["another service's permission", { principal: "s3.amazonaws.com" }, false],
    ["another action's permission", { action: "lambda:GetFunction" }, false],
    ["another account's permission", { sourceAccount: "444455556666" }, false],
    ["another secret's permission", { sourceArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:app/x" }, false],
    ["a permission for the account", { sourceAccount: "111122223333" }, true],
    ["a permission for secrets of its name", { sourceArn: "arn:aws:secretsmanager:*:*:secret:app/db-*" }, true],
  ];
  for (const [what, permission, good] of permissions)
    it(`is ${good ? "rotation" : "no rotation"} by a function with ${what}`, () => {
      const { cloud, secret } = withFunction(permission);
      const rotate = () => cloud.create(ROTATION, "a", rotating(secret));
      if (good) rotate();
      else assertRefused(rotate, "AccessDeniedException", /secretsmanager\.amazonaws\.com/);
    });

  it("is rotation with rules, or none at all", () => {
    const cloud = tinyWorld(secretsmanager);
    assert.equal(cloud.check(ROTATION, {})[0]?.property, "rotationRules");
    assert.equal(cloud.check(ROTATION, { rotationEnabled: false, rotationRules: {} })[0]?.property, "rotationRules");
    assert.deepEqual(cloud.check(ROTATION, { rotationEnabled: false }), []);
  });
});
