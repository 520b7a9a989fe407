import { join } from "node:path";
import { runAs } from "./command-line.ts";
import { costCommand } from "./cost/command.ts";
import { colors, noColors } from "./sandbox/cli/display/colors.ts";

const PIPED_WIDTH = 120;

await runAs("cost", () => {
  const { stdout, stderr } = process;
  return costCommand(process.argv.slice(2), {
    root: join(import.meta.dirname, ".."),
    colors: stdout.isTTY ? colors : noColors,
    width: stdout.isTTY ? stdout.columns : PIPED_WIDTH,
    now: new Date(),
    print: (text) => stdout.write(`${text.trimEnd()}\n`),
    complain: (text) => stderr.write(`cost: ${text.trimEnd()}\n`),
  });
});
