import { join } from "node:path";
import { costCommand } from "./cost/command.ts";
import { colors, noColors } from "./sandbox/cli/display/colors.ts";
import { UserError } from "./sandbox/user-error.ts";

const PIPED_WIDTH = 120;

try {
  const { stdout, stderr } = process;
  process.exitCode = await costCommand(process.argv.slice(2), {
    root: join(import.meta.dirname, ".."),
    colors: stdout.isTTY ? colors : noColors,
    width: stdout.isTTY ? stdout.columns : PIPED_WIDTH,
    now: new Date(),
    print: (text) => stdout.write(`${text.trimEnd()}\n`),
    complain: (text) => stderr.write(`cost: ${text.trimEnd()}\n`),
  });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`cost: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
