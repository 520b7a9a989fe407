import { runAs } from "./command-line.ts";
import { colors, noColors } from "./sandbox/cli/display/colors.ts";
import { smokeCommand } from "./smoke/command.ts";

await runAs("smoke", () => {
  const { stdout, env } = process;
  return smokeCommand(process.argv.slice(2), {
    colors: stdout.isTTY ? colors : noColors,
    print: (text) => stdout.write(`${text.trimEnd()}\n`),
    env,
  });
});
