import { githubCommand } from "./github/command.ts";
import { UserError } from "./sandbox/user-error.ts";

try {
  await githubCommand(process.argv.slice(2), {
    env: process.env,
    print: (text) => process.stdout.write(`${text.trimEnd()}\n`),
  });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`github: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
