import type { Located } from "../property.ts";
import type { Finding } from "../rule.ts";
import { Unknown } from "../unknown.ts";
import { looksSecret, secretReason } from "./text.ts";

/** Whether a variable holds a secret that everyone may read who sees its resource. The value is never shown. */
export function plainSecret({ property, value }: Located, name: string, what: string, fix: string): readonly Finding[] {
  if (value instanceof Unknown) return [{ property, unknown: value }];
  const reason = typeof value === "string" ? secretReason(name, value) : undefined;
  return reason === undefined ? [] : [{ property, wrong: `${what} is in plain text, and ${reason}`, fix }];
}

/** Text without a name, such as an argument: only its form can tell. */
export function plainSecretText({ property, value }: Located, what: string, fix: string): readonly Finding[] {
  if (typeof value !== "string" || !looksSecret(value)) return [];
  return [{ property, wrong: `${what} has the form of a secret`, fix }];
}
