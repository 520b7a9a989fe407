import { configOf, releaseText } from "../release/record.ts";
import { targetOf } from "../target.ts";
import { down } from "./down.ts";
import { type BranchCommand, type BranchOptions, branchOptions } from "./options.ts";
import { expiryIn, expiryText, renewedExpiry } from "./expiry.ts";
import { exitCodeOf, type Outcome } from "./outcome.ts";
import { preview } from "./preview.ts";
import { ofTerminal, type Surroundings } from "./surroundings.ts";
import { up } from "./up.ts";
import { usageOf } from "./usage.ts";
import { targetLines } from "./words.ts";

const COMMANDS = { preview, up, down };

/** Runs a command on the branch's stack: first says where, then does it there. An up of a preview renews its end. */
export async function runOn(
  command: BranchCommand,
  options: BranchOptions,
  around: Surroundings,
  now: Date = new Date(),
): Promise<Outcome> {
  const target = targetOf(options.stack, around.root);
  const kind = options.sandbox ? "sandbox" : "pulumi";
  targetLines(target, kind).forEach(around.say);
  const { sandbox, stateDirectory } = options;
  const engine = await around.open({ sandbox, stateDirectory, root: around.root });
  if (command === "down") return down(target, engine, options, around);
  if (target.environment !== "preview") {
    const running = await around.running(engine, target, { root: around.root, stateDirectory });
    if (running !== undefined) around.say(`  keeps release ${releaseText(running)}`);
    const config = { ...(running && configOf(running)), ...options.config };
    return COMMANDS[command](target, engine, { ...options, config }, around);
  }
  const expiresAt = expiryText(renewedExpiry(expiryIn(await engine.outputs(target.stack)), now));
  const config = { expiresAt, ...options.config };
  around.say(`  until ${config.expiresAt}`);
  return COMMANDS[command](target, engine, { ...options, config }, around);
}

/** The command line of `preview`, `up`, and `down`. Returns the exit code: 0 done, 1 failed or stopped. Throws a `UserError`. */
export async function branchCommand(command: BranchCommand, args: readonly string[], root: string): Promise<number> {
  const options = branchOptions(command, args);
  if (options === undefined) {
    process.stdout.write(`${usageOf(command)}\n`);
    return 0;
  }
  const around = ofTerminal(root, options.json);
  const outcome = await runOn(command, options, around);
  if (options.json) around.answer(JSON.stringify(outcome, null, 2));
  return exitCodeOf(outcome);
}
