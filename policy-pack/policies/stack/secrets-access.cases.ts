import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { text } from "../../test/sent/policy.ts";

const GRANTED = "secrets-access-granted";
const EXCLUSIVE = "secrets-access-exclusive";

const ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:mail-AbCdEf";
const arnOf = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
const READ = "secretsmanager:GetSecretValue";

const secret = (props: Sent["props"] = {}): Sent => ({
  type: "aws:secretsmanager/secret:Secret",
  name: "mail",
  props: { id: ARN, arn: ARN, name: "mail", ...props },
});
const role = (name: string, props: Sent["props"] = {}): Sent => ({
  type: "aws:iam/role:Role",
  name,
  props: { id: name, name, arn: arnOf(name), ...props },
});
const statement = (more: Record<string, Json> = {}): string => text({ Action: READ, Resource: ARN, ...more });
const rolePolicy = (of: string, policy: Json = statement()): Sent => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  name: `${of}-policy`,
  props: { role: of, policy },
  references: { role: [of] },
});
const task = (container: Json, references: Sent["references"] = {}): Sent => ({
  type: "aws:ecs/taskDefinition:TaskDefinition",
  name: "api",
  props: {
    executionRoleArn: arnOf("execution"),
    taskRoleArn: arnOf("task"),
    containerDefinitions: container === UNKNOWN ? UNKNOWN : JSON.stringify([container]),
  },
  references,
});
const fetched = task({ name: "api", secrets: [{ name: "MAIL_KEY", valueFrom: ARN }] });
const named = task({ name: "api", environment: [{ name: "MAIL_SECRET_ARN", value: ARN }] });
const secretPolicy = (statements: Json): Sent => ({
  type: "aws:secretsmanager/secretPolicy:SecretPolicy",
  name: "policy",
  props: { secretArn: ARN, policy: statements === UNKNOWN ? UNKNOWN : JSON.stringify({ Statement: statements }) },
});
const nobodyBut = (...names: readonly string[]): Json => ({
  Effect: "Deny",
  Principal: "*",
  Action: READ,
  Resource: "*",
  Condition: { ArnNotEquals: { "aws:PrincipalArn": names.map(arnOf) } },
});
const allow = (name: string): Json => ({
  Effect: "Allow",
  Principal: { AWS: arnOf(name) },
  Action: READ,
  Resource: "*",
});
const lambda = (variables: Json): Sent => ({
  type: "aws:lambda/function:Function",
  name: "pager",
  props: {
    id: "pager",
    arn: "arn:aws:lambda:us-east-1:111122223333:function:pager",
    role: arnOf("pager"),
    environment: { variables },
  },
});
const roles = [role("execution"), role("task")];
const mail = [secret(), ...roles];

export const cases: readonly Case[] = [
  {
    rule: GRANTED,
    when: "the execution role may fetch it",
    given: [...mail, fetched, rolePolicy("execution")],
    result: "passes",
  },
  {
    rule: GRANTED,
    when: "only the task role may",
    given: [...mail, fetched, rolePolicy("task")],
    result: [
      /containerDefinitions\[0\]\.secrets\[0\]\.valueFrom: it names the secret "mail", which the role "execution" cannot read/,
    ],
  },
  {
    rule: GRANTED,
    when: "a key in its value is fetched",
    given: [...mail, task({ name: "api", secrets: [{ name: "K", valueFrom: `${ARN}:key::` }] }), rolePolicy("task")],
    result: [/which the role "execution" cannot read/],
  },
  {
    rule: GRANTED,
    when: "the secret's own policy allows it",
    given: [...mail, fetched, secretPolicy([allow("execution")])],
    result: "passes",
  },
  {
    rule: GRANTED,
    when: "the secret's own policy denies it",
    given: [...mail, fetched, rolePolicy("execution"), secretPolicy([nobodyBut("task")])],
    result: [/"execution" cannot read/],
  },
  {
    rule: GRANTED,
    when: "the secret's own policy denies all others",
    given: [...mail, fetched, rolePolicy("execution"), secretPolicy([nobodyBut("execution")])],
    result: "passes",
  },
  {
    rule: GRANTED,
    when: "a boundary leaves it out",
    given: [
      secret(),
      role("execution", { permissionsBoundary: "arn:aws:iam::111122223333:policy/boundary" }),
      {
        type: "aws:iam/policy:Policy",
        name: "boundary",
        props: {
          arn: "arn:aws:iam::111122223333:policy/boundary",
          policy: text({ Action: "logs:*", Resource: "*" }),
        },
      },
      fetched,
      rolePolicy("execution"),
    ],
    result: [/"execution" cannot read/],
  },
  { rule: GRANTED, when: "the task reads it itself", given: [...mail, named, rolePolicy("task")], result: "passes" },
  {
    rule: GRANTED,
    when: "it is not known yet which of the two roles fetches it",
    given: [...mail, task(UNKNOWN, { containerDefinitions: ["mail"] }), rolePolicy("execution")],
    result: "waits",
  },
  {
    rule: GRANTED,
    when: "the task reads it itself, and may not",
    given: [...mail, named, rolePolicy("execution")],
    result: [/environment\[0\]\.value: it names the secret "mail", which the role "task" cannot read/],
  },
  {
    rule: GRANTED,
    when: "the log driver is given it",
    given: [...mail, task({ name: "api", logConfiguration: { secretOptions: [{ name: "apikey", valueFrom: ARN }] } })],
    result: [/secretOptions\[0\]\.valueFrom: it names the secret "mail"/],
  },
  {
    rule: GRANTED,
    when: "a function reads it",
    given: [secret(), role("pager"), lambda({ SECRET_ARN: ARN }), rolePolicy("pager")],
    result: "passes",
  },
  {
    rule: GRANTED,
    when: "a function reads it, and may read another",
    given: [
      secret(),
      role("pager"),
      lambda({ SECRET_ARN: ARN }),
      rolePolicy("pager", statement({ Resource: `${ARN}2` })),
    ],
    result: [/environment\.variables\.SECRET_ARN: it names the secret "mail", which the role "pager" cannot read/],
  },
  {
    rule: GRANTED,
    when: "a function that rotates it may not read it",
    given: [
      secret(),
      role("pager"),
      lambda({}),
      {
        type: "aws:secretsmanager/secretRotation:SecretRotation",
        name: "rotation",
        props: { secretId: ARN, rotationLambdaArn: "arn:aws:lambda:us-east-1:111122223333:function:pager" },
      },
    ],
    result: [/rotationLambdaArn: it names the secret "mail"/],
  },
  {
    rule: GRANTED,
    when: "the role's policy is unknown",
    given: [...mail, fetched, rolePolicy("execution", UNKNOWN)],
    result: "waits",
  },
  {
    rule: GRANTED,
    when: "the secret's own policy is unknown",
    given: [...mail, fetched, rolePolicy("execution"), secretPolicy(UNKNOWN)],
    result: "waits",
  },
  {
    rule: GRANTED,
    when: "nothing is known yet, and nobody is allowed anything",
    given: [secret({ id: UNKNOWN, arn: UNKNOWN }), ...roles, task(UNKNOWN, { containerDefinitions: ["mail"] })],
    result: [/"execution" cannot read/, /"task" cannot read/],
  },
  {
    rule: GRANTED,
    when: "it is another stack's",
    given: [...roles, fetched],
    result: "passes",
  },

  {
    rule: EXCLUSIVE,
    when: "only its reader may",
    given: [...mail, fetched, rolePolicy("execution")],
    result: "passes",
  },
  {
    rule: EXCLUSIVE,
    when: "another role may",
    given: [...mail, fetched, rolePolicy("execution"), rolePolicy("task")],
    result: [/policy: "task" may read it, and nothing that runs as "task" is given it/],
  },
  {
    rule: EXCLUSIVE,
    when: "another role may read everything, by a wildcard",
    given: [...mail, fetched, rolePolicy("task", statement({ Action: ["secretsmanager:Get*"], Resource: "*" }))],
    result: [/"task" may read it/],
  },
  {
    rule: EXCLUSIVE,
    when: "another role may do all but one thing",
    given: [
      ...mail,
      fetched,
      rolePolicy("task", JSON.stringify({ Statement: { Effect: "Allow", NotAction: "iam:*", Resource: "*" } })),
    ],
    result: [/"task" may read it/],
  },
  {
    rule: EXCLUSIVE,
    when: "another role may list what there is",
    given: [...mail, fetched, rolePolicy("task", statement({ Action: "secretsmanager:ListSecrets", Resource: "*" }))],
    result: "passes",
  },
  {
    rule: EXCLUSIVE,
    when: "another role is an administrator",
    given: [
      ...mail,
      fetched,
      {
        type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        name: "attachment",
        props: { role: "task", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
      },
    ],
    result: [/"task" may read it/],
  },
  {
    rule: EXCLUSIVE,
    when: "the secret's own policy denies all others",
    given: [...mail, fetched, rolePolicy("task"), secretPolicy([nobodyBut("execution")])],
    result: "passes",
  },
  {
    rule: EXCLUSIVE,
    when: "its denial has another condition",
    given: [
      ...mail,
      fetched,
      rolePolicy("task"),
      secretPolicy([
        {
          Effect: "Deny",
          Principal: "*",
          Action: READ,
          Resource: "*",
          Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1" } },
        },
      ]),
    ],
    result: [/"task" may read it/],
  },
  {
    rule: EXCLUSIVE,
    when: "the secret's own policy allows another",
    given: [...mail, fetched, secretPolicy([allow("execution"), allow("task")])],
    result: [/"task" may read it/],
  },
  {
    rule: EXCLUSIVE,
    when: "a person may",
    given: [
      ...mail,
      fetched,
      {
        type: "aws:iam/user:User",
        name: "jo",
        props: { id: "jo", name: "jo", arn: "arn:aws:iam::111122223333:user/jo" },
      },
      { type: "aws:iam/userPolicy:UserPolicy", name: "jo-policy", props: { user: "jo", policy: statement() } },
    ],
    result: [/"jo" may read it/],
  },
  {
    rule: EXCLUSIVE,
    when: "another role's policy is unknown",
    given: [...mail, fetched, rolePolicy("task", UNKNOWN)],
    result: "waits",
  },
  {
    rule: EXCLUSIVE,
    when: "one role's policy is unknown, and another may",
    given: [...mail, role("other"), fetched, rolePolicy("task", UNKNOWN), rolePolicy("other")],
    result: [/"other" may read it/],
  },
  {
    rule: EXCLUSIVE,
    when: "the task is unknown, and came from it",
    given: [...mail, task(UNKNOWN, { containerDefinitions: ["mail"] }), rolePolicy("execution"), rolePolicy("task")],
    result: "passes",
  },

  {
    rule: EXCLUSIVE,
    when: "its own policy lets everybody of the account read it",
    given: [
      ...mail,
      fetched,
      rolePolicy("execution"),
      secretPolicy([
        {
          ...(allow("x") as object),
          Principal: "*",
          Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } },
        },
      ]),
    ],
    result: [/policy: "task" may read it/],
  },
  {
    rule: EXCLUSIVE,
    when: "its own policy names a role that the stack does not have",
    given: [...mail, fetched, rolePolicy("execution"), secretPolicy([allow("developer")])],
    result: [/policy: "arn:aws:iam::111122223333:role\/developer" may read it, and is nothing of this stack/],
  },
  {
    rule: EXCLUSIVE,
    when: "its own policy leaves it to the account's policies",
    given: [
      ...mail,
      fetched,
      rolePolicy("execution"),
      secretPolicy([{ ...(allow("x") as object), Principal: { AWS: "arn:aws:iam::111122223333:root" } }]),
    ],
    result: "passes",
  },

  {
    rule: EXCLUSIVE,
    when: "its own policy names somebody who assumes a role",
    given: [
      ...mail,
      fetched,
      rolePolicy("execution"),
      secretPolicy([
        { ...(allow("x") as object), Principal: { AWS: "arn:aws:sts::111122223333:assumed-role/developer/ada" } },
      ]),
    ],
    result: [/assumed-role\/developer\/ada" may read it/],
  },
  {
    rule: EXCLUSIVE,
    when: "its own policy allows those whose ARN matches a pattern",
    given: [
      ...mail,
      fetched,
      rolePolicy("execution"),
      secretPolicy([
        {
          ...(allow("x") as object),
          Principal: "*",
          Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/dev*" } },
        },
      ]),
    ],
    result: [/role\/dev\*" may read it, and is nothing of this stack/],
  },
];
