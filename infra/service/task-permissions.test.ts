import assert from "node:assert/strict";
import { createSignUpload } from "../../api/src/media/upload-form.ts";
import { extensions, purposes, type UploadPurpose, uploadKey } from "../../api/src/media/upload-rules.ts";
import { valueOf } from "../capture.ts";
import { readableBy } from "../media/bucket.ts";
import { executionPolicy, taskPolicy, type TaskAccess } from "./task-permissions.ts";

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}

const statements = async (policy: ReturnType<typeof executionPolicy>) =>
  (JSON.parse(await valueOf(policy)) as { Statement: readonly Statement[] }).Statement;

const keyArn = "arn:aws:kms:us-east-1:123456789012:key/secrets";
const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf";
const viaSecretsManager = {
  StringEquals: {
    "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
    "kms:EncryptionContext:SecretARN": [secretArn],
  },
};

const needs = {
  region: "us-east-1",
  repositoryArn: "arn:aws:ecr:us-east-1:123456789012:repository/api",
  logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:/api",
  secretArns: [secretArn],
  secretsKeyArn: keyArn,
};

const ofTask = (access: TaskAccess) => taskPolicy(access, keyArn, "us-east-1");

describe("the execution role's policy", () => {
  it("allows one repository, one log group, and exactly the injected secrets", async () => {
    assert.deepEqual(
      (await statements(executionPolicy(needs))).map(({ Action, Resource }) => [Action, Resource]),
      [
        [["ecr:GetAuthorizationToken"], ["*"]],
        [["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], [needs.repositoryArn]],
        [["logs:CreateLogStream", "logs:PutLogEvents"], [`${needs.logGroupArn}:*`]],
        [["secretsmanager:GetSecretValue"], [secretArn]],
        [["kms:Decrypt"], [keyArn]],
      ],
    );
  });

  it("decrypts through Secrets Manager alone, and nothing where no secret is injected", async () => {
    const [last] = (await statements(executionPolicy(needs))).slice(-1);
    assert.deepEqual(last?.Condition, viaSecretsManager);
    const without = await statements(executionPolicy({ ...needs, secretArns: [] }));
    assert.ok(!without.some(({ Action }) => Action.some((action) => /^(secretsmanager|kms):/.test(action))));
  });
});

describe("the task role's policy", () => {
  it("is none where the task may do nothing", () => {
    assert.equal(ofTask({}), undefined);
    assert.equal(ofTask({ secretArns: [] }), undefined);
  });

  const cases: readonly [what: string, access: TaskAccess, allowed: readonly unknown[]][] = [
    [
      "the cache as one user",
      { cache: { replicationGroupArn: "arn:group", userArn: "arn:user" } },
      [[["elasticache:Connect"], ["arn:group", "arn:user"]]],
    ],
    [
      "one deployed configuration",
      { runtimeConfigArn: "arn:configuration" },
      [[["appconfig:StartConfigurationSession", "appconfig:GetLatestConfiguration"], ["arn:configuration"]]],
    ],
    [
      "uploads under temp/ and users/",
      { uploadsBucketArn: "arn:aws:s3:::media" },
      [[["s3:PutObject"], ["arn:aws:s3:::media/temp/*", "arn:aws:s3:::media/users/*"]]],
    ],
    [
      "secrets that are read while it runs, with their key",
      { secretArns: [secretArn] },
      [
        [["secretsmanager:GetSecretValue"], [secretArn]],
        [["kms:Decrypt"], [keyArn]],
      ],
    ],
  ];
  for (const [what, access, allowed] of cases) {
    it(`allows ${what}, and no more`, async () => {
      const policy = ofTask(access) ?? assert.fail("no policy");
      assert.deepEqual(
        (await statements(policy)).map(({ Action, Resource }) => [Action, Resource]),
        allowed,
      );
    });
  }

  it("allows where the API puts an upload of every purpose, whatever the user is called", async () => {
    const [uploads] = await statements(ofTask({ uploadsBucketArn: "arn:aws:s3:::media" }) ?? assert.fail("no policy"));
    const folders = uploads?.Resource.map((resource) => resource.replace(/\*$/, "")) ?? [];
    const keys = (Object.keys(purposes) as UploadPurpose[]).flatMap((purpose) =>
      ["user-1", "a/../../b"].map((user) => `arn:aws:s3:::media/${uploadKey(purpose, user, "image/png", "name")}`),
    );
    const used = keys.map((key) => folders.find((folder) => key.startsWith(folder)));
    assert.deepEqual([...new Set(used)].sort(), folders);
    for (const key of keys) assert.doesNotMatch(key, /\/\.\.\//);
  });

  it("signs forms that the bucket's policy takes: over TLS, and with nothing that only a key or an ACL would need", async () => {
    const sign = createSignUpload({
      bucket: "media",
      region: "us-east-1",
      credentials: () => Promise.resolve({ accessKeyId: "id", secretAccessKey: "key", sessionToken: "token" }),
    });
    for (const contentType of Object.keys(extensions) as (keyof typeof extensions)[]) {
      const { url, fields } = await sign({ key: "temp/user-1/name.png", contentType, maxBytes: 1 });
      assert.match(url, /^https:\/\//);
      assert.deepEqual(
        Object.keys(fields).filter((field) => /acl|encryption|tagging/i.test(field)),
        [],
      );
    }
    const denied = (await statements(readableBy("arn:aws:s3:::media", "arn:distribution"))).filter(
      ({ Effect }) => Effect === "Deny",
    );
    assert.deepEqual(
      denied.map(({ Condition }) => Object.keys(Object.values(Condition as Record<string, object>)[0] ?? {})),
      [["aws:SecureTransport"], ["s3:TlsVersion"]],
    );
  });
});
