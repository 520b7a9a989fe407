import { join } from "node:path";
import { ofTerminal } from "./branch/surroundings.ts";
import { runAs } from "./command-line.ts";
import { outcomeLines, runProof, runRelease } from "./release/command.ts";
import { explained } from "./release/explained.ts";
import { releaseOptions } from "./release/options.ts";
import { RELEASE_USAGE } from "./release/usage.ts";

const ROOT = join(import.meta.dirname, "..");

async function main(): Promise<number> {
  const options = releaseOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(`${RELEASE_USAGE}\n`);
    return 0;
  }
  // A proof is for machines alone.
  const around = { ...ofTerminal(ROOT, options.json || options.command === "proof"), env: process.env };
  if (options.command === "proof") {
    around.answer(JSON.stringify(await runProof(options, around), undefined, 2));
    return 0;
  }
  const outcome = await runRelease(options, around);
  if (options.json) around.answer(JSON.stringify(outcome, undefined, 2));
  outcomeLines(outcome).forEach((line) => around.say(line));
  return outcome.record.result === "good" ? 0 : 1;
}

await runAs("release", main, explained);
