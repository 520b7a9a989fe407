import { createHash } from "node:crypto";
import type { Json } from "./practice-data.ts";

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** JSON that is the same for the same value: names in the order of their code units, no spaces (as RFC 8785 does it). */
export function canonicalJson(value: Json): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

/** SHA-256 in base64url: 43 characters. */
export const fingerprintOf = (value: Json): string =>
  createHash("sha256").update(canonicalJson(value)).digest("base64url");
