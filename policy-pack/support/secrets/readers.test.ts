import assert from "node:assert/strict";
import { resource, unknown } from "../../test/resource.ts";
import type { StackResource } from "../rule.ts";
import { stackFrom } from "../stack.ts";
import type { Plain, PlainMap } from "../unknown.ts";
import type { Verdict } from "../verdict.ts";
import { SECRET, secretReaders } from "./readers.ts";

const ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:mail-AbCdEf";
const ROLE = "aws:iam/role:Role";

const secret = resource(SECRET, "mail", { id: ARN, arn: ARN });
const role = (name: string): StackResource =>
  resource(ROLE, name, { name, arn: `arn:aws:iam::111122223333:role/${name}` });
const [runs, starts] = [role("runs"), role("starts")];
const task = (container: Plain, references: Readonly<Record<string, readonly StackResource[]>> = {}): StackResource =>
  resource(
    "aws:ecs/taskDefinition:TaskDefinition",
    "api",
    {
      taskRoleArn: runs.props["arn"],
      executionRoleArn: starts.props["arn"],
      containerDefinitions: container === unknown ? unknown : JSON.stringify([container]),
    },
    references,
  );
const lambda = (variables: PlainMap, references = {}): StackResource =>
  resource(
    "aws:lambda/function:Function",
    "rotate",
    { arn: "arn:rotate", role: runs.props["arn"], environment: { variables } },
    references,
  );

describe("what needs a secret", () => {
  const needs = (...resources: readonly StackResource[]): readonly string[] =>
    secretReaders(stackFrom([secret, runs, starts, ...resources])).needs.map(
      ({ by, property, role: reader }) => `${by.name} ${property} ${reader.name}`,
    );

  it("is a container by the role that starts it, and its code by the role of its own", () => {
    const container = {
      name: "api",
      secrets: [{ name: "MAIL", valueFrom: `${ARN}:key::` }],
      environment: [{ name: "SECRET_ARN", value: ARN }],
    };
    assert.deepEqual(needs(task(container)), [
      "api containerDefinitions[0].secrets[0].valueFrom starts",
      "api containerDefinitions[0].environment[0].value runs",
    ]);
  });

  it("is its log, and its registry", () => {
    const container = {
      logConfiguration: { secretOptions: [{ name: "KEY", valueFrom: ARN }] },
      repositoryCredentials: { credentialsParameter: ARN },
    };
    assert.deepEqual(needs(task(container)), [
      "api containerDefinitions[0].logConfiguration.secretOptions[0].valueFrom starts",
      "api containerDefinitions[0].repositoryCredentials.credentialsParameter starts",
    ]);
  });

  it("may be either role while the containers are not known", () => {
    assert.deepEqual(needs(task(unknown, { containerDefinitions: [secret] })), [
      "api containerDefinitions starts",
      "api containerDefinitions runs",
    ]);
  });

  it("is a function by its variables, and the one that rotates the secret", () => {
    const rotation = resource("aws:secretsmanager/secretRotation:SecretRotation", "rotation", {
      secretId: ARN,
      rotationLambdaArn: "arn:rotate",
    });
    assert.deepEqual(needs(lambda({ SECRET_ARN: ARN })), ["rotate environment.variables.SECRET_ARN runs"]);
    assert.deepEqual(needs(lambda({}), rotation), ["rotation rotationLambdaArn runs"]);
    assert.deepEqual(needs(lambda({ SECRET_ARN: unknown }, { environment: [secret] })), [
      "rotate environment.variables runs",
    ]);
  });

  it("is nothing that names another secret", () => {
    assert.deepEqual(needs(task({ secrets: [{ name: "A", valueFrom: `${ARN}2` }] }), lambda({ A: "info" })), []);
  });
});

describe("who may read a secret", () => {
  const document = (...statements: readonly PlainMap[]): string => JSON.stringify({ Statement: statements });
  const read = { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "*" };
  const given = (policy: Plain): StackResource =>
    resource("aws:iam/rolePolicy:RolePolicy", "given", { role: "runs", policy });
  const of = (policy: Plain): StackResource =>
    resource("aws:secretsmanager/secretPolicy:SecretPolicy", "policy", { secretArn: ARN, policy });
  const attached = (policyArn: string): StackResource =>
    resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attached", { role: "runs", policyArn });

  const rows: readonly (readonly [when: string, resources: readonly StackResource[], verdict: Verdict])[] = [
    ["nothing is said", [], false],
    ["its own policy lets it", [given(document(read))], true],
    ["a policy of AWS lets it read all", [attached("arn:aws:iam::aws:policy/SecretsManagerReadWrite")], true],
    ["a policy of AWS lets it do something else", [attached("arn:aws:iam::aws:policy/AmazonS3FullAccess")], false],
    ["the secret's policy names it", [of(document({ ...read, Principal: { AWS: runs.props["arn"] } }))], true],
    ["the secret's policy names another", [of(document({ ...read, Principal: { AWS: starts.props["arn"] } }))], false],
    [
      "the secret's policy denies it to all others",
      [
        given(document(read)),
        of(
          document({
            ...read,
            Effect: "Deny",
            Principal: "*",
            Condition: { ArnNotEquals: { "aws:PrincipalArn": starts.props["arn"] } },
          }),
        ),
      ],
      false,
    ],
    [
      "the secret's policy denies it where something else holds",
      [
        given(document(read)),
        of(
          document({
            ...read,
            Effect: "Deny",
            Principal: "*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          }),
        ),
      ],
      true,
    ],
    ["the secret's policy is not known", [given(document(read)), of(unknown)], unknown],
  ];
  for (const [when, resources, verdict] of rows)
    it(`is told where ${when}`, () => {
      const { identities, mayRead } = secretReaders(stackFrom([secret, runs, ...resources]));
      const [identity] = identities;
      assert.ok(identity !== undefined);
      assert.equal(mayRead(identity, secret), verdict);
    });
});
