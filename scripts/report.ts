import { join } from "node:path";
import { runAs } from "./command-line.ts";
import { reportCommand } from "./report/command.ts";

await runAs("report", () => {
  const { stdout, stderr, env, argv } = process;
  return reportCommand(argv.slice(2), {
    root: join(import.meta.dirname, ".."),
    env,
    print: (text) => stdout.write(`${text.trimEnd()}\n`),
    say: (line) => stderr.write(`report: ${line}\n`),
  });
});
