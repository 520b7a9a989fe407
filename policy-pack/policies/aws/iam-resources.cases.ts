import { UNKNOWN, type Json } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { aboutStatement, customerPolicy, role, rolePolicy } from "../../test/sent/iam.ts";
import { OWN, object, text } from "../../test/sent/policy.ts";

const OWN_TAG = { StringEquals: { "aws:ResourceTag/Project": "groundwork" } };

/** What holds for every rule of what an identity is given: an example of its own in each place. */
const everywhere = (rule: string, statement: Record<string, Json>, pattern: RegExp): readonly Case[] => [
  { rule, when: "a role's policy has it", given: rolePolicy(object(statement)), result: [pattern] },
  { rule, when: "a policy has it", given: customerPolicy(text(statement)), result: [pattern] },
  {
    rule,
    when: "a policy inside a role has it",
    given: role({ inlinePolicies: [{ name: "a", policy: text(statement) }] }),
    result: [/inlinePolicies\[0\]\.policy: statement 1/],
  },
  {
    rule,
    when: "its neighbour is unknown",
    given: rolePolicy({ Statement: [UNKNOWN, { Effect: "Allow", ...statement }] }),
    result: [/policy: statement 2/],
  },
  {
    rule,
    when: "it is narrowed by nothing that is known",
    given: rolePolicy(object({ ...statement, Condition: UNKNOWN })),
    result: "waits",
  },
  {
    rule,
    when: "the action is unknown",
    given: rolePolicy(object({ ...statement, Action: UNKNOWN })),
    result: "waits",
  },
  { rule, when: "it is denied", given: rolePolicy(object({ ...statement, Effect: "Deny" })), result: "passes" },
  { rule, when: "the document is unknown", given: rolePolicy(UNKNOWN), result: "waits" },
  { rule, when: "a role's policy is absent", given: rolePolicy(null), result: "passes" },
  { rule, when: "there is no policy", given: { ...rolePolicy(""), props: { role: "api" } }, result: "passes" },
  { rule, when: "a policy is empty", given: { ...customerPolicy(""), props: {} }, result: "passes" },
  { rule, when: "a role has nothing inside", given: role({}), result: "passes" },
  {
    rule,
    when: "it stands in what is called a boundary",
    given: customerPolicy(text(statement), { name: "boundary-roles" }),
    result: "passes",
  },
  {
    rule,
    when: "a boundary has it, which bounds a role",
    given: [
      {
        ...customerPolicy(text(statement), { name: "boundary-roles" }),
        props: { arn: "arn:b", policy: text(statement) },
      },
      role({ permissionsBoundary: "arn:b" }, { name: "api", references: { permissionsBoundary: ["boundary-roles"] } }),
    ],
    result: "passes",
  },
  {
    rule,
    when: "a boundary has it, and is attached",
    given: [
      customerPolicy(text(statement), { name: "boundary-roles" }),
      role({ permissionsBoundary: UNKNOWN }, { name: "api", references: { permissionsBoundary: ["boundary-roles"] } }),
      {
        type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        name: "attached",
        props: { role: "api", policyArn: UNKNOWN },
        references: { policyArn: ["boundary-roles"] },
      },
    ],
    result: [/policy: statement 1/],
  },
  {
    rule,
    when: "what is called a boundary bounds nobody",
    given: [customerPolicy(text(statement), { name: "boundary-roles" })],
    result: [/policy: statement 1/],
  },
];

const resource = "iam-no-wildcard-resource";
const data = "iam-no-data-read-on-everything";
const credentials = "iam-no-credentials-exposure";
const access = "iam-no-access-management-on-everything";
const decrypt = "iam-no-decrypt-with-every-key";
const pass = "iam-pass-role-confined";

const changes = aboutStatement(resource);
const reads = aboutStatement(data);
const signsIn = aboutStatement(credentials);
const opens = aboutStatement(access);
const decrypts = aboutStatement(decrypt);
const passes = aboutStatement(pass);

const TO_ECS = { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } };

export const cases: readonly Case[] = [
  ...everywhere(
    resource,
    { Action: "sqs:SendMessage", Resource: "*" },
    /policy: statement 1 allows sqs:sendmessage on "\*"/,
  ),
  changes(
    "only some of its actions can be limited",
    { Action: ["ecr:GetAuthorizationToken", "ecs:UpdateService"], Resource: "*" },
    [/allows ecs:updateservice on/],
  ),
  changes("it changes any bucket", { Action: "s3:PutObject", Resource: "arn:aws:s3:::*" }, [/on "arn:aws:s3:::\*"/]),
  changes("it changes any queue anywhere", { Action: "sqs:Send*", Resource: "arn:aws:sqs:*:*:*" }, [/sqs:send\*/]),
  changes("one of several resources is all", { Action: "s3:PutObject", Resource: ["arn:aws:s3:::a", "*"] }, [
    /on "\*"/,
  ]),
  changes(
    "its actions cannot be limited",
    { Action: ["ecr:GetAuthorizationToken", "XRay:Put*", "ssmmessages:*Channel"], Resource: "*" },
    "passes",
  ),
  changes(
    "it sees how things are set up",
    { Action: ["ec2:Describe*", "iam:List*", "tag:GetResources"], Resource: "*" },
    "passes",
  ),
  changes("it is narrowed by a tag", { Action: "ecs:UpdateService", Resource: "*", Condition: OWN_TAG }, "passes"),
  changes(
    "it is narrowed by any value of a tag",
    { Action: "ecs:UpdateService", Resource: "*", Condition: { StringLike: { "aws:ResourceTag/Project": "*" } } },
    [/ecs:updateservice/],
  ),
  changes(
    "it is narrowed by a region",
    { Action: "ecs:UpdateService", Resource: "*", Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } } },
    [/ecs:updateservice/],
  ),
  changes(
    "it names what it changes",
    { Action: "sqs:SendMessage", Resource: `arn:aws:sqs:us-east-1:${OWN}:jobs` },
    "passes",
  ),
  changes("what it changes is unknown", { Action: "sqs:SendMessage", Resource: UNKNOWN }, "waits"),
  changes(
    "the tag's value is unknown",
    { Action: "ecs:UpdateService", Resource: "*", Condition: { StringEquals: { "aws:ResourceTag/Project": UNKNOWN } } },
    "waits",
  ),

  ...everywhere(data, { Action: "s3:GetObject", Resource: "*" }, /policy: statement 1 allows s3:getobject on "\*"/),
  reads(
    "it reads every secret of the account",
    { Action: "secretsmanager:Get*", Resource: `arn:aws:secretsmanager:us-east-1:${OWN}:secret:*` },
    [/secretsmanager:get\*/],
  ),
  reads("it reads one bucket", { Action: "s3:Get*", Resource: "arn:aws:s3:::media/*" }, "passes"),
  reads("it sees how buckets are set up", { Action: ["s3:GetBucket*", "s3:ListBucket"], Resource: "*" }, "passes"),
  reads(
    "it reads what has a tag",
    { Action: "secretsmanager:GetSecretValue", Resource: "*", Condition: OWN_TAG },
    "passes",
  ),

  ...everywhere(
    credentials,
    { Action: "sts:AssumeRole", Resource: "*" },
    /policy: statement 1 allows sts:assumerole on "\*"/,
  ),
  signsIn("it becomes any role of the account", { Action: "sts:Assume*", Resource: `arn:aws:iam::${OWN}:role/*` }, [
    /sts:assume\*/,
  ]),
  signsIn("it makes keys for anybody", { Action: "iam:Create*Key", Resource: "*" }, [/iam:create\*key/]),
  signsIn("it becomes one role", { Action: "sts:AssumeRole", Resource: `arn:aws:iam::${OWN}:role/deploy` }, "passes"),
  signsIn("it asks who it is", { Action: "sts:GetCallerIdentity", Resource: "*" }, "passes"),

  ...everywhere(
    access,
    { Action: "s3:PutBucketPolicy", Resource: "*" },
    /policy: statement 1 allows s3:putbucketpolicy on "\*"/,
  ),
  opens("it opens every function", { Action: "lambda:Add*", Resource: `arn:aws:lambda:us-east-1:${OWN}:function:*` }, [
    /lambda:add\*/,
  ]),
  opens("it opens one bucket", { Action: "s3:PutBucketPolicy", Resource: "arn:aws:s3:::media" }, "passes"),

  ...everywhere(decrypt, { Action: "kms:Decrypt", Resource: "*" }, /policy: statement 1 allows kms:decrypt on "\*"/),
  decrypts(
    "it decrypts with every key of the account",
    { Action: "kms:*crypt", Resource: `arn:aws:kms:*:${OWN}:key/*` },
    [/kms:\*crypt/],
  ),
  decrypts(
    "a service asks for it",
    {
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
    },
    [/kms:decrypt/],
  ),
  decrypts(
    "it is one secret's",
    {
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": "arn:aws:secretsmanager:us-east-1:1:secret:a" } },
    },
    "passes",
  ),
  decrypts("it has one key", { Action: "kms:Decrypt", Resource: `arn:aws:kms:us-east-1:${OWN}:key/1` }, "passes"),
  decrypts("it only encrypts", { Action: "kms:GenerateDataKey", Resource: "*" }, "passes"),

  ...everywhere(
    pass,
    { Action: "iam:PassRole", Resource: "*", Condition: TO_ECS },
    /policy: statement 1 allows iam:PassRole on "\*"/,
  ).filter(({ when }) => !when.startsWith("it is narrowed by nothing")),
  passes(
    "it passes any role of the account",
    { Action: "iam:Pass*", Resource: `arn:aws:iam::${OWN}:role/*`, Condition: TO_ECS },
    [/on "arn:aws:iam::\d+:role\/\*"/],
  ),
  passes("it passes a role to anything", { Action: "IAM:PASSROLE", Resource: `arn:aws:iam::${OWN}:role/api` }, [
    /iam:PassRole to every service/,
  ]),
  passes(
    "the service may be absent",
    {
      Action: "iam:PassRole",
      Resource: `arn:aws:iam::${OWN}:role/api`,
      Condition: { StringEqualsIfExists: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
    [/to every service/],
  ),
  passes("both are missing", { Action: "iam:PassRole", Resource: "*" }, [/on "\*"/, /to every service/]),
  passes(
    "it passes roles of one name to one service",
    { Action: "iam:PassRole", Resource: `arn:aws:iam::${OWN}:role/groundwork-*`, Condition: TO_ECS },
    "passes",
  ),
  passes(
    "the role is unknown, and the service is named",
    { Action: "iam:PassRole", Resource: UNKNOWN, Condition: TO_ECS },
    "waits",
  ),
  passes("the role is unknown, and no service is named", { Action: "iam:PassRole", Resource: [UNKNOWN] }, [
    /to every service/,
  ]),
  passes(
    "the service is unknown",
    {
      Action: "iam:PassRole",
      Resource: `arn:aws:iam::${OWN}:role/api`,
      Condition: { StringEquals: { "iam:PassedToService": UNKNOWN } },
    },
    "waits",
  ),
];
