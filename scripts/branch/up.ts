import type { Engine } from "../engines/engine.ts";
import { UserError } from "../sandbox/user-error.ts";
import type { Target } from "../target.ts";
import { consented, requireConsent } from "./confirm.ts";
import type { BranchOptions } from "./options.ts";
import type { Outcome } from "./outcome.ts";
import { preview } from "./preview.ts";
import type { Surroundings } from "./surroundings.ts";
import { countsOf, cut, errorLines, findingLines } from "./words.ts";

/**
 * Previews, stops where something with data would be lost, asks, and brings the stack up. A job that brings up the
 * branch of a pull request must not meet an environment where that branch is develop.
 */
export async function up(
  target: Target,
  engine: Engine,
  options: BranchOptions,
  around: Surroundings,
): Promise<Outcome> {
  if (target.environment !== "preview" && options.by === "branch" && options.yes)
    throw new UserError(`${target.stack} is no preview: with --yes, name it with --stack ${target.stack}`, 2);
  requireConsent(options.yes, around);
  const { root, say } = around;
  const previewed = { ...(await preview(target, engine, options, around)), command: "up" as const };
  if (previewed.result !== "succeeded") return previewed;
  if (!(await consented(`bring ${target.stack} up`, target, options.yes, around))) {
    say("nothing was changed");
    return { ...previewed, result: "declined" };
  }
  const run = await engine.up(target.stack, {
    directory: root,
    config: options.config,
    skipPreview: true,
    onLine: (line) => say(cut(`  ${line}`)),
  });
  if (run.result === "failed") [...findingLines(run), ...errorLines(run)].forEach(say);
  else say(`${target.stack} is up: ${countsOf(run.steps, "done")}`);
  const outputs = await engine.outputs(target.stack);
  return { ...previewed, result: run.result, run, ...(outputs && { outputs }) };
}
