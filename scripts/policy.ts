import { join } from "node:path";
import { policyCommand } from "./policy/command.ts";
import { OWN_PACK } from "./policy/pack.ts";
import { colors, noColors } from "./sandbox/cli/display/colors.ts";
import { UserError } from "./sandbox/user-error.ts";

const PIPED_WIDTH = 140;

try {
  const { stdout } = process;
  process.exitCode = await policyCommand(process.argv.slice(2), {
    pack: OWN_PACK,
    root: join(import.meta.dirname, ".."),
    // In a pipeline's log, too, which is no terminal.
    colors: stdout.isTTY ? colors : noColors,
    width: stdout.isTTY ? stdout.columns : PIPED_WIDTH,
    print: (text) => stdout.write(`${text.trimEnd()}\n`),
  });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`policy: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
