import {
  DECRYPTS,
  ESCALATIONS,
  GIVES_ACCESS,
  GIVES_CREDENTIALS,
  PASS_ROLE,
  READS_DATA,
  SHOWS_SETUP,
  WITHOUT_RESOURCE,
} from "../../support/iam/actions.ts";
import { boundariesIn } from "../../support/iam/identity.ts";
import { policiesOn } from "../../support/iam/policy-carriers.ts";
import { ANY_ACTION, faultsIn, statementCheck, type Fault, type Judge } from "../../support/iam/policy-check.ts";
import { covers, type Statement } from "../../support/iam/policy-document.ts";
import {
  coveredBy,
  isAllOfAccount,
  isAnything,
  isNarrowed,
  isWholeService,
  requires,
} from "../../support/iam/scope.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";

const POLICY = "aws:iam/policy:Policy";

/** The patterns of a statement that other rules leave to these: a whole service is wrong on any resource. */
const patternsOf = ({ allows, actions }: Statement): readonly string[] =>
  allows ? actions.filter((action) => action === ANY_ACTION || !isWholeService(action)) : [];

/** Statements that allow some of these actions on all that there is. */
const onEverything =
  (actions: readonly string[], does: string): Judge =>
  (statement) => {
    const wide = statement.resources.find(isAllOfAccount);
    if (wide === undefined || isNarrowed(statement)) return [];
    const given = patternsOf(statement).filter((pattern) => coveredBy(pattern, actions).length > 0);
    if (given.length === 0) return [];
    return [
      {
        wrong: `${statement.id} allows ${given.join(", ")} on "${wide}", which ${does}`,
        fix: `replace "${wide}" by the ARNs that are meant, or add a condition on aws:ResourceTag`,
      },
    ];
  };

const ELSEWHERE = [
  ...READS_DATA,
  ...GIVES_CREDENTIALS,
  ...GIVES_ACCESS,
  ...DECRYPTS,
  PASS_ROLE,
  ...ESCALATIONS.filter((set) => set.length === 1).flat(),
];

const canBeRestricted = (pattern: string): boolean =>
  !WITHOUT_RESOURCE.some((action) => covers(action, pattern)) && !SHOWS_SETUP.test(pattern);

/** Actions that change something, on all that there is. What gives data or access away has a rule of its own. */
const wildcardResource: Judge = (statement) => {
  const wide = statement.resources.find(isAnything);
  if (wide === undefined || isNarrowed(statement)) return [];
  const given = patternsOf(statement)
    .filter(canBeRestricted)
    .filter((pattern) => pattern === ANY_ACTION || coveredBy(pattern, ELSEWHERE).length === 0);
  if (given.length === 0) return [];
  return [
    {
      wrong: `${statement.id} allows ${given.join(", ")} on "${wide}"`,
      fix: `replace "${wide}" by the ARNs that are meant, or add a condition on aws:ResourceTag`,
    },
  ];
};

const passRole: Judge = (statement) => {
  if (!patternsOf(statement).some((pattern) => covers(pattern, PASS_ROLE))) return [];
  const wide = statement.resources.find(isAllOfAccount);
  const faults: Fault[] = [];
  if (wide !== undefined)
    faults.push({
      wrong: `${statement.id} allows iam:PassRole on "${wide}"`,
      fix: `replace "${wide}" by the ARNs of the roles that are passed`,
    });
  if (!requires(statement, "iam:passedtoservice"))
    faults.push({
      wrong: `${statement.id} allows iam:PassRole to every service`,
      fix: "add Condition StringEquals iam:PassedToService with the services that take the roles",
    });
  return faults;
};

/** By its name, since nothing else of the resource says it; whether it is true, the stack's check finds out. */
const saysItIsBoundary = ({ type, name }: Resource): boolean => type === POLICY && /boundary/i.test(name);

/** A judgement of what an identity is given. A boundary gives nothing, so that a wide one is no finding. */
const given = (judge: Judge): Pick<Rule, "resources" | "stack"> => ({
  resources: [
    statementCheck(["identity"], (statement, resource, config) =>
      saysItIsBoundary(resource) ? [] : judge(statement, resource, config),
    ),
  ],
  stack: (stack, config) => falseBoundaries(stack, judge, config),
});

/** What is called a boundary, but is attached, or bounds nobody. */
function falseBoundaries(stack: Stack, judge: Judge, config: Parameters<Judge>[2]): readonly Finding[] {
  const called = stack.ofType([POLICY]).filter(saysItIsBoundary);
  if (called.length === 0) return [];
  const real = boundariesIn(stack);
  return called
    .filter(({ urn }) => !real.has(urn))
    .flatMap((resource) =>
      policiesOn(resource, "identity")
        .flatMap((policy) => faultsIn(policy, (statement) => judge(statement, resource, config)))
        .map((finding) => ({ ...finding, urn: resource.urn })),
    );
}

export const rules: readonly Rule[] = [
  {
    name: "iam-no-wildcard-resource",
    description: "No policy allows a change on every resource where the action can be limited to some.",
    why: "One mistake, or one stolen credential, then reaches all of the account.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_355", "CKV_AWS_290", "AwsSolutions-IAM5", "AWS-0057"],
    ...given(wildcardResource),
  },
  {
    name: "iam-no-data-read-on-everything",
    description: "No policy allows reading all data of a service.",
    why: "What can read every bucket, table, or secret can carry all of them away.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_288", "AwsSolutions-IAM5"],
    ...given(onEverything(READS_DATA, "reads all data there is")),
  },
  {
    name: "iam-no-credentials-exposure",
    description: "No policy allows handing out credentials of everybody.",
    why: "Who can make credentials for others, or become them, has all that they have.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_287"],
    ...given(onEverything(GIVES_CREDENTIALS, "gives credentials of everybody")),
  },
  {
    name: "iam-no-access-management-on-everything",
    description: "No policy allows deciding who may use every resource.",
    why: "Who can change any resource's policy can open all of them to anyone.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_289"],
    ...given(onEverything(GIVES_ACCESS, "opens everything to others")),
  },
  {
    name: "iam-no-decrypt-with-every-key",
    description: "No policy allows decrypting with all KMS keys.",
    why: "A key separates data only as long as not everybody may use all of them.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP KMS.1", "FSBP KMS.2", "Prowler iam_policy_no_full_access_to_kms"],
    ...given(onEverything(DECRYPTS, "decrypts with every key")),
  },
  {
    name: "iam-pass-role-confined",
    description: "Statements of iam:PassRole name the roles that may be passed, and the services that may get them.",
    why: "Who can hand any role to a service they control has the permissions of every role.",
    severity: "high",
    level: "mandatory",
    standards: ["AWS-0342"],
    ...given(passRole),
  },
];
