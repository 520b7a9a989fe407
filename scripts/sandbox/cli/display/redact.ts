import { Archive, Asset, OutputValue, Secret, Unknown, type Value } from "../../values/value.ts";
import { SECRET_TEXT } from "./value-text.ts";

// Shorter texts ("a", "on") occur everywhere; hiding them would hide the message.
const SHORTEST = 4;

/** Replaces every known secret in a text, as written and as JSON writes it. */
export function redactor(secrets: Iterable<string>): (text: string) => string {
  const texts = new Set<string>();
  for (const secret of secrets)
    for (const form of [secret, secret.trim(), JSON.stringify(secret).slice(1, -1)])
      if (form.length >= SHORTEST) texts.add(form);
  if (texts.size === 0) return (text) => text;
  // The longest first: one secret may contain another. In one pass: a secret may be part of the mask.
  const ordered = [...texts].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(ordered.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|"), "g");
  return (text) => text.replaceAll(pattern, SECRET_TEXT);
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
