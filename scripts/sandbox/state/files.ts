import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { codeOf, messageOf, UserError } from "../user-error.ts";

/** Where one stack's state lives. */
export interface StackFiles {
  readonly snapshot: string;
  readonly journal: string;
  readonly lock: string;
}

export function stackFiles(stateDirectory: string, project: string, stack: string): StackFiles {
  const base = join(stateDirectory, "stacks", project, stack);
  return { snapshot: `${base}.json`, journal: `${base}.journal`, lock: `${base}.lock` };
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "free some space, then run the same command again",
  EDQUOT: "free some space, then run the same command again",
  EACCES: "make the directory writable, or choose another with --state-dir",
  EPERM: "make the directory writable, or choose another with --state-dir",
  EROFS: "the file system is read-only: choose another directory with --state-dir",
  ENOTDIR: "a file stands where a directory is needed: choose another directory with --state-dir",
  EEXIST: "a file stands where a directory is needed: choose another directory with --state-dir",
};

/** A failed access to the state, told with the file and the remedy. */
export class StateFileError extends UserError {}

export function stateFileError(doing: string, file: string, error: unknown): StateFileError {
  const remedy = REMEDIES[codeOf(error) ?? ""] ?? "check the state directory (--state-dir)";
  return new StateFileError(`cannot ${doing} ${file}: ${messageOf(error)}; ${remedy}`);
}

/** The file's text, or undefined where there is none. */
export function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw stateFileError("read", file, error);
  }
}

/** Writes the whole content or nothing: a reader sees the old file or the new one. */
export function writeAtomically(file: string, content: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    const handle = openSync(temporary, "w", 0o600);
    try {
      writeAll(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    discard(temporary);
    throw stateFileError("write", file, error);
  }
}

export function removeIfPresent(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    throw stateFileError("remove", file, error);
  }
}

/** Removes a temporary file. What made it useless is the error to tell, not that it cannot be removed. */
export function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return;
  }
}

/** One write call may take a part only (a disk that fills up): go on until all is written or it fails. */
export function writeAll(handle: number, content: string): void {
  const bytes = Buffer.from(content);
  let written = 0;
  while (written < bytes.length) written += writeSync(handle, bytes, written);
}
