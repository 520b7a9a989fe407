import { codeOf, messageOf, UserError } from "./sandbox/user-error.ts";

/** Undefined for a fault of the program. Whoever has installed nothing yet is told that, and not how modules load. */
function explained(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error;
  return codeOf(error) === "ERR_MODULE_NOT_FOUND" && messageOf(error).startsWith("Cannot find package")
    ? new UserError("the packages are not installed, or not all of them. Next: npm ci")
    : undefined;
}

try {
  const { main } = await import("./doctor/main.ts");
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const known = explained(error);
  if (known === undefined) throw error;
  process.stderr.write(`doctor: ${known.message}\n`);
  process.exitCode = known.exitCode;
}
