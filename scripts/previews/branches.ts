import { execFileSync } from "node:child_process";
import { stackOfBranch } from "../../infra/settings/stacks.ts";

const REMOTE = /^refs\/remotes\/[^/]+\//;
const LOCAL = /^refs\/heads\//;

/** Each stack with its branch, of the branches here and of those that were last fetched. Empty where git is not. */
export function branchesByStack(directory: string): ReadonlyMap<string, string> {
  let refs: string;
  try {
    refs = execFileSync("git", ["for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes"], {
      cwd: directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return new Map();
  }
  const branches = refs
    .split("\n")
    .filter((ref) => ref !== "")
    .map((ref) => ref.replace(LOCAL, "").replace(REMOTE, ""));
  return new Map(branches.map((branch) => [stackOfBranch(branch), branch]));
}
