import { statementCheck, type Judge } from "../../support/iam/policy-check.ts";
import type { Statement } from "../../support/iam/policy-document.ts";
import { isAnything, isWholeService } from "../../support/iam/scope.ts";
import { elements, locate, textOf } from "../../support/property.ts";
import type { Find, Finding, ResourceCheck, Rule } from "../../support/rule.ts";
import { Unknown } from "../../support/unknown.ts";

/** Everything on everything, however it is spelled. */
export const isAdministrator = ({ allows, actions, resources }: Statement): boolean =>
  allows && actions.some((action) => /^[*?:]*\*[*?:]*$/.test(action)) && resources.some(isAnything);

const administrator: Judge = (statement) =>
  isAdministrator(statement)
    ? [
        {
          wrong: `${statement.id} allows every action on every resource`,
          fix: "list the actions that are needed, and the ARNs that they are needed on",
        },
      ]
    : [];

/** Whole services. A statement that allows all of AWS on everything is the other rule's. */
const wildcardActions: Judge = (statement) => {
  if (!statement.allows || isAdministrator(statement)) return [];
  return statement.actions.filter(isWholeService).map((action) => ({
    wrong: `${statement.id} allows "${action}", every action of a service`,
    fix: `replace "${action}" by the actions that are needed`,
  }));
};

const EXCLUSIONS = [
  ["NotAction", ({ notActions }: Statement) => notActions.length > 0],
  ["NotResource", ({ notResources }: Statement) => notResources.length > 0],
  ["NotPrincipal", ({ everyoneBut }: Statement) => everyoneBut],
] as const;

const allowByExclusion: Judge = (statement) =>
  EXCLUSIONS.filter(([, has]) => statement.allows && has(statement)).map(([element]) => ({
    wrong: `${statement.id} allows by ${element}`,
    fix: `replace ${element} by ${element.slice(3)} with the list of what is meant`,
  }));

/** Where policies of AWS or of others are attached by ARN. */
const ATTACHMENTS: readonly (readonly [type: string, path: string])[] = [
  ["aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "policyArn"],
  ["aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive", "policyArns[]"],
  ["aws:iam/policyAttachment:PolicyAttachment", "policyArn"],
  ["aws:iam/role:Role", "managedPolicyArns[]"],
  ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn"],
  ["aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "policyArns[]"],
  ["aws:iam/userPolicyAttachment:UserPolicyAttachment", "policyArn"],
  ["aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive", "policyArns[]"],
  ["aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", "managedPolicyArn"],
];

/** Attached policies of AWS whose name matches; the name comes after any path. */
const attachedNamed = (isBad: (name: string) => boolean, wrong: string): readonly ResourceCheck[] =>
  ATTACHMENTS.map(([type, path]) => ({
    types: [type],
    // The ARN of a policy of the same program is not known before it exists; up checks it.
    unknown: "defer",
    find: attached(path, isBad, wrong),
  }));

const attached =
  (path: string, isBad: (name: string) => boolean, wrong: string): Find =>
  ({ props }) =>
    locate(props, path)
      .flatMap(elements)
      .flatMap(({ property, value }): readonly Finding[] => {
        if (value instanceof Unknown) return [{ property, unknown: value }];
        const name = /^arn:aws[a-z-]*:iam::aws:policy\/(?:.*\/)?([^/]+)$/.exec(textOf(value) ?? "")?.[1];
        if (name === undefined || !isBad(name)) return [];
        return [
          {
            property,
            wrong: `${name} ${wrong}`,
            fix: "attach a policy that lists the actions and ARNs that are needed",
          },
        ];
      });

const isAdministrators = (name: string): boolean =>
  /^(AdministratorAccess(-.*)?|PowerUserAccess|IAMFullAccess|AWSOrganizationsFullAccess|SystemAdministrator)$/.test(
    name,
  );
/** All of a service, all of its data, or the data of every service. */
const isFullAccess = (name: string): boolean =>
  /FullAccess|(ReadWrite|PowerUser|AdminAccess)$|^(ReadOnlyAccess|DatabaseAdministrator|DataScientist|NetworkAdministrator)$/.test(
    name,
  ) && !isAdministrators(name);

export const rules: readonly Rule[] = [
  {
    name: "iam-no-administrator-statement",
    description: "No policy allows every action on every resource.",
    why: "Whoever gets hold of such an identity owns the account.",
    severity: "critical",
    level: "mandatory",
    standards: [
      "FSBP IAM.1",
      "CIS 2.14",
      "CKV_AWS_62",
      "AwsSolutions-IAM5",
      "cdk-nag IAMPolicyNoStatementsWithAdminAccess",
      "AWS-0057",
      "Prowler iam_inline_policy_no_administrative_privileges",
    ],
    resources: [statementCheck(["identity"], administrator)],
  },
  {
    name: "iam-no-wildcard-action",
    description: "No policy allows all actions of a service.",
    why: "It also allows what the service learns to do next year, and the actions that give its data away.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP IAM.21", "CKV_AWS_63", "AwsSolutions-IAM5", "AWS-0057"],
    resources: [statementCheck(["identity"], wildcardActions)],
  },
  {
    name: "iam-no-allow-by-exclusion",
    description: "No policy allows by NotAction, NotResource, or NotPrincipal.",
    why: "It allows everything that nobody thought of, and all that AWS adds later.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [statementCheck(["identity", "trust", "resource"], allowByExclusion)],
  },
  {
    name: "iam-no-administrator-policy",
    description: "No role, user, or group has a policy of AWS that makes it an administrator.",
    why: "Whoever gets hold of such an identity owns the account.",
    severity: "critical",
    level: "mandatory",
    standards: [
      "CKV_AWS_274",
      "CKV_AWS_275",
      "CKV2_AWS_40",
      "CKV2_AWS_56",
      "AwsSolutions-IAM4",
      "Prowler iam_role_administratoraccess_policy",
    ],
    resources: attachedNamed(isAdministrators, "makes it an administrator"),
  },
  {
    name: "iam-no-full-access-policy",
    description: "No role, user, or group has a policy of AWS that gives a whole service.",
    why: "It reaches every resource of the service in the account, other programs' too.",
    severity: "high",
    level: "mandatory",
    standards: ["AwsSolutions-IAM4"],
    resources: attachedNamed(isFullAccess, "gives a whole service"),
  },
];
