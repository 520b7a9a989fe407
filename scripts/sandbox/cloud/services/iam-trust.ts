import { policyStatements, type PolicyStatement } from "../iam-policy.ts";
import { type Operation, Refusal } from "../service.ts";
import { findBy, inAccount } from "./lookup.ts";

const PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";

/**
 * Identity providers that many customers share: IAM takes a trust policy for one only where it says whose tokens it
 * means, by one of these claims. Source: "Identity-provider controls for shared OIDC providers" in IAM's user guide.
 */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  "token.actions.githubusercontent.com": ["sub", "job_workflow_ref"],
};

const claimsOf = ({ conditions }: PolicyStatement): [key: string, values: readonly string[]][] =>
  Object.entries(conditions)
    .filter(([operator]) => /^(ForAnyValue:|ForAllValues:)?String(Equals|Like)/.test(operator))
    .flatMap(([, block]) => Object.entries(block));

function isOpen(statement: PolicyStatement, issuer: string, claims: readonly string[]): boolean {
  if (statement.effect !== "Allow") return false;
  const keys = claims.map((claim) => `${issuer}:${claim}`.toLowerCase());
  return !claimsOf(statement).some(
    ([key, values]) => keys.includes(key.toLowerCase()) && values.every((value) => !/^[*?]*$/.test(value)),
  );
}

/** An identity provider that a trust policy names by ARN: one of the account's, and not open to everybody. */
export function federatedRefusal(operation: Operation, text: string): Refusal | undefined {
  const providers = inAccount(operation, PROVIDER);
  for (const statement of policyStatements(text))
    for (const name of statement.principals["Federated"] ?? []) {
      const [, issuer] = /:oidc-provider\/(.+)$/.exec(name) ?? [];
      if (issuer === undefined) continue;
      if (findBy(providers, name, "arn") === undefined)
        return new Refusal(
          "MalformedPolicyDocument",
          `Invalid principal in policy: "Federated":"${name}" does not exist.`,
        );
      const claims = SHARED[issuer];
      if (claims !== undefined && isOpen(statement, issuer, claims))
        return new Refusal(
          "MalformedPolicyDocument",
          `A trust policy for ${issuer}, which many share, must have a condition on ${issuer}:${claims[0] ?? ""} that is no mere wildcard.`,
        );
    }
  return undefined;
}
