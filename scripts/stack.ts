import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { stackOfBranch } from "../infra/settings/stacks.ts";

const usage = `Prints the stack for a branch: main is production, develop is staging, any other is a preview of its own.

  npm run stack                          the current branch
  npm run --silent stack -- --branch fix-login   another one; --silent prints the name alone`;

/** Wrong usage: exit code 2. */
class UsageError extends Error {}

/** No branch to answer for: exit code 1. */
class NoBranchError extends Error {}

function currentBranch(): string {
  let branch: string;
  try {
    branch = execFileSync("git", ["branch", "--show-current"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    throw new NoBranchError("no git repository here, or no git: name the branch with --branch NAME");
  }
  if (branch.trim() === "")
    throw new NoBranchError("no branch is checked out (a detached HEAD): name one with --branch NAME");
  return branch.trim();
}

function options(): { readonly branch: string | undefined; readonly help: boolean } {
  try {
    const { values } = parseArgs({ options: { branch: { type: "string" }, help: { type: "boolean", short: "h" } } });
    if (values.branch === "") throw new Error("--branch needs a name");
    return { branch: values.branch, help: values.help ?? false };
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${reason}. The options are --branch NAME and --help`);
  }
}

try {
  const { branch, help } = options();
  console.log(help ? usage : stackOfBranch(branch ?? currentBranch()));
} catch (error) {
  if (!(error instanceof UsageError) && !(error instanceof NoBranchError)) throw error;
  console.error(`stack: ${error.message}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
