import type { EngineRun } from "../engines/engine.ts";
import { judgeLosses, lossesIn } from "../stateful/losses.ts";
import { lossText } from "../stateful/words.ts";

/**
 * Why a run must not be made, in one line, where it would lose what holds data and is not named in `allowed`; undefined
 * where it loses nothing. What would go, and which backup covers it, is said line by line.
 */
export function lossRefusal(
  run: EngineRun,
  allowed: readonly string[],
  say: (line: string) => void,
): string | undefined {
  const verdict = judgeLosses(lossesIn(run), allowed);
  lossText(verdict).forEach((line) => say(line));
  const { length } = verdict.stopping;
  if (length === 0) return undefined;
  return `${length} resource${length === 1 ? "" : "s"} that hold${length === 1 ? "s" : ""} data would be lost, and nothing was changed`;
}
