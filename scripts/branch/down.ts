import type { Engine, EngineRun } from "../engines/engine.ts";
import { judgeLosses } from "../stateful/losses.ts";
import { UserError } from "../sandbox/user-error.ts";
import type { Target } from "../target.ts";
import { consented, requireConsent } from "./confirm.ts";
import { judged, sayLosses } from "./guard.ts";
import type { BranchOptions } from "./options.ts";
import type { Outcome } from "./outcome.ts";
import type { Surroundings } from "./surroundings.ts";
import { countsOf, cut, errorLines } from "./words.ts";

/**
 * Shows what goes, asks, and takes the stack down. What is not there is down already. An environment goes by its name
 * alone: a job that takes down the branch of a pull request must not meet it where that branch is develop.
 */
export async function down(
  target: Target,
  engine: Engine,
  options: BranchOptions,
  around: Surroundings,
): Promise<Outcome> {
  if (target.environment !== "preview" && options.by !== "stack")
    throw new UserError(`${target.stack} is no preview: only --stack ${target.stack} takes it down`, 2);
  requireConsent(options.yes, around);
  const { root, say } = around;
  const outcome = { command: "down", engine: engine.kind, target } as const;
  const stacks = await engine.stacks();
  if (!stacks.some(({ name }) => name === target.stack)) {
    say(`there is no stack ${target.stack}: nothing to take down`);
    return { ...outcome, result: "succeeded", run: undefined, losses: judgeLosses([], []) };
  }
  const planned = await engine.previewDestroy(target.stack, { directory: root });
  errorLines(planned).forEach(say);
  say(countsOf(planned.steps, "planned"));
  const losses = judged(planned, target, options.allowDestroy);
  sayLosses(losses, target, say);
  const seen = { ...outcome, run: planned, losses };
  if (planned.result === "failed") return { ...seen, result: "failed" };
  if (losses.stopping.length > 0) return { ...seen, result: "stopped" };
  const byName = target.environment !== "preview";
  if (!(await consented(`take ${target.stack} down`, target, options.yes, around, byName))) {
    say("nothing was changed");
    return { ...seen, result: "declined" };
  }
  const run = await takeDown(target, engine, options.keepDatabase, around);
  return { ...outcome, losses, result: run.result, run };
}

/**
 * A preview's database, then its resources, then the stack itself. The database is no resource of the stack, and its
 * user and its tasks, which are, must still be there to drop it. Throws a `UserError` where it cannot be dropped:
 * nothing is destroyed then.
 */
export async function takeDown(
  target: Target,
  engine: Engine,
  keepDatabase: boolean,
  { root, say, dropDatabase }: Pick<Surroundings, "root" | "say" | "dropDatabase">,
): Promise<EngineRun> {
  const isPreview = target.environment === "preview";
  if (isPreview && engine.kind === "sandbox") say("the sandbox keeps no database: there is none to drop");
  else if (isPreview && keepDatabase) say(`database preview-${target.slug ?? ""} is kept: drop it by hand`);
  else if (isPreview) await dropDatabase(target, engine, say);
  const run = await engine.destroy(target.stack, { directory: root, onLine: (line) => say(cut(`  ${line}`)) });
  if (run.result === "failed") {
    errorLines(run).forEach(say);
    return run;
  }
  // The history and the file of the others outlive what they describe.
  if (isPreview) await engine.remove(target.stack);
  say(`${target.stack} is down: ${countsOf(run.steps, "done")}`);
  return run;
}
