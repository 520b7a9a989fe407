import { parseArn } from "../arn.ts";
import { policyStatements } from "../iam-policy.ts";
import { type Operation, Refusal } from "../service.ts";
import { findBy, inAccount } from "./lookup.ts";
import { isNoService } from "./service-principals.ts";

/**
 * A service that AWS does not have, or a role or user of the operation's own account that a document names and that does not exist.
 * Principals of other accounts, of AWS itself, and of IAM Identity Center are not for the sandbox to know.
 */
export function principalRefusal(operation: Operation, policy: string, code: string): Refusal | undefined {
  const { account } = operation.location;
  const statements = policyStatements(policy);
  const named = (kind: string): string[] =>
    statements.flatMap(({ principals, notPrincipals }) => [
      ...(principals[kind] ?? []),
      ...(notPrincipals[kind] ?? []),
    ]);
  const service = named("Service").find((name) => name !== "*" && isNoService(name));
  if (service !== undefined) return new Refusal(code, `Invalid principal in policy: "SERVICE":"${service}"`);
  const names = named("AWS");
  for (const name of names) {
    const arn = parseArn(name);
    if (arn?.service !== "iam" || arn.account !== account) continue;
    if (!/^(role|user)\//.test(arn.resource) || /^role\/(aws-service-role|aws-reserved)\//.test(arn.resource)) continue;
    const known = inAccount(
      operation,
      "aws:iam/role:Role",
      "aws:iam/user:User",
      "aws:iam/serviceLinkedRole:ServiceLinkedRole",
    );
    if (findBy(known, name, "arn") === undefined)
      return new Refusal(code, `Invalid principal in policy: "AWS":"${name}" does not exist.`);
  }
  return undefined;
}
