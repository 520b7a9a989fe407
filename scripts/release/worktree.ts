import { execFile } from "node:child_process";
import { existsSync, lstatSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { branchFolder } from "../cost/difference-worktree.ts";
import { messageOf, UserError } from "../sandbox/user-error.ts";

const run = promisify(execFile);
const INSTALL_MILLISECONDS = 600_000;

const textOf = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, "utf8") : undefined);

/**
 * Does work in a git worktree of a commit, and removes it whatever happens. Where the commit pins the same packages as
 * this folder, it shares those that are installed here: a rollback then needs no registry. Where it pins others, they are
 * installed: an old program must not run on new SDKs.
 */
export function inWorktree<T>(root: string, commit: string, work: (directory: string) => Promise<T>): Promise<T> {
  return branchFolder(root, commit, async (directory) => {
    if (textOf(join(root, "package-lock.json")) !== textOf(join(directory, "package-lock.json")))
      await install(directory);
    return work(directory);
  });
}

async function install(directory: string): Promise<void> {
  const { workspaces = [] } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as {
    workspaces?: string[];
  };
  for (const part of [".", ...workspaces]) {
    const modules = join(directory, part, "node_modules");
    // npm would empty the folder that a link leads to.
    if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink() === true) rmSync(modules);
  }
  try {
    await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: directory, timeout: INSTALL_MILLISECONDS });
  } catch (error) {
    throw new UserError(`the packages of ${directory} cannot be installed: ${messageOf(error).split("\n")[0] ?? ""}`);
  }
}
