import { UserError } from "../sandbox/user-error.ts";

/** Runs a script's work: what its user can put right is one line and an exit code, anything else a stack trace. */
export async function runScript(name: string, usage: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const known = explained(error, usage);
    if (known === undefined) throw error;
    console.error(`${name}: ${known.message}`);
    process.exitCode = known.exitCode;
  }
}

function explained(error: unknown, usage: string): UserError | undefined {
  if (error instanceof UserError) return error;
  const isUsage = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  return isUsage ? new UserError(`${error.message}\n\n${usage}`, 2) : undefined;
}
