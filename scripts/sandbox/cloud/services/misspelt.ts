import { distance } from "fastest-levenshtein";

/** Shorter words are too near to each other to tell a slip from another word. */
const SHORTEST = 6;

const plain = (word: string): string => word.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/**
 * The known word that was meant: the same in other case or with other marks, or one letter off. Undefined for a known
 * word, and for one that is near to none: a table of a service's names is never whole.
 */
export function meantBy(word: string, known: readonly string[]): string | undefined {
  if (known.includes(word)) return undefined;
  return (
    known.find((name) => plain(name) === plain(word)) ??
    (word.length < SHORTEST ? undefined : known.find((name) => distance(name, word) === 1))
  );
}
