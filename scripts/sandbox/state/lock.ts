import { linkSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf, UserError } from "../user-error.ts";
import { discard, readIfPresent, removeIfPresent, stateFileError } from "./files.ts";

/** Holds the stack for this process until released. Refused, with the holder's pid, while another lives. */
export function acquireLock(file: string, stack: string): () => void {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (createLock(file)) return () => removeIfPresent(file);
    const text = readIfPresent(file) ?? "";
    const holder = Number(text);
    if (Number.isInteger(holder) && holder > 0 && isAlive(holder))
      throw new UserError(
        `stack ${stack} is in use by process ${holder} (${file}); wait for it to end, or end it, then run again`,
      );
    removeStale(file, text);
  }
  throw new UserError(`stack ${stack} is in use by other processes (${file}); run again when they have ended`);
}

/** A link appears whole or not at all: nobody ever reads a lock that does not name its holder yet. */
function createLock(file: string): boolean {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, String(process.pid), { mode: 0o600 });
    linkSync(temporary, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw stateFileError("lock the stack with", file, error);
  } finally {
    discard(temporary);
  }
}

/** Takes away what a killed process left behind, and puts it back where another has taken over in the meantime. */
function removeStale(file: string, text: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
    if (readIfPresent(aside) !== text) linkSync(aside, file);
  } catch (error) {
    if (codeOf(error) !== "ENOENT" && codeOf(error) !== "EEXIST")
      throw stateFileError("take over the lock", file, error);
  } finally {
    discard(aside);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}
