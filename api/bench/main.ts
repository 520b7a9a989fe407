import { benchCommand, usage, UsageError } from "./command.ts";

try {
  process.exitCode = await benchCommand(
    process.argv.slice(2),
    (text) => process.stdout.write(`${text}\n`),
    (text) => process.stderr.write(`bench: ${text}\n`),
  );
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`bench: ${error.message}\n\n${usage}\n`);
  process.exitCode = 2;
}
