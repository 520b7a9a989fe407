import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { parseKeySet } from "../api/src/auth/key-set.ts";
import { capture, only, valueOf, type CapturedResource } from "./capture.ts";
import { Secrets, type SecretsArgs } from "./secrets.ts";
import { choicesOf } from "./settings/environments.ts";
import { readersOf, secretEntries, secretsOf } from "./settings/secrets.ts";

const account = "111122223333";
const role = (name: string) => `arn:aws:iam::${account}:role/groundwork-staging-${name}`;
const reader = role("task");

const args: SecretsArgs = {
  entries: {
    "jwt-signing-keys": secretEntries["jwt-signing-keys"],
    "mail-api-key": secretEntries["mail-api-key"],
    "sentry-dsn": secretEntries["sentry-dsn"],
  },
  readers: { "jwt-signing-keys": reader, "mail-api-key": role("execution") },
  accountId: account,
  region: "us-east-1",
};
const rotation = { logKeyArn: `arn:aws:kms:us-east-1:${account}:key/logs` };

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal: unknown;
  readonly Action: string;
  readonly Condition?: unknown;
}

const ofType = (resources: readonly CapturedResource[], type: string) =>
  resources.filter((resource) => resource.type === type);
const statementsOf = (policy: unknown) =>
  (JSON.parse(policy as string) as { Statement: readonly Statement[] }).Statement;

/** The statements of an entry's resource policy. */
function policyOf(resources: readonly CapturedResource[], entry: string): readonly Statement[] {
  const policies = ofType(resources, "aws:secretsmanager/secretPolicy:SecretPolicy");
  const { inputs } = policies.find(({ name }) => name.endsWith(entry)) ?? assert.fail(`no policy of ${entry}`);
  assert.equal(inputs["blockPublicPolicy"], true);
  return statementsOf(inputs["policy"]);
}

describe("the secrets", () => {
  let secrets: Secrets;
  let resources: readonly CapturedResource[];
  before(async () => {
    ({ result: secrets, resources } = await capture(
      () => new Secrets("groundwork-staging-secrets", { ...args, rotation }),
    ));
  });

  it("are entries under a key of their own, restorable for 30 days unless told otherwise", async () => {
    const entries = ofType(resources, "aws:secretsmanager/secret:Secret");
    assert.deepEqual(
      entries.map(({ name }) => name),
      Object.keys(args.entries).map((entry) => `groundwork-staging-secrets/${entry}`),
    );
    const keyArn = await valueOf(secrets.keyArn);
    for (const { inputs } of entries) {
      assert.equal(inputs["kmsKeyId"], keyArn);
      assert.equal(inputs["recoveryWindowInDays"], 30);
      assert.equal(inputs["replicas"], undefined);
    }
    assert.deepEqual(Object.keys(await valueOf(secrets.arns)), Object.keys(args.entries));
  });

  it("begin with a key set where keys are made here, and without a value everywhere else", () => {
    const { inputs } = only(resources, "aws:secretsmanager/secretVersion:SecretVersion");
    assert.equal(inputs["secretId"], "groundwork-staging-secrets/jwt-signing-keys-id");
    assert.ok(pulumi.runtime.isRpcSecret(inputs["secretStringWo"]), "it stands in clear");
    const { current, previous, next } = parseKeySet(pulumi.runtime.unwrapRpcSecret(inputs["secretStringWo"]) as string);
    assert.equal(previous, null);
    assert.notEqual(current.kid, next.kid);
    assert.equal(inputs["secretString"], undefined, "what is not write-only is read back by whoever refreshes");
  });

  it("begin with random text where text is made here", async () => {
    const entries = { "cookie-signing-key": secretEntries["cookie-signing-key"] };
    const { resources: made } = await capture(() => new Secrets("s", { ...args, entries, readers: {} }));
    const { inputs } = only(made, "aws:secretsmanager/secretVersion:SecretVersion");
    assert.ok(pulumi.runtime.isRpcSecret(inputs["secretStringWo"]), "it stands in clear");
    assert.equal(only(made, "random:index/randomPassword:RandomPassword").inputs["length"], 64);
  });

  it("are known once they have the values that are made here: a task that starts before that fails", async () => {
    for (const entry of ["jwt-signing-keys", "cookie-signing-key"] as const) {
      const { resources: made } = await capture(() => {
        const { arns } = new Secrets("s", { ...args, entries: { [entry]: secretEntries[entry] }, readers: {} });
        new aws.ssm.Parameter("reader", { type: "String", value: arns.apply((all) => String(all[entry])) });
      });
      const { dependencies } = only(made, "aws:ssm/parameter:Parameter");
      assert.ok(
        dependencies.some((urn) => urn.includes("secretVersion:SecretVersion")),
        entry,
      );
    }
  });

  it("are read by their one reader, and signing keys by the role that rotates them", () => {
    const rotator = "arn:aws:iam::123456789012:role/groundwork-staging-secrets-jwt-signing-keys-rotation";
    const [allow, deny, ...others] = policyOf(resources, "jwt-signing-keys");
    assert.deepEqual(others, []);
    assert.deepEqual([allow?.Effect, allow?.Principal], ["Allow", { AWS: reader }]);
    assert.deepEqual([deny?.Effect, deny?.Principal], ["Deny", "*"]);
    assert.deepEqual(deny?.Condition, { ArnNotEquals: { "aws:PrincipalArn": [reader, rotator] } });
    const [, denied] = policyOf(resources, "mail-api-key");
    assert.deepEqual(denied?.Condition, { ArnNotEquals: { "aws:PrincipalArn": [role("execution")] } });
  });

  it("are read by nobody where there is no reader", () => {
    const [deny, ...others] = policyOf(resources, "sentry-dsn");
    assert.deepEqual(others, []);
    assert.deepEqual([deny?.Effect, deny?.Principal, deny?.Condition], ["Deny", "*", undefined]);
  });

  it("lock nobody out: reading is all that is denied", () => {
    for (const entry of Object.keys(args.entries))
      for (const { Effect, Action } of policyOf(resources, entry))
        if (Effect === "Deny") assert.equal(Action, "secretsmanager:GetSecretValue");
  });

  it("have a key with which each reader decrypts its own entry, through Secrets Manager alone", () => {
    const [, ...statements] = statementsOf(only(resources, "aws:kms/key:Key").inputs["policy"]);
    assert.deepEqual(statements[0], {
      Sid: "Reads jwt-signing-keys",
      Effect: "Allow",
      Principal: { AWS: reader },
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: {
        StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" },
        StringLike: {
          "kms:EncryptionContext:SecretARN": `arn:aws:secretsmanager:us-east-1:${account}:secret:groundwork-staging-secrets/jwt-signing-keys-*`,
        },
      },
    });
    assert.deepEqual(
      statements.map(({ Principal }) => Principal),
      [{ AWS: reader }, { AWS: role("execution") }],
    );
  });

  it("rotate signing keys alone", async () => {
    const { inputs } = only(resources, "aws:secretsmanager/secretRotation:SecretRotation");
    assert.match(inputs["secretId"] as string, /jwt-signing-keys$/);
    assert.deepEqual(await valueOf(secrets.rotationFunctionNames), [
      "groundwork-staging-secrets-jwt-signing-keys-rotation-0a1b2c3",
    ]);
  });

  it("do not rotate unless told to", async () => {
    const { resources: without } = await capture(() => new Secrets("groundwork-preview-x-secrets", args));
    assert.deepEqual(ofType(without, "aws:lambda/function:Function"), []);
    const [, deny] = policyOf(without, "jwt-signing-keys");
    assert.deepEqual(deny?.Condition, { ArnNotEquals: { "aws:PrincipalArn": [reader] } });
  });

  it("have copies in the recovery region where they are asked for, under a key there", async () => {
    const { resources: copied } = await capture(() => {
      const provider = new aws.Provider("recovery", { region: "us-west-2" });
      return new Secrets("groundwork-production-secrets", { ...args, replica: { region: "us-west-2", provider } });
    });
    for (const { inputs } of ofType(copied, "aws:secretsmanager/secret:Secret"))
      assert.deepEqual(inputs["replicas"], [
        { region: "us-west-2", kmsKeyId: "arn:aws:kms:us-east-1:123456789012:groundwork-production-secrets-replica" },
      ]);
    const there = ofType(copied, "aws:kms/key:Key").find(({ name }) => name.endsWith("-replica"));
    assert.match(there?.provider ?? "", /pulumi:providers:aws::recovery::/);
    assert.match(there?.inputs["policy"] as string, /secretsmanager\.us-west-2\.amazonaws\.com/);
  });

  const refused: readonly [what: string, over: Partial<SecretsArgs>, says: RegExp][] = [
    ...[1, 6, 7.5, 31, -1].map((days): [string, Partial<SecretsArgs>, RegExp] => [
      `a recovery window of ${days} days`,
      { recoveryWindowDays: days },
      /recoveryWindowDays: /,
    ]),
    [
      "an entry whose name is no name",
      { entries: { "Mail Key": secretEntries["mail-api-key"] }, readers: {} },
      /entries: 0: must be/,
    ],
    ["a reader of an entry that is none", { readers: { "mail-key": reader } }, /readers: 0: is no entry/],
    [
      "a reader that is no role",
      { readers: { "mail-api-key": `arn:aws:iam::${account}:root` } },
      /readers\.mail-api-key: must be the ARN of a role/,
    ],
  ];
  for (const [what, over, says] of refused)
    it(`refuse ${what}`, async () => {
      await assert.rejects(
        capture(() => new Secrets("s", { ...args, ...over })),
        says,
      );
    });
});

describe("the secrets of a stack that borrows its key", () => {
  const sharedKeyArn = `arn:aws:kms:us-east-1:${account}:key/staging`;

  it("have no key and no policy beside them, and are read by their one reader all the same", async () => {
    const { resources, result } = await capture(
      () => new Secrets("groundwork-preview-x-secrets", { ...args, sharedKeyArn }),
    );
    assert.equal(await valueOf(result.keyArn), sharedKeyArn);
    for (const type of ["aws:kms/key:Key", "aws:secretsmanager/secretPolicy:SecretPolicy"])
      assert.deepEqual(ofType(resources, type), []);
    for (const { name, inputs } of ofType(resources, "aws:secretsmanager/secret:Secret")) {
      assert.equal(inputs["kmsKeyId"], sharedKeyArn);
      const wanted = args.readers?.[name.split("/")[1] ?? ""];
      const [first, ...rest] = statementsOf(inputs["policy"]).toReversed();
      assert.deepEqual([first?.Sid, first?.Effect, first?.Principal], ["NobodyElse", "Deny", "*"], name);
      assert.deepEqual(
        rest.map(({ Effect, Principal }) => [Effect, Principal]),
        wanted === undefined ? [] : [["Allow", { AWS: wanted }]],
        name,
      );
    }
  });

  it("are not rotated: that asks for a key of their own", async () => {
    const both = capture(() => new Secrets("groundwork-preview-x-secrets", { ...args, rotation, sharedKeyArn }));
    await assert.rejects(both, /Error: sharedKeyArn: leaves no room for rotation and copies/);
  });
});

describe("the table of secrets", () => {
  it("gives a preview only what is made with it: no third party's key reaches one", () => {
    assert.ok(Object.keys(secretsOf("preview")).length > 0);
    for (const [name, entry] of Object.entries(secretsOf("preview"))) assert.notEqual(entry.origin, "provided", name);
  });

  it("has the routing key of pages where somebody is paged, and otherwise the same everywhere", () => {
    const { "pagerduty-routing-key": key, ...others } = secretsOf("production");
    assert.equal(key?.reader, "paging");
    assert.deepEqual(others, secretsOf("staging"));
    const { monitoring } = choicesOf("production");
    assert.deepEqual(secretsOf("production", { monitoring: { ...monitoring, paging: false } }), others);
  });

  for (const environment of ["production", "staging", "preview"] as const)
    it(`has no entry in ${environment} that nobody reads there`, () => {
      const { paging } = choicesOf(environment).monitoring;
      const entries = secretsOf(environment);
      const readers = readersOf(entries, { task: "t", execution: "e", ...(paging && { paging: "p" }) });
      assert.deepEqual(Object.keys(readers), Object.keys(entries));
    });

  it("gives each entry its reader's role, and none where the environment has no such reader", () => {
    assert.deepEqual(readersOf(secretsOf("staging"), { task: "t", execution: "e" }), {
      "jwt-signing-keys": "t",
      "cookie-signing-key": "e",
      "datadog-api-key": "e",
      "sentry-dsn": "e",
      "mail-api-key": "e",
    });
  });
});
