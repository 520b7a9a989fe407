import type { Engine } from "../engines/engine.ts";
import type { Target } from "../target.ts";
import { judged, sayLosses } from "./guard.ts";
import type { BranchOptions } from "./options.ts";
import type { Outcome } from "./outcome.ts";
import type { Surroundings } from "./surroundings.ts";
import { previewLines } from "./words.ts";

/** What up would do; changes nothing. */
export async function preview(
  target: Target,
  engine: Engine,
  options: BranchOptions,
  { root, say }: Pick<Surroundings, "root" | "say">,
): Promise<Outcome> {
  const run = await engine.preview(target.stack, { directory: root, config: options.config });
  previewLines(run).forEach(say);
  const losses = judged(run, target, options.allowDestroy);
  sayLosses(losses, target, say);
  const result = run.result === "failed" ? "failed" : losses.stopping.length > 0 ? "stopped" : "succeeded";
  return { command: "preview", engine: engine.kind, target, result, run, losses };
}
