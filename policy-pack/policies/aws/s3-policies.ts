import { lacking, whereGiven } from "../../support/data/buckets.ts";
import { accountIn, ownAccounts } from "../../support/iam/own-account.ts";
import { statementCheck, type Judge } from "../../support/iam/policy-check.ts";
import {
  WHAT,
  deniesPlainHttp,
  isAboutAction,
  isForEveryone,
  statementsOf,
  type Part,
} from "../../support/iam/policy-document.ts";
import { textsOf } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { BUCKETS } from "../../support/tokens.ts";
import { Unknown } from "../../support/unknown.ts";

const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const TYPES = [...BUCKETS, POLICY];
const WHOLE: readonly Part[] = [...WHAT, "Principal", "NotPrincipal"];

/** Nothing without TLS: neither the bucket itself nor its objects, be it by one statement or by two. */
function plainHttp({ props }: Resource): readonly Finding[] {
  const statements = statementsOf(props["policy"], WHOLE) ?? [];
  const denied = statements.flatMap((statement) =>
    !(statement instanceof Unknown) && deniesPlainHttp([statement]) ? statement.resources : [],
  );
  if (denied.some(holdsObjects) && denied.some(holdsBucket)) return [];
  const unknown = statements.find((statement) => statement instanceof Unknown);
  if (unknown !== undefined) return [{ property: "policy", unknown }];
  const part =
    denied.length === 0 ? "requests" : denied.some(holdsBucket) ? "requests for objects" : "requests to list";
  return [
    {
      property: "policy",
      wrong: `it lets ${part} come over plain HTTP`,
      fix: 'add a statement that denies Principal "*" the Action "s3:*" on the bucket\'s ARN and on that ARN + "/*" with the Condition { Bool: { "aws:SecureTransport": "false" } }',
    },
  ];
}

const holdsObjects = (resource: string): boolean => resource.endsWith("*");
const holdsBucket = (resource: string): boolean => resource === "*" || !resource.includes("/");

const NAMES_ACCOUNT: ReadonlySet<string> = new Set(["aws:principalaccount", "aws:principalarn"]);

/** Accounts that a statement lets in besides the stack's own and those of the settings. */
const foreignAccounts: Judge = (statement, resource, config) => {
  if (!statement.allows || statement.everyoneBut) return [];
  const limited = ownAccounts(resource);
  const own = new Set([...(limited instanceof Unknown ? [] : limited), ...textsOf(config["accounts"])]);
  const named = [
    ...statement.principals.filter(({ kind }) => kind === "AWS").map(({ value }) => value),
    ...statement.conditions.filter(({ key }) => NAMES_ACCOUNT.has(key)).flatMap(({ values }) => values),
  ];
  const foreign = new Set(named.flatMap((text) => accountIn(text) ?? []).filter((id) => !own.has(id)));
  if (foreign.size === 0) return [];
  return [
    {
      wrong: `${statement.id} lets in account ${[...foreign].join(", ")}, which is not one of the provider's allowedAccountIds`,
      fix: "remove that principal, or list the account in this rule's setting accounts",
    },
  ];
};

/** A Deny that leaves nobody but the root user to change the policy again. */
const lockout: Judge = (statement) => {
  if (statement.allows || !isForEveryone(statement) || statement.conditions.length > 0) return [];
  if (!isAboutAction(statement, "s3:PutBucketPolicy")) return [];
  if (statement.resources.length > 0 && !statement.resources.some(holdsBucket)) return [];
  return [
    {
      wrong: `${statement.id} denies everybody ${statement.actions.join(", ") || "all but a few actions"}, whoever deploys included`,
      fix: "add a Condition to this statement, or name the principals or the actions that it is about",
    },
  ];
};

export const rules: readonly Rule[] = [
  {
    name: "s3-bucket-denies-plain-http",
    description: "Every S3 bucket refuses requests without TLS.",
    why: "What travels without TLS can be read and changed on its way, credentials in signed links included.",
    severity: "high",
    level: "mandatory",
    standards: [
      "FSBP S3.5",
      "CIS 3.1.1",
      "CKV_AWS_379",
      "AwsSolutions-S10",
      "Prowler s3_bucket_secure_transport_policy",
    ],
    resources: [
      // A policy names its bucket's ARN, so that it is rarely known at preview; up checks it before it exists.
      { types: [POLICY], unknown: "defer", find: plainHttp },
      { types: BUCKETS, unknown: "defer", find: whereGiven("policy", plainHttp) },
    ],
    stack: lacking(
      { types: [POLICY], inline: ["policy"] },
      "refuses plain HTTP to",
      'add an aws.s3.BucketPolicy for it that denies "s3:*" where aws:SecureTransport is "false"',
    ),
  },
  {
    name: "s3-bucket-policy-own-accounts",
    description: "No S3 bucket policy lets in another AWS account than those that are named for it.",
    why: "What another account may read or write is outside this account's control, and stays so when its owner changes.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP S3.6", "CIS 2.21", "Prowler s3_bucket_cross_account_access"],
    settings: {
      accounts: { type: "array", description: "Other accounts that may be let in, 12 digits each.", default: [] },
    },
    resources: [statementCheck(["resource"], foreignAccounts, TYPES)],
  },
  {
    name: "s3-bucket-policy-not-locked-out",
    description: "No S3 bucket policy denies everybody the right to change it.",
    why: "Only the account's root user can take such a policy away again.",
    severity: "high",
    level: "mandatory",
    standards: ["CKV_AWS_93"],
    resources: [statementCheck(["resource"], lockout, TYPES)],
  },
];
