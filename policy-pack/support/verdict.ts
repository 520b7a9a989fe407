import { Unknown, type Plain } from "./unknown.ts";

/** True, false, or the unknown value that the answer waits for. */
export type Verdict = boolean | Unknown;

/** What a test says of a value, once that is known. */
export const verdictOf = (value: Plain, is: (known: Plain) => boolean): Verdict =>
  value instanceof Unknown ? value : is(value);

/** Whether any is true; unknown while one may turn out to be. */
export const someOf = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes(true) || (verdicts.find((verdict) => verdict instanceof Unknown) ?? false);

/** Whether all are true; unknown where none is false, and one may turn out to be. */
export function everyOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.find((verdict) => verdict instanceof Unknown) ?? true;
}
