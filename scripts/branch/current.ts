import { execFileSync } from "node:child_process";
import { UserError } from "../sandbox/user-error.ts";

/** The branch that is checked out. Throws a `UserError` where there is none. */
export function currentBranch(directory: string = process.cwd()): string {
  let branch: string;
  try {
    branch = execFileSync("git", ["branch", "--show-current"], {
      cwd: directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    throw new UserError("no git repository here, or no git: name the branch with --branch NAME");
  }
  if (branch.trim() === "")
    throw new UserError("no branch is checked out (a detached HEAD): name one with --branch NAME");
  return branch.trim();
}
