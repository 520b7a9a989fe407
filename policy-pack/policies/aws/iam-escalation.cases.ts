import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { customerPolicy, role } from "../../test/sent/iam.ts";
import { OWN, text } from "../../test/sent/policy.ts";

const rule = "iam-no-privilege-escalation";

const api = (props: Sent["props"] = {}, references: Sent["references"] = {}): Sent =>
  role({ name: "api-1a2b", ...props }, { name: "api", references });

const given = (policy: Json, name = "permissions"): Sent => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  name,
  props: { role: "api-1a2b", policy },
});

const boundary = (policy: Json, arn: Json = "arn:aws:iam::111122223333:policy/boundary"): Sent => ({
  ...customerPolicy(policy, { name: "boundary" }),
  props: { policy, arn },
});

const bounded = api(
  { permissionsBoundary: "arn:aws:iam::111122223333:policy/boundary" },
  { permissionsBoundary: ["boundary"] },
);

const attachment = (policyArn: Json, references: Sent["references"] = {}): Sent => ({
  type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  name: "attached",
  props: { role: "api-1a2b", policyArn },
  references,
});

const PUT = { Action: "iam:PutRolePolicy", Resource: "*" };
const PASS = { Action: "iam:PassRole", Resource: "*" };
const OF_ONE_NAME = `arn:aws:iam::${OWN}:role/groundwork-*`;
const BOUNDED = { StringEquals: { "iam:PermissionsBoundary": "arn:b" } };
const FUNCTION = { Action: ["lambda:Create*", "lambda:InvokeFunction"], Resource: `arn:aws:lambda:us-east-1:${OWN}:*` };

const rows: readonly (readonly [when: string, given: readonly Sent[], result: Case["result"]])[] = [
  [
    "a role writes policies of roles",
    [api(), given(text(PUT))],
    [/policy: statement 1 lets api gain any permission by iam:putrolepolicy/],
  ],
  [
    "a wildcard stands in the middle",
    [api(), given(text({ Action: "IAM:Put*Policy", Resource: "*" }))],
    [/iam:putgrouppolicy/, /iam:putrolepolicy/, /iam:putuserpolicy/],
  ],
  [
    "a role makes versions of policies",
    [api(), given(text({ Action: "iam:CreatePolicyVersion", Resource: `arn:aws:iam::${OWN}:policy/*` }))],
    [/iam:createpolicyversion/],
  ],
  [
    "a role changes who may assume any",
    [api(), given(text({ Action: "iam:UpdateAssumeRolePolicy", Resource: `arn:aws:iam::${OWN}:role/*` }))],
    [/iam:updateassumerolepolicy/],
  ],
  ["a role passes any role to a function of its own", [api(), given(text(PASS, FUNCTION))], [/iam:passrole/]],
  ["the two stand in two policies", [api(), given(text(PASS)), given(text(FUNCTION), "functions")], [/iam:passrole/]],
  ["it only passes roles", [api(), given(text(PASS))], "passes"],
  [
    "it passes a role of one name",
    [api(), given(text({ ...PASS, Resource: `arn:aws:iam::${OWN}:role/groundwork-*` }, FUNCTION))],
    "passes",
  ],
  [
    "it passes to one service",
    [
      api(),
      given(
        text({ ...PASS, Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } } }, FUNCTION),
      ),
    ],
    "passes",
  ],
  [
    "it writes policies of bounded roles alone",
    [api(), given(text({ ...PUT, Condition: { StringEquals: { "iam:PermissionsBoundary": "arn:b" } } }))],
    "passes",
  ],
  [
    "it writes policies of roles of one name",
    [api(), given(text({ ...PUT, Resource: `arn:aws:iam::${OWN}:role/groundwork-*` }))],
    "passes",
  ],
  ["the same is denied", [api(), given(text(PUT, { Effect: "Deny", Action: "iam:Put*", Resource: "*" }))], "passes"],
  [
    "the same is denied for roles without the boundary",
    [
      api(),
      given(
        text(PUT, {
          Effect: "Deny",
          Action: "iam:PutRolePolicy",
          Resource: "*",
          Condition: { StringNotEquals: { "iam:PermissionsBoundary": "arn:b" } },
        }),
      ),
    ],
    "passes",
  ],
  [
    "the same is denied without a second factor",
    [
      api(),
      given(
        text(PUT, {
          Effect: "Deny",
          Action: "iam:*",
          Resource: "*",
          Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
        }),
      ),
    ],
    [/iam:putrolepolicy/],
  ],
  [
    "the same is denied for one role",
    [api(), given(text(PUT, { Effect: "Deny", Action: "iam:*", Resource: `arn:aws:iam::${OWN}:role/a` }))],
    [/iam:putrolepolicy/],
  ],
  [
    "the same is denied for another kind of resource",
    [
      api(),
      given(text(PUT, { Effect: "Deny", NotAction: "iam:Get*", Resource: `arn:aws:iam::${OWN}:oidc-provider/*` })),
    ],
    [/iam:putrolepolicy/],
  ],
  [
    "the same is denied for all roles of the account",
    [api(), given(text(PUT, { Effect: "Deny", Action: "iam:*", Resource: `arn:aws:iam::${OWN}:role/*` }))],
    "passes",
  ],
  [
    "the role's boundary leaves it out",
    [bounded, given(text(PUT)), boundary(text({ Action: "s3:GetObject", Resource: "*" }))],
    "passes",
  ],
  [
    "the role's boundary denies it",
    [
      bounded,
      given(text(PUT)),
      boundary(text({ Action: "*", Resource: "*" }, { Effect: "Deny", Action: "iam:*", Resource: "*" })),
    ],
    "passes",
  ],
  [
    "the role's boundary has it",
    [bounded, given(text(PUT)), boundary(text({ Action: "iam:Put*", Resource: "*" }))],
    [/iam:putrolepolicy/],
  ],
  ["the role's boundary is unknown", [bounded, given(text(PUT)), boundary(UNKNOWN)], "waits"],
  [
    "a boundary of others bounds the role",
    [api({ permissionsBoundary: "arn:aws:iam::111122223333:policy/landing-zone" }), given(text(PUT))],
    "passes",
  ],
  [
    "the policy is attached",
    [
      api(),
      attachment("arn:p"),
      { ...customerPolicy(text(PUT), { name: "wide" }), props: { arn: "arn:p", policy: text(PUT) } },
    ],
    [/policy: statement 1 lets api/],
  ],
  [
    "the policy is attached, and neither ARN is known",
    [
      api(),
      attachment(UNKNOWN, { policyArn: ["wide"] }),
      { ...customerPolicy(text(PUT), { name: "wide" }), props: { arn: UNKNOWN, policy: text(PUT) } },
    ],
    [/policy: statement 1 lets api/],
  ],
  ["what is attached is unknown", [api(), attachment(UNKNOWN)], "waits"],
  ["a policy is unknown", [api(), given(UNKNOWN)], "waits"],
  [
    "an unknown policy stands beside a wrong one",
    [api(), given(UNKNOWN), given(text(PUT), "wide")],
    [/iam:putrolepolicy/],
  ],
  [
    "it stands inside the role",
    [api({ inlinePolicies: [{ name: "a", policy: text(PUT) }] })],
    [/inlinePolicies\[0\]\.policy: statement 1 lets api/],
  ],
  [
    "a role makes roles of one name, and writes their policies",
    [api(), given(text({ Action: ["iam:CreateRole", "iam:PutRolePolicy"], Resource: OF_ONE_NAME }))],
    [/policy: statement 1 lets api gain any permission by iam:createrole/],
  ],
  [
    "it makes bounded roles of one name, and writes their policies",
    [
      api(),
      given(text({ Action: ["iam:CreateRole", "iam:PutRolePolicy"], Resource: OF_ONE_NAME, Condition: BOUNDED })),
    ],
    "passes",
  ],
  [
    "it makes roles of one name, and attaches one policy",
    [
      api(),
      given(
        text(
          { Action: "iam:CreateRole", Resource: OF_ONE_NAME },
          {
            Action: "iam:AttachRolePolicy",
            Resource: OF_ONE_NAME,
            Condition: { ArnEquals: { "iam:PolicyARN": "arn:p" } },
          },
        ),
      ),
    ],
    "passes",
  ],
  [
    "it makes roles of one name, and is denied those without a boundary",
    [
      api(),
      given(
        text(
          { Action: ["iam:CreateRole", "iam:PutRolePolicy"], Resource: OF_ONE_NAME },
          {
            Effect: "Deny",
            Action: "iam:CreateRole",
            Resource: "*",
            Condition: { StringNotEquals: { "iam:PermissionsBoundary": "arn:b" } },
          },
        ),
      ),
    ],
    "passes",
  ],
  [
    "its boundary is AWS's policy for administrators",
    [api({ permissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess" }), given(text(PUT))],
    [/policy: statement 1 lets api gain any permission by iam:putrolepolicy/],
  ],
  ["a role has no policies", [api()], "passes"],
];

export const cases: readonly Case[] = rows.map(([when, sent, result]) => ({ rule, when, given: sent, result }));
