import type { Properties } from "../../values/value.ts";
import { Refusal } from "../service.ts";

const answer = (status: string, ...errors: readonly string[]): Refusal =>
  new Refusal(status, JSON.stringify({ errors }));

/** What Datadog's API says, status first. */
export const badRequest = (...errors: readonly string[]): Refusal => answer("400 Bad Request", ...errors);
export const notFound = (...errors: readonly string[]): Refusal => answer("404 Not Found", ...errors);
export const conflict = (...errors: readonly string[]): Refusal => answer("409 Conflict", ...errors);

/** Ids are texts here and numbers there: `monitorIds` of an objective are numbers. */
export const idsAt = (inputs: Properties, key: string): string[] => {
  const value = inputs[key];
  return Array.isArray(value)
    ? value.filter((id) => typeof id === "number" || typeof id === "string").map((id) => String(id))
    : [];
};

/** Letters from hexadecimal text, a word per length: `abc-def-ghi`. */
export function publicId(hex: string, alphabet: string, ...lengths: readonly number[]): string {
  let at = 0;
  return lengths
    .map((length) =>
      Array.from({ length }, () => {
        const letter = alphabet.charAt(parseInt(hex.slice(at, at + 2), 16) % alphabet.length);
        at += 2;
        return letter;
      }).join(""),
    )
    .join("-");
}

export const LETTERS = "abcdefghijkmnpqrstuvwxyz";
export const LETTERS_AND_DIGITS = `${LETTERS}23456789`;

/** A tag: a letter first, then what Datadog keeps; anything else it would turn into underscores. 200 characters. */
export const isTag = (tag: string): boolean => /^[a-z][a-z0-9_:./-]{0,199}$/.test(tag);
