import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");

/** Folders that no document speaks of: installed, made by a run, or Git's own. */
const NOT_OURS = new Set(["node_modules", ".git", ".sandbox", "coverage"]);

/** Every file of the repository, relative to its root, sorted. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return NOT_OURS.has(entry.name) ? [] : filesBelow(path);
  });
}

export const files: readonly string[] = filesBelow("").sort();

export const documents: readonly string[] = files.filter((file) => file.endsWith(".md"));

export const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
