import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../sandbox/user-error.ts";
import type { ObjectStore } from "./objects.ts";

/** Its number ends a version's file; the highest counts. */
const DIGITS = 8;

/**
 * A folder as a versioned bucket: an object is a folder, and each version a file of it. A version is made by linking its
 * file, which appears whole and once: of two that write the same one, the second finds it there.
 */
export function fileObjects(directory: string): ObjectStore {
  const newest = async (key: string): Promise<string | undefined> => {
    const files = await readdir(join(directory, key)).catch(noneWhereMissing);
    return files
      .filter((file) => /^\d+$/.test(file))
      .sort()
      .at(-1);
  };
  return {
    place: directory,
    async get(key) {
      const tag = await newest(key);
      return tag === undefined ? undefined : { tag, text: await readFile(join(directory, key, tag), "utf8") };
    },
    async put(key, text, over) {
      const folder = join(directory, key);
      await mkdir(folder, { recursive: true });
      if ((await newest(key)) !== over) return undefined;
      const tag = String(Number(over ?? 0) + 1).padStart(DIGITS, "0");
      const temporary = join(folder, `${randomUUID()}.tmp`);
      try {
        await writeFile(temporary, text, { mode: 0o600 });
        await link(temporary, join(folder, tag));
        return tag;
      } catch (error) {
        if (codeOf(error) === "EEXIST") return undefined;
        throw error;
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async keys(prefix) {
      const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
      const names = await readdir(join(directory, folder)).catch(noneWhereMissing);
      return names
        .map((name) => `${folder}${name}`)
        .filter((key) => key.startsWith(prefix))
        .sort();
    },
  };
}

function noneWhereMissing(error: unknown): string[] {
  if (codeOf(error) === "ENOENT") return [];
  throw error;
}
