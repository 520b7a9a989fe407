import { ESCALATIONS, UNBOUNDED_IDENTITIES } from "../../support/iam/actions.ts";
import { identitiesIn, type Grant, type Identity } from "../../support/iam/identity.ts";
import { covers, isAboutAction, type Statement } from "../../support/iam/policy-document.ts";
import { isAllOfAccount, isNarrowed, isWholeService, requires } from "../../support/iam/scope.ts";
import type { Finding, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown } from "../../support/unknown.ts";

/** Ways in which an identity can give itself more than it has. */
function escalations(stack: Stack): readonly Finding[] {
  return identitiesIn(stack).flatMap(escalationsOf);
}

function escalationsOf({ resource, grants, boundary }: Identity): readonly Finding[] {
  // A boundary that is not of this stack is somebody else's decision, whatever is given under it.
  if (typeof boundary === "string") return [];
  const isOpen = (set: readonly string[]): boolean => boundary instanceof Unknown || isPossible(set, boundary);
  const possible = ESCALATIONS.filter(isOpen);
  const waiting = boundary instanceof Unknown ? boundary : unknownIn(boundary ?? []);
  const found = new Map<string, Grant>();
  for (const [first, ...rest] of possible) {
    const grant = grants.find(({ statement }) => isWithoutLimit(statement, first));
    if (grant === undefined || found.has(first) || isRefused(grants, first)) continue;
    if (rest.every((action) => isGiven(grants, action) && !isRefused(grants, action))) found.set(first, grant);
  }
  for (const set of UNBOUNDED_IDENTITIES.filter(isOpen)) {
    const [grant, ...others] = set.map((action) =>
      grants.find(({ statement }) => isWithoutBoundary(statement, action)),
    );
    if (grant === undefined || found.has(set[0]) || others.includes(undefined)) continue;
    if (!set.some((action) => isRefused(grants, action))) found.set(set[0], grant);
  }
  const sure = [...found].map(([action, { statement, source, property }]): Finding => {
    if (waiting !== undefined) return { urn: resource.urn, property: "permissionsBoundary", unknown: waiting };
    return {
      urn: source.urn,
      property,
      wrong: `${statement instanceof Unknown ? "it" : statement.id} lets ${resource.name} gain any permission by ${action}`,
      fix: "name the ARNs that are meant, require iam:PermissionsBoundary in a condition, or give the role a permissionsBoundary without it",
    };
  });
  return [...sure, ...(possible.length === 0 ? [] : undecided(grants))];
}

/** Whether a boundary leaves a way open; a statement of it that is not known yet may. */
const isPossible = (set: readonly string[], bounds: readonly Grant[] | undefined): boolean =>
  bounds === undefined ||
  unknownIn(bounds) !== undefined ||
  set.every((action) => isGiven(bounds, action) && !isRefused(bounds, action));

const unknownIn = (grants: readonly Grant[]): Unknown | undefined =>
  grants.map(({ statement }) => statement).find((statement) => statement instanceof Unknown);

const isWithoutLimit = (statement: Grant["statement"], action: string): boolean =>
  !(statement instanceof Unknown) &&
  statement.allows &&
  allowsNamed(statement, action) &&
  (statement.resources.some(isAllFor(action)) || statement.notResources.length > 0) &&
  !isNarrowed(statement);

/** Whether a pattern covers all that an action can be about: all roles, for one of IAM that is about roles. */
const isAllFor =
  (action: string) =>
  (resource: string): boolean => {
    const kind = /:([a-z-]+)\/\*$/i.exec(resource)?.[1] ?? "";
    return isAllOfAccount(resource) && (!action.startsWith("iam:") || action.includes(kind));
  };

/** Gives an action on roles or users whatever bounds them. */
const isWithoutBoundary = (statement: Grant["statement"], action: string): boolean =>
  !(statement instanceof Unknown) &&
  statement.allows &&
  allowsNamed(statement, action) &&
  !requires(statement, /^iam:(permissionsboundary|policyarn)$/);

// A whole service, or all but some actions, is another rule's finding.
const allowsNamed = ({ actions }: Statement, action: string): boolean =>
  actions.some((pattern) => !isWholeService(pattern) && covers(pattern, action));

const isGiven = (grants: readonly Grant[], action: string): boolean =>
  grants.some(
    ({ statement }) => !(statement instanceof Unknown) && statement.allows && isAboutAction(statement, action),
  );

/** Denied everywhere: always, or unless the role that it is about is bounded. */
const isRefused = (grants: readonly Grant[], action: string): boolean =>
  grants.some(
    ({ statement }) =>
      !(statement instanceof Unknown) &&
      !statement.allows &&
      isAboutAction(statement, action) &&
      statement.resources.some(isAllFor(action)) &&
      statement.conditions.every(
        ({ operator, key }) => key === "iam:permissionsboundary" && /^(String|Arn)Not(Equals|Like)$/i.test(operator),
      ),
  );

/** One for each document that is not known yet. */
const undecided = (grants: readonly Grant[]): readonly Finding[] =>
  grants.flatMap(({ statement, source, property }): readonly Finding[] =>
    statement instanceof Unknown ? [{ urn: source.urn, property, unknown: statement }] : [],
  );

export const rules: readonly Rule[] = [
  {
    name: "iam-no-privilege-escalation",
    description: "Nobody can give themselves more permissions than they have.",
    why: "A role that can widen itself, or act through any other role, is an administrator by one more step.",
    severity: "critical",
    level: "mandatory",
    standards: ["CKV_AWS_286", "Prowler iam_policy_allows_privilege_escalation"],
    stack: escalations,
  },
];
