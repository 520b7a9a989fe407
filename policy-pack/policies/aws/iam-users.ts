import { joinTo } from "../../support/join.ts";
import { locate } from "../../support/property.ts";
import type { Find, Finding, Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown } from "../../support/unknown.ts";

/** What a person or a key needs to sign in for long, by the property that names it. */
const USERS: Readonly<Record<string, string>> = {
  "aws:iam/accessKey:AccessKey": "user",
  "aws:iam/serviceSpecificCredential:ServiceSpecificCredential": "userName",
  "aws:iam/signingCertificate:SigningCertificate": "userName",
  "aws:iam/sshKey:SshKey": "username",
  "aws:iam/user:User": "name",
  "aws:iam/userLoginProfile:UserLoginProfile": "user",
};

const USER_POLICIES: Readonly<Record<string, string>> = {
  "aws:iam/userPolicy:UserPolicy": "user",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": "user",
  "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "userName",
};

/** Whatever its properties are, it should not be there. */
const existing =
  (properties: Readonly<Record<string, string>>, wrong: string, fix: string): Find =>
  ({ type }) => [{ property: properties[type] ?? "name", wrong, fix }];

const attachedToUsers: Find = ({ props }) =>
  locate(props, "users[]").flatMap(({ property, value }): readonly Finding[] =>
    value instanceof Unknown
      ? [{ property, unknown: value }]
      : [{ property, wrong: "it gives a user permissions of its own", fix: "attach the policy to a role" }],
  );

const ROLE = "aws:iam/role:Role";

/** Ways to give a role policies beside the ones inside it, and what both say of a policy. */
interface Beside {
  readonly inside: string;
  /** What names a policy inside the role, as a path of `locate`. */
  readonly own: string;
  readonly type: string;
  readonly role: string;
  /** What names it in the resource beside. */
  readonly policy: string;
}

const BESIDE: readonly Beside[] = [
  {
    inside: "inlinePolicies",
    own: "inlinePolicies[].name",
    type: "aws:iam/rolePolicy:RolePolicy",
    role: "role",
    policy: "name",
  },
  {
    inside: "managedPolicyArns",
    own: "managedPolicyArns[]",
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    role: "role",
    policy: "policyArn",
  },
  {
    inside: "managedPolicyArns",
    own: "managedPolicyArns[]",
    type: "aws:iam/policyAttachment:PolicyAttachment",
    role: "roles",
    policy: "policyArn",
  },
];

/** Roles whose policies stand in the role and in resources of their own. */
function mixedPolicies(stack: Stack): readonly Finding[] {
  const toRole = joinTo(stack.ofType([ROLE]));
  return BESIDE.flatMap((way) => {
    const byRole = new Map<StackResource, StackResource[]>();
    for (const beside of stack.ofType([way.type]))
      for (const role of toRole(beside, way.role)) byRole.set(role, [...(byRole.get(role) ?? []), beside]);
    return [...byRole].flatMap(([role, besides]) => mixed(role, besides, way));
  });
}

/** The provider lists what stands beside a role inside of it as well; what nothing beside explains was written there. */
function mixed(role: StackResource, besides: readonly StackResource[], way: Beside): readonly Finding[] {
  const explained = new Set(besides.map(({ props }) => props[way.policy]));
  const own = locate(role.props, way.own).filter(({ value }) => value !== undefined && !explained.has(value));
  if (own.length === 0) return [];
  const unknown = [...explained, ...own.map(({ value }) => value)].find((value) => value instanceof Unknown);
  if (unknown instanceof Unknown) return [{ urn: role.urn, property: way.inside, unknown }];
  return [
    {
      urn: role.urn,
      property: way.inside,
      wrong: `${besides.map(({ name }) => name).join(", ")} gives the role policies as well`,
      fix: `remove ${way.inside} from the role, and give each policy a resource of its own`,
    },
  ];
}

export const rules: readonly Rule[] = [
  {
    name: "iam-no-users",
    description: "There are no IAM users, and none of their keys and passwords.",
    why: "A user's keys live until somebody remembers to end them, while a role's last an hour.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_273", "CKV_AWS_348", "AWS-0143"],
    resources: [
      {
        types: Object.keys(USERS),
        unknown: "refuse",
        find: existing(
          USERS,
          "it signs in with something that does not expire",
          "remove it: people sign in through the identity centre, programs assume a role",
        ),
      },
    ],
  },
  {
    name: "iam-no-user-policies",
    description: "No policy is given to an IAM user.",
    why: "Permissions of single users are what nobody reviews.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP IAM.2", "CIS 2.13", "CKV_AWS_40", "cdk-nag IAMUserNoPolicies"],
    resources: [
      {
        types: Object.keys(USER_POLICIES),
        unknown: "refuse",
        find: existing(USER_POLICIES, "it gives a user permissions of its own", "give the policy to a role"),
      },
      { types: ["aws:iam/policyAttachment:PolicyAttachment"], unknown: "defer", find: attachedToUsers },
    ],
  },
  {
    name: "iam-role-policies-one-way",
    description: "A role's policies stand in the role or in resources of their own, and not in both.",
    why: "Each of the two ways takes away what the other gives, at every second run.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    stack: mixedPolicies,
  },
];
