import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { nearestOf } from "../sandbox/project/nearest.ts";
import { messageOf, UserError } from "../sandbox/user-error.ts";

const run = promisify(execFile);

const git = async (root: string, ...args: readonly string[]): Promise<string> =>
  (await run("git", [...args], { cwd: root, encoding: "utf8" })).stdout;

export async function isRevision(root: string, name: string): Promise<boolean> {
  if (name.startsWith("-")) return false;
  return git(root, "rev-parse", "--verify", "--quiet", `${name}^{commit}`).then(
    () => true,
    () => false,
  );
}

/** A sentence part for the end of an error. */
export async function nearestBranch(root: string, name: string): Promise<string> {
  const listed = await git(root, "branch", "--all", "--format=%(refname:short)").catch(() => undefined);
  if (listed === undefined) return "there is no git repository here whose branches could be meant";
  return nearestOf(
    name,
    listed.split("\n").filter((branch) => branch !== ""),
  );
}

/**
 * Does work in a folder with the branch's files, which share the packages that are installed here, and removes it
 * whatever happens. Throws a UserError where git cannot make it.
 */
export async function branchFolder<T>(root: string, branch: string, work: (folder: string) => Promise<T>): Promise<T> {
  const parent = mkdtempSync(join(tmpdir(), "groundwork-branch-"));
  const folder = join(parent, "tree");
  const remove = (): void => {
    try {
      execFileSync("git", ["worktree", "remove", "--force", folder], { cwd: root, stdio: "ignore" });
    } catch {
      // It was never made.
    }
    rmSync(parent, { recursive: true, force: true });
  };
  const interrupted = (signal: NodeJS.Signals): void => {
    remove();
    process.removeListener(signal, interrupted);
    process.kill(process.pid, signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupted);
  try {
    await git(root, "worktree", "add", "--detach", folder, branch).catch((error: unknown) => {
      throw new UserError(`branch ${branch} cannot be looked at: ${messageOf(error).split("\n").at(-2) ?? ""}`, 2);
    });
    sharePackages(root, folder);
    return await work(folder);
  } finally {
    for (const signal of signals) process.removeListener(signal, interrupted);
    remove();
  }
}

/** What is installed here serves there, too; a branch with other dependencies is previewed with these. */
function sharePackages(root: string, folder: string): void {
  const { workspaces = [] } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { workspaces?: string[] };
  for (const part of [".", ...workspaces]) {
    const [own, shared] = [join(root, part, "node_modules"), join(folder, part, "node_modules")];
    if (existsSync(own) && existsSync(join(folder, part)) && !existsSync(shared)) symlinkSync(own, shared);
  }
}
