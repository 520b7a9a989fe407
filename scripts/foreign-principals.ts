import { parseArn } from "./sandbox/cloud/arn.ts";
import { type PolicyStatement, policyStatements } from "./sandbox/cloud/iam-policy.ts";
import type { ResourceState } from "./sandbox/state/resource.ts";
import { leaves } from "./isolation-leaves.ts";
import { TRUSTED_ACCOUNTS, type TrustedAccount } from "./foreign-principals-allow-list.ts";

/** Somebody outside the account whom one of its policies lets in. */
export interface ForeignPrincipal {
  readonly urn: string;
  /** Where the policy stands: `inputs.assumeRolePolicy`. */
  readonly path: string;
  /** An account, an ARN, `*`, or a federation. */
  readonly principal: string;
  readonly reason: string;
}

type Resource = Pick<ResourceState, "urn" | "type" | "inputs" | "outputs">;

/** An endpoint's policy grants nothing: it limits what passes through, whoever may do it. */
const GRANTS_NOTHING = "aws:ec2/vpcEndpoint:VpcEndpoint";

/** Condition keys that pin the caller, or whom a service acts for, to an account. */
const ACCOUNT_KEYS = ["aws:principalaccount", "aws:sourceaccount", "aws:sourceowner", "kms:calleraccount"];
const ARN_KEYS = ["aws:principalarn", "aws:sourcearn"];

const PINNING = /^(ForAnyValue:)?(StringEquals|StringLike|ArnEquals|ArnLike)$/;

/** Values of the conditions with these keys, as far as a request without the key would not pass. */
const pinned = ({ conditions }: PolicyStatement, keys: readonly string[]): string[] =>
  Object.entries(conditions)
    .filter(([operator]) => PINNING.test(operator))
    .flatMap(([, block]) => Object.entries(block))
    .filter(([key]) => keys.includes(key.toLowerCase()))
    .flatMap(([, values]) => values);

/** Accounts that the statement's conditions speak of; "" for an ARN that is of any account. */
const accountsIn = (statement: PolicyStatement): string[] => [
  ...pinned(statement, ACCOUNT_KEYS),
  // A bucket's ARN bears no account, and names are the world's.
  ...pinned(statement, ARN_KEYS)
    .filter((arn) => !arn.startsWith("arn:aws:s3:::"))
    .map((arn) => parseArn(arn)?.account ?? ""),
];

const accountOf = (principal: string): string | undefined =>
  /^\d{12}$/.test(principal) ? principal : parseArn(principal)?.account;

function trusted(
  statement: PolicyStatement,
  account: string,
  allowed: readonly TrustedAccount[],
): { readonly known?: TrustedAccount; readonly conditioned: boolean } {
  const known = allowed.find((one) => one.account === account);
  return {
    ...(known && { known }),
    conditioned: known !== undefined && pinned(statement, [known.condition.toLowerCase()]).length > 0,
  };
}

/** Why a principal does not belong there; undefined where it does. */
function problemOf(
  statement: PolicyStatement,
  kind: string,
  principal: string,
  accountId: string,
  allowed: readonly TrustedAccount[],
): string | undefined {
  const accounts = accountsIn(statement);
  if (kind === "Service") {
    const foreign = accounts.find((account) => account !== accountId);
    return foreign === undefined ? undefined : `a service may act for ${foreign === "" ? "any account" : foreign}`;
  }
  if (kind === "CanonicalUser") return "a canonical user does not say whose it is";
  if (principal === "*")
    return accounts.length > 0 && accounts.every((account) => account === accountId)
      ? undefined
      : "anyone, without a condition that pins the account";
  const account = accountOf(principal);
  // CloudFront's older kind of identity bears no account of its own.
  if (account === accountId || account === "cloudfront") return undefined;
  if (account === undefined) return "an identity provider outside the account";
  const { known, conditioned } = trusted(statement, account, allowed);
  if (known === undefined) return `account ${account} is not this one, and not in foreign-principals-allow-list.ts`;
  return conditioned ? undefined : `${known.who} is trusted only with a condition on ${known.condition}`;
}

function inStatement(
  statement: PolicyStatement,
  accountId: string,
  allowed: readonly TrustedAccount[],
): { readonly principal: string; readonly reason: string }[] {
  if (statement.effect !== "Allow") return [];
  const excluded = Object.values(statement.notPrincipals).flat();
  if (excluded.length > 0) return [{ principal: `all but ${excluded.join(", ")}`, reason: "anyone else" }];
  return Object.entries(statement.principals).flatMap(([kind, principals]) =>
    principals.flatMap((principal) => {
      const reason = problemOf(statement, kind, principal, accountId, allowed);
      return reason === undefined ? [] : [{ principal, reason }];
    }),
  );
}

/**
 * Principals of other accounts in every policy that stands in a state: trust policies of roles, and policies of keys,
 * secrets, buckets, queues, and registries. None is right but AWS's services, for this account; the account itself,
 * with its own federation (GitHub's); and the accounts of the allow-list, under their condition.
 */
export function foreignPrincipals(
  resources: readonly Resource[],
  accountId: string,
  allowed: readonly TrustedAccount[] = TRUSTED_ACCOUNTS,
): ForeignPrincipal[] {
  return resources
    .filter(({ type }) => type !== GRANTS_NOTHING)
    .flatMap(({ urn, inputs, outputs }) => {
      const texts = [...leaves("inputs", inputs, false), ...leaves("outputs", outputs, false)];
      const found = texts
        .filter(({ text, isKey }) => isKey !== true && text.includes('"Statement"'))
        .flatMap(({ text, path }) =>
          policyStatements(text)
            .flatMap((statement) => inStatement(statement, accountId, allowed))
            .map((one) => ({ urn, path, ...one })),
        );
      // What an output repeats of an input is one finding.
      return found.filter(
        (one, index) =>
          found.findIndex(({ principal, reason }) => principal === one.principal && reason === one.reason) === index,
      );
    });
}
