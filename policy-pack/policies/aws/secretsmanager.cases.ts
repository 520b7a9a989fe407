import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { OWN, object, text } from "../../test/sent/policy.ts";

const KEY = `arn:aws:kms:us-east-1:${OWN}:key/1`;
const ARN = `arn:aws:secretsmanager:us-east-1:${OWN}:secret:secrets/jwt-signing-keys-a1b2`;

const secret = (props: Sent["props"] = {}, more: Partial<Sent> = {}): Sent => ({
  type: "aws:secretsmanager/secret:Secret",
  name: "secrets/jwt-signing-keys",
  props,
  ...more,
});
const rotation = (rotationRules: Json, props: Sent["props"] = {}): Sent => ({
  type: "aws:secretsmanager/secretRotation:SecretRotation",
  name: "rotation",
  props: { secretId: ARN, rotationRules, ...props },
});
const policy = (document: Json, props: Sent["props"] = { blockPublicPolicy: true }): Sent => ({
  type: "aws:secretsmanager/secretPolicy:SecretPolicy",
  props: { secretArn: ARN, policy: document, ...props },
});
const version = (props: Sent["props"]): Sent => ({
  type: "aws:secretsmanager/secretVersion:SecretVersion",
  props: { secretId: ARN, ...props },
});

const READER = {
  Principal: { AWS: `arn:aws:iam::${OWN}:role/api` },
  Action: "secretsmanager:GetSecretValue",
  Resource: "*",
};

const rows = (
  rule: string,
  list: readonly (readonly [when: string, given: Case["given"], result: Case["result"]])[],
): readonly Case[] => list.map(([when, given, result]) => ({ rule, when, given, result }));

export const cases: readonly Case[] = [
  ...rows("secretsmanager-secret-rotates", [
    ["it does", [secret({ arn: ARN }), rotation({ automaticallyAfterDays: 30 })], "passes"],
    [
      "it does, and neither ARN is known",
      [
        secret({ arn: UNKNOWN }),
        { ...rotation({}, { secretId: UNKNOWN }), references: { secretId: ["secrets/jwt-signing-keys"] } },
      ],
      "passes",
    ],
    ["nothing rotates it", [secret({ arn: ARN })], [/name: nothing rotates "secrets\/jwt-signing-keys"/]],
    [
      "another one is rotated",
      [secret({ arn: "arn:b" }), rotation({ automaticallyAfterDays: 30 })],
      [/nothing rotates/],
    ],
    ["there are no secrets", [rotation({})], "passes"],
  ]),
  {
    rule: "secretsmanager-secret-rotates",
    when: "another service issues it",
    given: [secret({}, { name: "secrets/mail-api-key" }), secret({}, { name: "secrets/own-mail-api-key" })],
    config: { changedByHand: ["mail-api-key"] },
    result: [/"secrets\/own-mail-api-key"/],
  },
  ...rows("secretsmanager-rotation-interval", [
    ["it is 30 days", rotation({ automaticallyAfterDays: 30 }), "passes"],
    ["it is text", rotation({ automaticallyAfterDays: "30" }), "passes"],
    [
      "it is a year",
      rotation({ automaticallyAfterDays: 365 }),
      [/rotationRules\.automaticallyAfterDays: the value stays the same for up to 365 days/],
    ],
    ["it is unknown", rotation({ automaticallyAfterDays: UNKNOWN }), [/not known at preview/]],
    ["there are no rules", rotation({}), [/rotationRules\.automaticallyAfterDays: it names no interval/]],
    ["a schedule is short", rotation({ scheduleExpression: "rate(10 days)" }), "passes"],
    ["a schedule is in hours", rotation({ scheduleExpression: "rate(12 hours)" }), "passes"],
    [
      "a schedule is long",
      rotation({ scheduleExpression: "rate(120 days)" }),
      [/rotationRules\.scheduleExpression: .*120 days/],
    ],
    ["a schedule is monthly", rotation({ scheduleExpression: "cron(0 8 1 * ? *)" }), "passes"],
    ["a schedule is every second month", rotation({ scheduleExpression: "cron(0 8 1 1/2 ? *)" }), "passes"],
    ["a schedule is yearly", rotation({ scheduleExpression: "cron(0 8 1 6 ? *)" }), [/366 days/]],
    ["a schedule is none", rotation({ scheduleExpression: "often" }), [/it names no interval/]],
    [
      "it is turned off",
      rotation({ automaticallyAfterDays: 30 }, { rotationEnabled: false }),
      [/rotationEnabled: it is false/],
    ],
  ]),
  ...rows("secretsmanager-secret-own-key", [
    ["it has one", secret({ kmsKeyId: KEY }), "passes"],
    ["it has none", secret(), [/kmsKeyId: it is not set/]],
    ["it names AWS's", secret({ kmsKeyId: "alias/aws/secretsmanager" }), [/kmsKeyId: it is the key that AWS makes/]],
    ["it is unknown", secret({ kmsKeyId: UNKNOWN }), "waits"],
    [
      "a copy has none",
      secret({ kmsKeyId: KEY, replicas: [{ region: "us-west-2" }] }),
      [/replicas\[0\]\.kmsKeyId: it is not set/],
    ],
    ["a copy has one", secret({ kmsKeyId: KEY, replicas: [{ region: "us-west-2", kmsKeyId: KEY }] }), "passes"],
    [
      "a copy's is unknown, and it has none",
      secret({ replicas: [{ region: "us-west-2", kmsKeyId: UNKNOWN }] }),
      [/\nkmsKeyId: it is not set/],
    ],
  ]),
  ...rows("secretsmanager-policy-not-public", [
    ["one role reads it", policy(text(READER)), "passes"],
    ["everybody reads it", policy(text({ ...READER, Principal: "*" })), [/policy: statement 1 allows every principal/]],
    [
      "everybody reads it, by its own policy",
      secret({ policy: text({ ...READER, Principal: { AWS: "*" } }) }),
      [/policy: statement 1/],
    ],
    ["everybody but one is denied", policy(text(READER, { ...READER, Effect: "Deny", Principal: "*" })), "passes"],
    ["who reads it is unknown", policy(object({ ...READER, Principal: { AWS: UNKNOWN } })), "waits"],
    ["the policy is unknown", policy(UNKNOWN), "waits"],
    ["it has none", secret(), "passes"],
    ["the policy is no property", { ...policy(""), props: { secretArn: ARN, blockPublicPolicy: true } }, "passes"],
    [
      "public policies are not refused",
      policy(text(READER), { blockPublicPolicy: false }),
      [/blockPublicPolicy: it is false/],
    ],
    ["nothing is said of public policies", policy(text(READER), {}), [/blockPublicPolicy: it is not set/]],
    [
      "what is said of them is unknown",
      policy(text(READER), { blockPublicPolicy: UNKNOWN }),
      [/blockPublicPolicy: its value is not known/],
    ],
    ["what is said of them is text", policy(text(READER), { blockPublicPolicy: "true" }), "passes"],
  ]),
  ...rows("secretsmanager-recovery-window", [
    ["nothing is said", secret(), "passes"],
    ["it is a week", secret({ recoveryWindowInDays: 7 }), "passes"],
    ["there is none", secret({ recoveryWindowInDays: 0 }), [/recoveryWindowInDays: it is 0, and must be at least 7/]],
    ["there is none, as text", secret({ recoveryWindowInDays: "0" }), [/recoveryWindowInDays/]],
    ["it is unknown", secret({ recoveryWindowInDays: UNKNOWN }), [/not known at preview/]],
  ]),
  ...rows("secretsmanager-value-not-in-state", [
    ["the value is only written", version({ secretStringWo: "a", secretStringWoVersion: 1 }), "passes"],
    ["the value is kept", version({ secretString: "a" }), [/secretString: the value is kept in the stack's state/]],
    ["the value is kept in binary", version({ secretBinary: "YQ==" }), [/secretBinary/]],
    ["the value is kept, and unknown", version({ secretString: UNKNOWN }), [/secretString/]],
    ["there is none", version({}), "passes"],
  ]),
];
