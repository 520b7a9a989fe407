import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runFolder } from "../../test/run-folder.ts";

const START = join(import.meta.dirname, "../start.ts");
const POLL_MILLISECONDS = 200;

/**
 * A state folder in which `npm start` has brought staging and production up. The first test file of a run that asks
 * makes it, the others wait: none may change it, whoever wants to copies it. Rejects with what `npm start` printed where
 * it failed.
 */
export async function stacksUp(folder: string = runFolder() ?? ownFolder()): Promise<StacksUp> {
  const state = join(folder, "stacks-up");
  const file = join(folder, "stacks-up.json");
  if (isFirst(state)) {
    writeFileSync(`${file}.new`, JSON.stringify(start(state)));
    renameSync(`${file}.new`, file);
  }
  while (!existsSync(file)) await sleep(POLL_MILLISECONDS);
  const { isUp, printed } = JSON.parse(readFileSync(file, "utf8")) as Outcome;
  if (!isUp) throw new Error(`npm start failed: ${printed}`);
  return { state, printed };
}

export interface StacksUp {
  /** The state folder. */
  readonly state: string;
  /** What `npm start` printed. */
  readonly printed: string;
}

interface Outcome {
  readonly isUp: boolean;
  readonly printed: string;
}

/** For a file that runs alone. */
function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "stacks-up-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function isFirst(state: string): boolean {
  try {
    mkdirSync(state);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function start(state: string): Outcome {
  try {
    const printed = execFileSync(process.execPath, [START, "--state-dir", state], { stdio: "pipe" });
    return { isUp: true, printed: printed.toString() };
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { readonly stdout?: Buffer; readonly stderr?: Buffer };
    return { isUp: false, printed: stdout.toString() + stderr.toString() };
  }
}
