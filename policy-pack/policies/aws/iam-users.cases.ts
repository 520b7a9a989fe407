import { UNKNOWN, type Sent } from "../../test/analyzer.ts";
import type { Case } from "../../test/case.ts";
import { role } from "../../test/sent/iam.ts";

const users = "iam-no-users";
const policies = "iam-no-user-policies";
const oneWay = "iam-role-policies-one-way";

const attachment = (props: Sent["props"]): Sent => ({
  type: "aws:iam/policyAttachment:PolicyAttachment",
  props: { policyArn: "arn:p", ...props },
});

const beside: Sent = {
  type: "aws:iam/rolePolicy:RolePolicy",
  name: "beside",
  props: { role: "api", name: "beside-1a" },
};
const attached = (props: Sent["props"] = {}): Sent => ({
  type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  name: "attached",
  props: { role: "api", policyArn: "arn:p", ...props },
});
const api = (props: Sent["props"]): Sent => role({ name: "api", ...props }, { name: "api" });
const inline = (name: string): Sent["props"] => ({ inlinePolicies: [{ name, policy: "{}" }] });

export const cases: readonly Case[] = [
  {
    rule: users,
    when: "there is one",
    given: { type: "aws:iam/user:User", props: { name: "ci" } },
    result: [/^.*\nname: it signs in with something that does not expire/],
  },
  {
    rule: users,
    when: "its name is unknown",
    given: { type: "aws:iam/user:User", props: { name: UNKNOWN } },
    result: [/name/],
  },
  {
    rule: users,
    when: "its name is the provider's choice",
    given: { type: "aws:iam/user:User", props: {} },
    result: [/name/],
  },
  {
    rule: users,
    when: "one has a key",
    given: { type: "aws:iam/accessKey:AccessKey", props: { user: "ci" } },
    result: [/user: it signs in/],
  },
  {
    rule: users,
    when: "one has a password",
    given: { type: "aws:iam/userLoginProfile:UserLoginProfile", props: { user: "ci" } },
    result: [/user: it signs in/],
  },
  { rule: users, when: "there is a role", given: role({}), result: "passes" },

  {
    rule: policies,
    when: "a user has a policy inside",
    given: { type: "aws:iam/userPolicy:UserPolicy", props: { user: "ci", policy: "{}" } },
    result: [/user: it gives a user permissions/],
  },
  {
    rule: policies,
    when: "a user has one attached",
    given: { type: "aws:iam/userPolicyAttachment:UserPolicyAttachment", props: { user: "ci", policyArn: UNKNOWN } },
    result: [/user: it gives/],
  },
  {
    rule: policies,
    when: "one of its holders is a user",
    given: attachment({ roles: ["api"], users: ["ci"] }),
    result: [/users\[0\]: it gives/],
  },
  { rule: policies, when: "its holders are roles", given: attachment({ roles: ["api"] }), result: "passes" },
  { rule: policies, when: "it lists no users", given: attachment({ users: [] }), result: "passes" },
  { rule: policies, when: "its users are unknown", given: attachment({ users: UNKNOWN }), result: "waits" },

  { rule: oneWay, when: "a role's policy is beside it", given: [api({}), beside, attached()], result: "passes" },
  {
    rule: oneWay,
    when: "a role's policies are inside",
    given: [api({ ...inline("own"), managedPolicyArns: ["arn:p"] })],
    result: "passes",
  },
  {
    rule: oneWay,
    when: "the provider lists inside what is beside",
    given: [api({ ...inline("beside-1a"), managedPolicyArns: ["arn:p"] }), beside, attached()],
    result: "passes",
  },
  {
    rule: oneWay,
    when: "a policy is inside, and another beside",
    given: [api(inline("own")), beside],
    result: [/inlinePolicies: beside gives the role policies as well/],
  },
  {
    rule: oneWay,
    when: "an ARN is listed, and another attached",
    given: [api({ managedPolicyArns: ["arn:q"] }), attached()],
    result: [/managedPolicyArns: attached gives/],
  },
  {
    rule: oneWay,
    when: "an ARN is listed, and another attached to several",
    given: [api({ managedPolicyArns: ["arn:q"] }), { ...attachment({ roles: ["api"] }), name: "shared" }],
    result: [/managedPolicyArns: shared gives/],
  },
  {
    rule: oneWay,
    when: "what is attached is unknown",
    given: [api({ managedPolicyArns: ["arn:q"] }), attached({ policyArn: UNKNOWN })],
    result: "waits",
  },
  {
    rule: oneWay,
    when: "it is another role's",
    given: [api(inline("own")), { ...beside, props: { role: "other", name: "b" } }],
    result: "passes",
  },
];
