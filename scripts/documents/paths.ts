import { matchesGlob, posix } from "node:path";

/** Folders and files at the root with which a path in a document begins. */
const BEGINNING = /^(infra|scripts|api|policy-pack|docs|test|\.github|\.ci|\.githooks)\//;
const PATH = /^[\w@.<>*[\]/-]+$/;
const FILE_NAME = /^[\w.<>*-]+\.(ts|mjs|ya?ml|json|md|csv)$/;

/** What a document writes as code, as a path of the repository; undefined for anything else. */
export function pathIn(code: string): string | undefined {
  const path = code.replace(/^\.\//, "").replace(/:\d+$/, "");
  return PATH.test(path) && (BEGINNING.test(path) || FILE_NAME.test(path)) ? path : undefined;
}

/** Whether a path, a file's name, or a pattern (`<name>` is anything) names a file or folder of the repository. */
export function isThere(path: string, files: readonly string[]): boolean {
  const pattern = path.replace(/<[^>]*>/g, "*").replace(/\/$/, "");
  const candidates = BEGINNING.test(pattern) ? files : [...files, ...files.map((file) => posix.basename(file))];
  return candidates.some((file) => file === pattern || file.startsWith(`${pattern}/`) || matchesGlob(file, pattern));
}
