import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf, UserError } from "../project/user-error.ts";
import { readIfPresent, removeIfPresent, stateFileError, writeAll } from "./files.ts";

/** Holds the stack for this process until released. Refused, with the holder's pid, while another lives. */
export function acquireLock(file: string, stack: string): () => void {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (createLock(file)) return () => removeIfPresent(file);
    const holder = Number(readIfPresent(file) ?? "");
    if (Number.isInteger(holder) && holder > 0 && isAlive(holder))
      throw new UserError(
        `stack ${stack} is in use by process ${holder} (${file}); wait for it to end, or end it, then run again`,
      );
    // Left behind by a process that was killed.
    removeIfPresent(file);
  }
  throw new UserError(`stack ${stack} is in use by other processes (${file}); run again when they have ended`);
}

function createLock(file: string): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const handle = openSync(file, "wx", 0o600);
    try {
      writeAll(handle, String(process.pid));
    } finally {
      closeSync(handle);
    }
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw stateFileError("lock the stack with", file, error);
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
