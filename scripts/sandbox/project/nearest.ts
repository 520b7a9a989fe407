import { closest, distance } from "fastest-levenshtein";

/** The choice that was most likely meant, if any is near enough to be a slip of the keyboard. */
export function nearest(word: string, choices: readonly string[]): string | undefined {
  if (choices.length === 0) return undefined;
  const begins = choices.filter((choice) => word.length >= 3 && choice.startsWith(word));
  if (begins.length === 1) return begins[0];
  const candidate = closest(word, choices);
  return distance(word, candidate) <= Math.max(2, Math.floor(candidate.length / 3)) ? candidate : undefined;
}

/** As `didYouMean`, where the choices are too many to be listed. */
export function nearestOf(word: string, choices: readonly string[]): string {
  const candidate = nearest(word, choices);
  if (candidate !== undefined) return `did you mean ${JSON.stringify(candidate)}?`;
  return choices.length === 0
    ? "it has none"
    : `the nearest of its ${choices.length} is ${JSON.stringify(closest(word, choices))}`;
}

/** A sentence part for the end of an error: the nearest choice, or all of them. */
export function didYouMean(word: string, choices: readonly string[]): string {
  const candidate = nearest(word, choices);
  if (candidate !== undefined) return `did you mean ${JSON.stringify(candidate)}?`;
  return choices.length === 0 ? "there is none yet" : `choose one of ${[...choices].sort().join(", ")}`;
}
