import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { ROOT } from "./repository.ts";

const CHILD = join(import.meta.dirname, "help-process.ts");

/** A script of Node, relative to the root, and the arguments before `--help`. */
export type HelpRequest = readonly [file: string, args: readonly string[]];

/** What each prints when it is asked for help. One process asks all, since what they import they share. */
export async function helpTexts(requests: readonly HelpRequest[]): Promise<readonly string[]> {
  const child = spawn(process.execPath, [CHILD], { cwd: ROOT, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(JSON.stringify(requests));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  try {
    return JSON.parse(stdout) as readonly string[];
  } catch {
    throw new Error(`the commands' help could not be read: ${stderr || stdout}`);
  }
}
