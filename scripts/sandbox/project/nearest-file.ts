import { readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { nearest } from "./nearest.ts";

/** For the end of an error about a path that does not exist: what lies nearest to it. */
export async function nearestFile(path: string): Promise<string> {
  const names = await readdir(dirname(path)).catch(() => undefined);
  if (names === undefined) return `there is no folder ${dirname(path)}`;
  const candidate = nearest(basename(path), names);
  return candidate === undefined
    ? `nothing of that name is in ${dirname(path)}`
    : `did you mean ${JSON.stringify(candidate)}?`;
}
