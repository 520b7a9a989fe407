import { Archive, Asset, OutputValue, Secret, Unknown, type Value } from "../../values/value.ts";
import { SECRET_TEXT } from "./value-text.ts";

// Shorter texts ("a", "on") occur everywhere; hiding them would hide the message.
const SHORTEST = 4;
// What a program prints comes line by line. A line of a secret must be longer to be hidden: "true" is no secret.
const SHORTEST_LINE = 8;

/** Replaces every known secret in a text, as written and as JSON writes it. */
export function redactor(secrets: Iterable<string>): (text: string) => string {
  const texts = new Set<string>();
  for (const secret of secrets) {
    for (const form of [secret, secret.trim(), JSON.stringify(secret).slice(1, -1)])
      if (form.length >= SHORTEST) texts.add(form);
    for (const line of linesOf(secret)) if (line.length >= SHORTEST_LINE) texts.add(line);
  }
  // The longest first: one secret may contain another.
  const ordered = [...texts].sort((a, b) => b.length - a.length);
  return (text) => masked(text, ordered);
}

const linesOf = (secret: string): string[] =>
  secret.includes("\n") ? secret.split("\n").map((line) => line.trim()) : [];

/** In one pass: a secret may be part of the mask. By search and not by pattern, which has a greatest size. */
function masked(text: string, secrets: readonly string[]): string {
  const found = secrets.map((secret) => ({ secret, at: text.indexOf(secret) })).filter(({ at }) => at >= 0);
  let shown = "";
  let from = 0;
  while (found.length > 0) {
    for (const next of found) if (next.at >= 0 && next.at < from) next.at = text.indexOf(next.secret, from);
    const first = found
      .filter(({ at }) => at >= 0)
      .reduce<(typeof found)[number] | undefined>(
        (best, next) => (best === undefined || next.at < best.at ? next : best),
        undefined,
      );
    if (first === undefined) break;
    shown += text.slice(from, first.at) + SECRET_TEXT;
    from = first.at + first.secret.length;
  }
  return shown + text.slice(from);
}

/** Texts inside a secret config value: the value itself, and the leaves where it is a JSON document. */
export function secretTexts(value: string): string[] {
  if (!/^\s*[{[]/.test(value)) return [value];
  try {
    return [value, ...leafTexts(JSON.parse(value) as Value)];
  } catch {
    return [value];
  }
}

/** Texts of everything that is marked secret in a value. */
export function secretsIn(value: Value): string[] {
  if (value instanceof Secret) return leafTexts(value.value);
  if (value instanceof OutputValue)
    return value.value === undefined ? [] : value.secret ? leafTexts(value.value) : secretsIn(value.value);
  return childrenOf(value).flatMap(secretsIn);
}

function leafTexts(value: Value): string[] {
  if (typeof value === "string") return [value];
  if (value instanceof Secret) return leafTexts(value.value);
  return childrenOf(value).flatMap(leafTexts);
}

function childrenOf(value: Value): Value[] {
  if (value === null || typeof value !== "object" || value instanceof Unknown) return [];
  if (value instanceof Asset || value instanceof Archive) return [];
  return Array.isArray(value) ? value : (Object.values(value) as Value[]);
}
