import { join } from "node:path";
import { reportCommand } from "./report/command.ts";
import { UserError } from "./sandbox/user-error.ts";

try {
  const { stdout, stderr, env, argv } = process;
  process.exitCode = await reportCommand(argv.slice(2), {
    root: join(import.meta.dirname, ".."),
    env,
    print: (text) => stdout.write(`${text.trimEnd()}\n`),
    say: (line) => stderr.write(`report: ${line}\n`),
  });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`report: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
