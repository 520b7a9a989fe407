import { colors, noColors } from "./sandbox/cli/display/colors.ts";
import { UserError } from "./sandbox/user-error.ts";
import { smokeCommand } from "./smoke/command.ts";

try {
  const { stdout, env } = process;
  process.exitCode = await smokeCommand(process.argv.slice(2), {
    colors: stdout.isTTY ? colors : noColors,
    print: (text) => stdout.write(`${text.trimEnd()}\n`),
    env,
  });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`smoke: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
