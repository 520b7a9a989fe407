import { join } from "node:path";
import { ofTerminal } from "./branch/surroundings.ts";
import { runAs } from "./command-line.ts";
import { rollbackLines, runRollback } from "./release/command.ts";
import { explained } from "./release/explained.ts";
import { rollbackOptions } from "./release/options.ts";
import { ROLLBACK_USAGE } from "./release/usage.ts";

const ROOT = join(import.meta.dirname, "..");

async function main(): Promise<number> {
  const options = rollbackOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(`${ROLLBACK_USAGE}\n`);
    return 0;
  }
  const around = { ...ofTerminal(ROOT, options.json), env: process.env };
  const record = await runRollback(options, around);
  if (record === undefined) {
    around.say("nothing was changed");
    return 1;
  }
  if (options.json) around.answer(JSON.stringify({ record }, undefined, 2));
  rollbackLines(record).forEach((line) => around.say(line));
  return record.result === "good" ? 0 : 1;
}

await runAs("rollback", main, explained);
