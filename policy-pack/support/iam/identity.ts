import { joinTo, type Join } from "../join.ts";
import { elements, firstUnknown, locate } from "../property.ts";
import type { StackResource } from "../rule.ts";
import type { Stack } from "../stack.ts";
import { Unknown } from "../unknown.ts";
import type { Verdict } from "../verdict.ts";
import { policiesOn } from "./policy-carriers.ts";
import { covers, isAboutAction, sourcesOf, statementFrom, type Statement } from "./policy-document.ts";

const ROLE = "aws:iam/role:Role";
const USER = "aws:iam/user:User";
const GROUP = "aws:iam/group:Group";
const POLICY = "aws:iam/policy:Policy";

/** A statement that an identity carries, and the resource and property in which it stands. */
export interface Grant {
  /** Unknown where a part of it is. */
  readonly statement: Statement | Unknown;
  readonly source: StackResource;
  readonly property: string;
}

/** A role, user, or group, with all that its policies say, wherever they are written. */
export interface Identity {
  readonly resource: StackResource;
  readonly grants: readonly Grant[];
  /** ARNs of attached policies that are not of this stack. */
  readonly foreign: readonly string[];
  /** Absent: none. The ARN where the policy is not of this stack; unknown where nothing says yet which it is. */
  readonly boundary: readonly Grant[] | string | Unknown | undefined;
}

/** Which property of a type names whom, and whether it carries a document itself or names a policy. */
const CARRIED: readonly (readonly [type: string, to: string, policies: string | undefined])[] = [
  ["aws:iam/rolePolicy:RolePolicy", "role", undefined],
  ["aws:iam/userPolicy:UserPolicy", "user", undefined],
  ["aws:iam/groupPolicy:GroupPolicy", "group", undefined],
  ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role", "policyArn"],
  ["aws:iam/userPolicyAttachment:UserPolicyAttachment", "user", "policyArn"],
  ["aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "group", "policyArn"],
  ["aws:iam/policyAttachment:PolicyAttachment", "roles", "policyArn"],
  ["aws:iam/policyAttachment:PolicyAttachment", "users", "policyArn"],
  ["aws:iam/policyAttachment:PolicyAttachment", "groups", "policyArn"],
  ["aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "roleName", "policyArns"],
  ["aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive", "userName", "policyArns"],
  ["aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive", "groupName", "policyArns"],
];

/** Everybody whom the stack gives permissions, each with all that it has, in linear time. */
export function identitiesIn(stack: Stack): readonly Identity[] {
  const resources = stack.ofType([ROLE, USER, GROUP]);
  const toIdentity = joinTo(resources);
  const toPolicy = joinTo(stack.ofType([POLICY]));
  const given = new Map<string, Given[]>(resources.map(({ urn }) => [urn, []]));
  for (const [type, to, policies] of CARRIED)
    for (const carrier of stack.ofType([type]))
      for (const { urn } of toIdentity(carrier, to))
        given.get(urn)?.push(policies === undefined ? ownGrants(carrier) : namedGrants(carrier, policies, toPolicy));
  return resources.map((resource) => {
    const parts = [
      ownGrants(resource),
      namedGrants(resource, "managedPolicyArns", toPolicy),
      ...(given.get(resource.urn) ?? []),
    ];
    return {
      resource,
      grants: parts.flatMap(({ grants }) => grants),
      foreign: parts.flatMap(({ foreign }) => foreign),
      boundary: boundaryOf(resource, toPolicy),
    };
  });
}

/** Policies of the stack that some role or user has as its boundary, and that nothing attaches: they give nothing. */
export function boundariesIn(stack: Stack): ReadonlySet<string> {
  const toPolicy = joinTo(stack.ofType([POLICY]));
  const urnsOf = (types: readonly string[], path: string): readonly string[] =>
    stack.ofType(types).flatMap((resource) => toPolicy(resource, path).map(({ urn }) => urn));
  const attached = new Set([
    ...CARRIED.flatMap(([type, , policies]) => (policies === undefined ? [] : urnsOf([type], policies))),
    ...urnsOf([ROLE], "managedPolicyArns"),
  ]);
  return new Set(urnsOf([ROLE, USER], "permissionsBoundary").filter((urn) => !attached.has(urn)));
}

interface Given {
  readonly grants: readonly Grant[];
  readonly foreign: readonly string[];
}

const ownGrants = (source: StackResource): Given => ({
  grants: policiesOn(source, "identity").flatMap(({ property, value }) =>
    (sourcesOf(value) ?? []).map((written, index): Grant => {
      const unknown = firstUnknown(written);
      const statement = unknown ?? (written instanceof Unknown ? written : statementFrom(written, index));
      return { statement, source, property };
    }),
  ),
  foreign: [],
});

function namedGrants(carrier: StackResource, path: string, toPolicy: Join): Given {
  const named = toPolicy(carrier, path);
  const values = locate(carrier.props, path).flatMap(elements);
  const known = new Set(named.map(({ props }) => props["arn"]));
  return {
    grants: [
      ...named.flatMap((policy) => ownGrants(policy).grants),
      // An ARN that is not known, and that no policy of the stack explains, may be any policy.
      ...(named.length > 0 ? [] : values).flatMap(({ property, value }): readonly Grant[] =>
        value instanceof Unknown ? [{ statement: value, source: carrier, property }] : [],
      ),
    ],
    foreign: values.flatMap(({ value }) => (typeof value === "string" && !known.has(value) ? [value] : [])),
  };
}

/** A boundary that leaves everything open: AWS's own policies for administrators. */
export const boundsNothing = (arn: string): boolean =>
  /^arn:aws[a-z-]*:iam::aws:policy\/(.+\/)?(AdministratorAccess|IAMFullAccess)$/.test(arn);

function boundaryOf(resource: StackResource, toPolicy: Join): Identity["boundary"] {
  const value = resource.props["permissionsBoundary"];
  const [policy] = toPolicy(resource, "permissionsBoundary");
  if (policy !== undefined) return ownGrants(policy).grants;
  if (value instanceof Unknown) return value;
  return typeof value === "string" && value !== "" && !boundsNothing(value) ? value : undefined;
}

/**
 * Whether an identity may do something to a resource, its boundary counted. A condition is no hindrance here: whoever
 * meets it may. Unknown where that hangs on a policy, or on an ARN, that is not known yet.
 */
export function mayUse({ grants, boundary }: Identity, action: string, target: StackResource): Verdict {
  const given = decision(grants, action, target);
  if (given === false || boundary === undefined || typeof boundary === "string") return given;
  if (boundary instanceof Unknown) return boundary;
  const bounded = decision(boundary, action, target);
  return bounded === true ? given : bounded;
}

function decision(grants: readonly Grant[], action: string, target: StackResource): Verdict {
  const arn = target.props["arn"];
  let allowed: Verdict = false;
  for (const { statement } of grants) {
    if (statement instanceof Unknown) {
      if (allowed === false) allowed = statement;
      continue;
    }
    if (!isAboutAction(statement, action)) continue;
    const hit = reaches(statement, arn instanceof Unknown || typeof arn === "string" ? arn : "");
    if (!statement.allows && hit === true && statement.conditions.length === 0) return false;
    if (statement.allows && (hit === true || (hit !== false && allowed === false))) allowed = hit;
  }
  return allowed;
}

/** Whether a statement is about a resource of this ARN. */
function reaches({ resources, notResources }: Statement, arn: string | Unknown): Verdict {
  if (resources.includes("*")) return true;
  if (arn instanceof Unknown) return arn;
  if (notResources.length > 0) return !notResources.some((pattern) => covers(pattern, arn));
  return resources.some((pattern) => covers(pattern, arn));
}
