import { join } from "node:path";
import { runAs } from "./command-line.ts";
import { policyCommand } from "./policy/command.ts";
import { OWN_PACK } from "./policy/pack.ts";
import { colors, noColors } from "./sandbox/cli/display/colors.ts";

const PIPED_WIDTH = 140;

await runAs("policy", () => {
  const { stdout } = process;
  return policyCommand(process.argv.slice(2), {
    pack: OWN_PACK,
    root: join(import.meta.dirname, ".."),
    // In a pipeline's log, too, which is no terminal.
    colors: stdout.isTTY ? colors : noColors,
    width: stdout.isTTY ? stdout.columns : PIPED_WIDTH,
    print: (text) => stdout.write(`${text.trimEnd()}\n`),
  });
});
