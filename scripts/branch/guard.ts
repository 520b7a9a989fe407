import type { EngineRun } from "../engines/engine.ts";
import { judgeLosses, lossesIn, type Verdict } from "../stateful/losses.ts";
import { lossText } from "../stateful/words.ts";
import type { Target } from "../target.ts";

/**
 * What a run would lose, against what was named. A preview stack holds copies and examples, which are made again: its
 * losses are allowed by themselves.
 */
export function judged(
  run: EngineRun,
  { environment }: Pick<Target, "environment">,
  named: readonly string[],
): Verdict {
  const losses = lossesIn(run);
  return environment === "preview"
    ? { ...judgeLosses(losses, [...named, ...losses.map(({ urn }) => urn)]), stopping: [] }
    : judgeLosses(losses, named);
}

export function sayLosses(
  verdict: Verdict,
  { environment }: Pick<Target, "environment">,
  say: (line: string) => void,
): void {
  // Of a preview nobody needs to know each log group that goes.
  for (const line of lossText(environment === "preview" ? { ...verdict, allowed: [] } : verdict)) say(line);
}
