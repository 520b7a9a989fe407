import { CommanderError } from "commander";
import { program, usageMessage } from "./cli/program.ts";
import { UserError } from "./user-error.ts";

const name = "sandbox";

/** Runs the command line and returns the exit code: 0 done, 1 failed, 2 wrong usage. */
async function main(args: readonly string[]): Promise<number> {
  let code = 0;
  try {
    if (args.length === 0) {
      process.stderr.write(program(() => undefined).helpInformation());
      return 2;
    }
    await program((exit) => {
      code = exit;
    }).parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    process.stderr.write(`${name}: ${usageMessage(error)}\n`);
    return 2;
  }
  if (error instanceof UserError) {
    process.stderr.write(`${name}: ${error.message}\n`);
    return error.exitCode;
  }
  throw error;
}

process.exitCode = await main(process.argv.slice(2));
