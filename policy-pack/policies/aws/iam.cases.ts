import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { aboutStatement, customerPolicy, role, rolePolicy, trusting } from "../../test/sent/iam.ts";
import { text } from "../../test/sent/policy.ts";

const ARN = "arn:aws:s3:::groundwork-media/*";

/** Whoever carries no document at all. */
const bare = (rule: string): readonly Case[] => [
  { rule, when: "a role's policy is absent", given: rolePolicy(null), result: "passes" },
  {
    rule,
    when: "a role's policy is no property",
    given: { ...rolePolicy(""), props: { role: "api" } },
    result: "passes",
  },
  { rule, when: "a policy is absent", given: { ...customerPolicy(""), props: {} }, result: "passes" },
  { rule, when: "a role has nothing inside", given: role({}), result: "passes" },
  { rule, when: "the whole document is unknown", given: rolePolicy(UNKNOWN), result: "waits" },
];

const administrator = "iam-no-administrator-statement";
const action = "iam-no-wildcard-action";
const exclusion = "iam-no-allow-by-exclusion";
const administratorPolicy = "iam-no-administrator-policy";
const fullAccess = "iam-no-full-access-policy";

const attachment = (policyArn: Json): Sent => ({
  type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  props: { role: "api", policyArn },
});
const AWS = "arn:aws:iam::aws:policy";

const isAdministrator = aboutStatement(administrator);
const hasWildcard = aboutStatement(action);
const excludes = aboutStatement(exclusion);

export const cases: readonly Case[] = [
  ...bare(administrator),
  isAdministrator("it allows everything", { Action: "*", Resource: "*" }, [
    /^.*\npolicy: statement 1 allows every action on every resource\./,
  ]),
  isAdministrator("it allows everything in lists", { Action: ["*"], Resource: ["*"] }, [/policy: statement 1/]),
  isAdministrator("it allows *:*", { Sid: "All", Action: "*:*", Resource: "arn:aws:*" }, [/policy: All allows every/]),
  isAdministrator("it denies everything", { Effect: "Deny", Action: "*", Resource: "*" }, "passes"),
  isAdministrator("it allows everything on one bucket", { Action: "*", Resource: ARN }, "passes"),
  isAdministrator("the resource is unknown", { Action: "*", Resource: UNKNOWN }, "waits"),
  isAdministrator("the action is unknown", { Action: [UNKNOWN], Resource: "*" }, "waits"),
  isAdministrator("another resource is unknown", { Action: "s3:GetObject", Resource: ["*", UNKNOWN] }, "passes"),
  {
    rule: administrator,
    when: "an unknown statement stands before it",
    given: rolePolicy({ Statement: [UNKNOWN, { Effect: "Allow", Action: "*", Resource: "*" }] }),
    result: [/policy: statement 2/],
  },
  {
    rule: administrator,
    when: "a policy's JSON text allows everything",
    given: customerPolicy(text({ Action: "*", Resource: "*" })),
    result: [/policy: statement 1/],
  },
  {
    rule: administrator,
    when: "it stands inside a role",
    given: role({ inlinePolicies: [{ name: "a", policy: text({ Action: "*", Resource: "*" }) }] }),
    result: [/inlinePolicies\[0\]\.policy: statement 1/],
  },

  ...bare(action),
  hasWildcard("it allows a whole service", { Action: "S3:*", Resource: ARN }, [/policy: statement 1 allows "s3:\*"/]),
  hasWildcard("one of its actions is a whole service", { Action: ["s3:GetObject", "sqs:*"], Resource: ARN }, [
    /"sqs:\*"/,
  ]),
  hasWildcard("the service is a pattern", { Action: "s*:GetObject", Resource: ARN }, [/"s\*:getobject"/]),
  hasWildcard("it allows everything on one bucket", { Action: "*", Resource: ARN }, [/"\*", every action/]),
  hasWildcard("a wildcard is behind a verb", { Action: ["s3:Get*", "ec2:*SecurityGroup*"], Resource: ARN }, "passes"),
  hasWildcard("it is the administrator's", { Action: "*", Resource: "*" }, "passes"),
  hasWildcard("it denies a whole service", { Effect: "Deny", Action: "iam:*", Resource: "*" }, "passes"),
  hasWildcard("an unknown action stands beside a whole service", { Action: ["s3:*", UNKNOWN], Resource: ARN }, [
    /"s3:\*"/,
  ]),
  hasWildcard("an action is unknown", { Action: ["s3:GetObject", UNKNOWN], Resource: ARN }, "waits"),
  hasWildcard("only the resource is unknown", { Action: ["s3:GetObject"], Resource: UNKNOWN }, "passes"),
  {
    rule: action,
    when: "a boundary allows a whole service",
    given: customerPolicy(text({ Action: "s3:*", Resource: "*" }), { name: "boundary-roles" }),
    result: [/"s3:\*"/],
  },

  ...bare(exclusion),
  excludes("it allows all but some actions", { NotAction: "iam:*", Resource: "*" }, [
    /policy: statement 1 allows by NotAction/,
  ]),
  excludes("it allows all but one resource", { Action: "s3:GetObject", NotResource: ARN }, [/by NotResource/]),
  excludes("it denies all but some", { Effect: "Deny", NotAction: ["iam:Get*"], Resource: "*" }, "passes"),
  excludes("what it excludes is unknown", { NotAction: [UNKNOWN], Resource: ARN }, "waits"),
  excludes("it names what it allows", { Action: "s3:GetObject", Resource: UNKNOWN }, "passes"),
  {
    rule: exclusion,
    when: "a role trusts everyone but one",
    given: trusting({ NotPrincipal: { AWS: "111122223333" } }),
    result: [/assumeRolePolicy: statement 1 allows by NotPrincipal/],
  },
  {
    rule: exclusion,
    when: "a queue lets everyone but one in",
    given: {
      type: "aws:sqs/queuePolicy:QueuePolicy",
      props: { policy: text({ NotPrincipal: { AWS: "111122223333" }, Action: "sqs:SendMessage", Resource: "*" }) },
    },
    result: [/policy: statement 1 allows by NotPrincipal/],
  },
  {
    rule: exclusion,
    when: "a queue has no policy",
    given: { type: "aws:sqs/queuePolicy:QueuePolicy", props: {} },
    result: "passes",
  },

  {
    rule: administratorPolicy,
    when: "a role gets AdministratorAccess",
    given: attachment(`${AWS}/AdministratorAccess`),
    result: [/policyArn: AdministratorAccess makes it an administrator/],
  },
  {
    rule: administratorPolicy,
    when: "it comes from another partition",
    given: attachment("arn:aws-us-gov:iam::aws:policy/IAMFullAccess"),
    result: [/policyArn: IAMFullAccess/],
  },
  {
    rule: administratorPolicy,
    when: "it is a job function",
    given: attachment(`${AWS}/job-function/SystemAdministrator`),
    result: [/SystemAdministrator/],
  },
  {
    rule: administratorPolicy,
    when: "one of a role's own list is unknown",
    given: role({ managedPolicyArns: [UNKNOWN, `${AWS}/PowerUserAccess`] }),
    result: [/managedPolicyArns\[1\]: PowerUserAccess/],
  },
  {
    rule: administratorPolicy,
    when: "it is given to a permission set",
    given: {
      type: "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
      props: { managedPolicyArn: `${AWS}/AdministratorAccess` },
    },
    result: [/managedPolicyArn/],
  },
  {
    rule: administratorPolicy,
    when: "nothing is given to a permission set",
    given: { type: "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", props: {} },
    result: "passes",
  },
  {
    rule: administratorPolicy,
    when: "it is a policy of the program",
    given: attachment("arn:aws:iam::111122223333:policy/AdministratorAccess"),
    result: "passes",
  },
  {
    rule: administratorPolicy,
    when: "it is a service's own",
    given: attachment(`${AWS}/service-role/AWSBackupServiceRolePolicyForS3Backup`),
    result: "passes",
  },
  { rule: administratorPolicy, when: "the ARN is unknown", given: attachment(UNKNOWN), result: "waits" },
  { rule: administratorPolicy, when: "the ARN is absent", given: { ...attachment(""), props: {} }, result: "passes" },
  { rule: administratorPolicy, when: "a role has no list", given: role({}), result: "passes" },

  {
    rule: fullAccess,
    when: "a role gets a whole service",
    given: attachment(`${AWS}/AmazonS3FullAccess`),
    result: [/policyArn: AmazonS3FullAccess gives a whole service/],
  },
  {
    rule: fullAccess,
    when: "a role's own list has one",
    given: role({ managedPolicyArns: [`${AWS}/AmazonSQSFullAccess`] }),
    result: [/managedPolicyArns\[0\]/],
  },
  ...[
    "SecretsManagerReadWrite",
    "AmazonEC2ContainerRegistryPowerUser",
    "AWSCodeBuildAdminAccess",
    "ReadOnlyAccess",
    "job-function/DatabaseAdministrator",
  ].map((name): Case => ({
    rule: fullAccess,
    when: `it is ${name}`,
    given: attachment(`${AWS}/${name}`),
    result: [/policyArn: \S+ gives a whole service/],
  })),
  {
    rule: fullAccess,
    when: "a service's own role has what it needs",
    given: attachment(`${AWS}/service-role/AmazonECSTaskExecutionRolePolicy`),
    result: "passes",
  },
  { rule: fullAccess, when: "it only reads", given: attachment(`${AWS}/AmazonS3ReadOnlyAccess`), result: "passes" },
  { rule: fullAccess, when: "it is the administrator's", given: attachment(`${AWS}/IAMFullAccess`), result: "passes" },
  { rule: fullAccess, when: "the ARN is unknown", given: attachment(UNKNOWN), result: "waits" },
  { rule: fullAccess, when: "the ARN is absent", given: { ...attachment(""), props: {} }, result: "passes" },
  { rule: fullAccess, when: "a role has no list", given: role({}), result: "passes" },
];
