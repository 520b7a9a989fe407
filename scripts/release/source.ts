import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../sandbox/user-error.ts";

const run = promisify(execFile);

/** What is checked out in a folder. */
export interface Source {
  readonly commit: string;
  readonly tree: string;
  /** Whether tracked files differ from the commit. */
  readonly changed: boolean;
  /** What the release is called where nobody says: package.json's version with the commit as build metadata. */
  readonly version: string;
}

/** Throws a `UserError` where the folder is no git repository with a commit. */
export async function sourceOf(root: string): Promise<Source> {
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run("git", [...args], { cwd: root, encoding: "utf8" })).stdout.trim();
  try {
    const [commit, tree, status] = await Promise.all([
      git("rev-parse", "HEAD"),
      git("rev-parse", "HEAD^{tree}"),
      git("status", "--porcelain", "--untracked-files=no"),
    ]);
    const { version = "0.0.0" } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version?: string };
    return { commit, tree, changed: status !== "", version: `${version}+${commit.slice(0, 12)}` };
  } catch {
    throw new UserError(`${root} is no git repository with a commit: a release is one of a commit`);
  }
}
