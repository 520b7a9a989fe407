import { textsOf } from "../property.ts";
import type { Resource } from "../rule.ts";
import { Unknown } from "../unknown.ts";
import { parse } from "./policy-document.ts";

/**
 * The accounts that a resource may be in: those that its provider is limited to, or where that says nothing, the one
 * in its own ARN or its boundary's. Empty where nothing says it.
 */
export function ownAccounts({ props, provider }: Pick<Resource, "props" | "provider">): ReadonlySet<string> | Unknown {
  const allowed = provider?.["allowedAccountIds"];
  if (allowed instanceof Unknown) return allowed;
  // An explicit provider's lists arrive as JSON text.
  const limited = textsOf(typeof allowed === "string" ? (parse(allowed) ?? allowed) : allowed);
  if (limited.length > 0) return new Set(limited);
  return new Set(["arn", "permissionsBoundary"].flatMap((key) => accountIn(props[key]) ?? []));
}

/** The account in an ARN, or an account's number itself. */
export const accountIn = (value: unknown): string | undefined =>
  typeof value === "string" ? /^(?:arn:[^:]*:[^:]*:[^:]*:)?(\d{12})(?::|$)/.exec(value)?.[1] : undefined;
