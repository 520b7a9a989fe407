import { appendFile, mkdir, readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { codeOf } from "../user-error.ts";

/** A change that was made behind Pulumi's back. Which value it set is not kept: it may be a secret. */
export interface OutsideRecord {
  /** ISO 8601. */
  readonly time: string;
  readonly by: string;
  readonly urn: string;
  readonly path: string;
}

const FILE = "outside-changes.jsonl";

/** Notes it beside the cloud, which `reset` empties as a whole. */
export async function recordOutsideChange(directory: string, change: Omit<OutsideRecord, "by">): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const record: OutsideRecord = { ...change, by: userName() };
  await appendFile(join(directory, FILE), `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

/** Oldest first; a line that is none is left out. */
export async function outsideChanges(directory: string): Promise<readonly OutsideRecord[]> {
  const text = await readFile(join(directory, FILE), "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").flatMap((line) => {
    try {
      const record: unknown = JSON.parse(line);
      return isRecord(record) ? [record] : [];
    } catch {
      return [];
    }
  });
}

const isRecord = (value: unknown): value is OutsideRecord =>
  typeof value === "object" &&
  value !== null &&
  ["time", "by", "urn", "path"].every((key) => typeof (value as Record<string, unknown>)[key] === "string");

/** An account of a container may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
