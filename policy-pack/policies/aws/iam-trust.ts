import { accountIn, ownAccounts } from "../../support/iam/own-account.ts";
import { policiesOn } from "../../support/iam/policy-carriers.ts";
import { SOMEBODY, faultsIn, statementCheck, type Fault, type Judge } from "../../support/iam/policy-check.ts";
import { isPublic, type Principal, type Statement } from "../../support/iam/policy-document.ts";
import { requires } from "../../support/iam/scope.ts";
import { isUndecided, type Finding, type Resource, type Rule } from "../../support/rule.ts";
import { Unknown } from "../../support/unknown.ts";

const ROLE = "aws:iam/role:Role";

/** A role for anyone. Everyone but some is the rule's about exclusion. */
const publicTrust: Judge = (statement) => {
  const anyone =
    isPublic({ ...statement, everyoneBut: false }) ||
    (statement.allows && statement.principals.some(({ kind, value }) => kind !== "AWS" && /^[*?]+$/.test(value)));
  return anyone
    ? [
        {
          wrong: `${statement.id} lets anyone assume the role`,
          fix: "name the role, service, or provider that assumes it",
        },
      ]
    : [];
};

/** Conditions that say which of an account's identities is meant. */
const NAMES_CALLER = /^(aws:(principalarn|principaltag\/.+|userid|username))$/;

const isWholeAccount = ({ kind, value }: Principal): boolean =>
  kind === "AWS" && (value === SOMEBODY || /^(\d{12}|arn:[^:]*:iam::\d{12}:(root|\*|role\/\*|user\/\*))$/.test(value));

const isOpen = ({ value }: Principal): boolean => value === SOMEBODY;

const wholeAccount = (statement: Statement, own: ReadonlySet<string>): readonly Fault[] => {
  if (!statement.allows || requires(statement, NAMES_CALLER)) return [];
  return statement.principals
    .filter(
      (principal) => isWholeAccount(principal) && (isOpen(principal) || own.has(accountIn(principal.value) ?? "")),
    )
    .map(({ value }) => ({
      wrong: `${statement.id} lets everybody in account ${accountIn(value) ?? value} assume the role`,
      fix: "name the role that assumes it, or require aws:PrincipalArn in a condition",
    }));
};

const foreignAccount = (statement: Statement, own: ReadonlySet<string>): readonly Fault[] => {
  if (!statement.allows || hasExternalId(statement)) return [];
  return statement.principals
    .filter(
      ({ kind, value }) =>
        kind === "AWS" && (value === SOMEBODY || (accountIn(value) !== undefined && !own.has(accountIn(value) ?? ""))),
    )
    .map(({ value }) => ({
      wrong: `${statement.id} lets account ${accountIn(value) ?? value} assume the role without an external id`,
      fix: "add Condition StringEquals sts:ExternalId with the id that the partner gave this account",
    }));
};

const hasExternalId = ({ conditions }: Statement): boolean =>
  conditions.some(
    ({ operator, key, values }) =>
      operator.toLowerCase() === "stringequals" && key === "sts:externalid" && values.every((value) => value !== ""),
  );

/** A judgement that needs to know which account is the stack's own. */
const byAccount =
  (judge: (statement: Statement, own: ReadonlySet<string>) => readonly Fault[]) =>
  (resource: Resource): readonly Finding[] => {
    const own = ownAccounts(resource);
    return policiesOn(resource, "trust").flatMap((policy) =>
      faultsIn(policy, (statement) => judge(statement, own instanceof Unknown ? new Set() : own)).map((finding) =>
        own instanceof Unknown && !isUndecided(finding) ? { property: policy.property, unknown: own } : finding,
      ),
    );
  };

const GITHUB = "token.actions.githubusercontent.com";

/** `repo:owner/name:` and something fixed after it: a branch, a tag, an environment, with a wildcard only behind that. */
const PINNED_SUBJECT = /^repo:[^*?:/]+\/[^*?:/]+:[^*?]{3,}/;

/** The issuer that a federated principal, or a condition of the statement, is about. */
function issuersOf({ principals, conditions }: Statement): readonly string[] {
  const providers = principals
    .filter(({ kind }) => kind === "Federated")
    .map(({ value }) => /^arn:[^:]*:iam::[^:]*:oidc-provider\/(.+)$/.exec(value)?.[1] ?? value)
    .filter((issuer) => !issuer.startsWith("arn:"));
  const tested = conditions.flatMap(({ key }) => /^(.+):(?:aud|sub|app_id|client_id)$/.exec(key)?.[1] ?? []);
  // Where the provider is not known yet, what is tested says whose tokens are meant.
  return [
    ...new Set(providers.map((issuer) => (issuer === "*" || issuer === SOMEBODY ? (tested[0] ?? issuer) : issuer))),
  ];
}

const EXACT = /^(ForAnyValue:)?StringEquals(IgnoreCase)?$/i;
const LIKE = /^(ForAnyValue:)?String(Equals(IgnoreCase)?|Like)$/i;

const tests = (
  { conditions }: Statement,
  operators: RegExp,
  key: string,
  isPinned: (value: string) => boolean,
): boolean =>
  conditions.some(
    (condition) =>
      operators.test(condition.operator) &&
      condition.key === key.toLowerCase() &&
      condition.values.length > 0 &&
      condition.values.every(isPinned),
  );

/** Trust in tokens of an OIDC provider: for whom, and about what. */
const federatedTrust: Judge = (statement) => {
  if (!statement.allows) return [];
  return issuersOf(statement).flatMap((issuer): readonly Fault[] => {
    const faults: Fault[] = [];
    const isGithub = issuer === GITHUB || issuer.startsWith(`${GITHUB}/`);
    const audience = `${issuer}:aud`;
    if (isGithub && !tests(statement, EXACT, audience, (value) => !/[*?]/.test(value)))
      faults.push({
        wrong: `${statement.id} accepts tokens that were made for others`,
        fix: `add Condition StringEquals ${audience} with sts.amazonaws.com`,
      });
    const subject = `${issuer}:sub`;
    if (isGithub && !tests(statement, LIKE, subject, (value) => PINNED_SUBJECT.test(value)))
      faults.push({
        wrong: `${statement.id} accepts tokens of more than one repository's branch or environment`,
        fix: `add Condition StringEquals ${subject} with repo:OWNER/NAME:environment:ENVIRONMENT`,
      });
    if (!isGithub && !isPinnedElsewhere(statement, issuer))
      faults.push({
        wrong: `${statement.id} accepts every token that ${issuer} signs`,
        fix: `add Condition StringEquals ${subject} with the subject that is meant`,
      });
    return faults;
  });
};

/** Providers whose audience is the program's own, so that it alone tells its tokens from those of others. */
const OWN_AUDIENCE = /^(cognito-identity\.amazonaws\.com|accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com)$/;

const isPinnedElsewhere = (statement: Statement, issuer: string): boolean =>
  (OWN_AUDIENCE.test(issuer) ? ["aud", "sub", "app_id"] : ["sub"]).some((claim) =>
    tests(statement, LIKE, `${issuer}:${claim}`, (value) => /^[^*?]{3,}/.test(value)),
  );

export const rules: readonly Rule[] = [
  {
    name: "iam-trust-not-public",
    description: "No role can be assumed by anyone.",
    why: "A role for everybody gives its permissions to the internet.",
    severity: "critical",
    level: "mandatory",
    standards: ["CIS 2.21", "CKV_AWS_60", "Prowler iam_no_custom_policy_permissive_role_assumption"],
    resources: [statementCheck(["trust"], publicTrust)],
  },
  {
    name: "iam-trust-not-whole-account",
    description: "A role's trust names who of the own account may assume it.",
    why: "Otherwise everybody in the account who may assume roles at all can take this one.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_61", "Prowler iam_no_custom_policy_permissive_role_assumption"],
    resources: [{ types: [ROLE], unknown: "defer", find: byAccount(wholeAccount) }],
  },
  {
    name: "iam-foreign-trust-has-external-id",
    description: "A role that another account assumes requires an external id.",
    why: "Without one, another customer of the partner can have the partner act in this account.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: [ROLE], unknown: "defer", find: byAccount(foreignAccount) }],
  },
  {
    name: "iam-oidc-trust-pinned",
    description: "Trust in an OIDC provider names the audience and the subject; for GitHub, one repository.",
    why: "GitHub signs tokens for every repository there is, and any of them could assume the role.",
    severity: "critical",
    level: "mandatory",
    standards: ["CKV_AWS_358", "CKV_AWS_393"],
    resources: [statementCheck(["trust"], federatedTrust)],
  },
];
