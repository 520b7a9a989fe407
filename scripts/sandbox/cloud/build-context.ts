import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/** A folder that an image is built from, and its instructions. Paths are absolute. */
export interface BuildContext {
  readonly folder: string;
  readonly dockerfile: string;
}

/** Where relative, the paths begin in `directory`. The instructions default to the context's own `Dockerfile`. */
export function buildContext(directory: string, location: string, dockerfile: string | undefined): BuildContext {
  const folder = resolve(directory, location);
  return { folder, dockerfile: dockerfile === undefined ? join(folder, "Dockerfile") : resolve(directory, dockerfile) };
}

/** What is not there: the folder, or the instructions. */
export function missingPart({ folder, dockerfile }: BuildContext): "context" | "dockerfile" | undefined {
  if (!isFolder(folder)) return "context";
  return existsSync(dockerfile) ? undefined : "dockerfile";
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Relative paths of the files that a builder sees, in order. */
export const contextFiles = ({ folder, dockerfile }: BuildContext): string[] =>
  filesOf(folder, ignoreRules(folder, dockerfile));

/** Hexadecimal SHA-256 of all that a builder would see: the instructions, and every file that is not ignored. */
export function contextHash(context: BuildContext): string {
  const hash = createHash("sha256").update(readFileSync(context.dockerfile));
  for (const path of contextFiles(context)) hash.update(`\0${path}\0`).update(readFileSync(join(context.folder, path)));
  return hash.digest("hex");
}

/** One line of an ignore file. */
interface IgnoreRule {
  /** Takes back what an earlier line ignored. */
  readonly keeps: boolean;
  readonly pattern: RegExp;
  /** The path up to the first wildcard. */
  readonly start: string;
}

/** As BuildKit looks for it: beside the instructions under their name, else at the context's root. */
function ignoreRules(folder: string, dockerfile: string): IgnoreRule[] {
  const file = [`${dockerfile}.dockerignore`, join(folder, ".dockerignore")].find((path) => existsSync(path));
  return file === undefined ? [] : parseIgnoreFile(readFileSync(file, "utf8"));
}

export function parseIgnoreFile(text: string): IgnoreRule[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const keeps = line.startsWith("!");
      const path = (keeps ? line.slice(1).trim() : line).replace(/^(\.?\/)+|\/+$/g, "");
      return { keeps, pattern: patternOf(path), start: path.split(/[*?[]/)[0] ?? "" };
    });
}

/** `**` is any number of folders, `*` anything but a slash. */
function patternOf(path: string): RegExp {
  const source = path
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*\*\/|\*\*|\*|\?/g, (wildcard) =>
      wildcard === "**/" ? "(?:.*/)?" : wildcard === "**" ? ".*" : wildcard === "*" ? "[^/]*" : "[^/]",
    );
  return new RegExp(`^${source}$`);
}

/** The last rule that speaks of the path, or of a folder above it, counts. */
export function isIgnored(path: string, rules: readonly IgnoreRule[]): boolean {
  const parts = path.split("/");
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  let ignored = false;
  for (const { keeps, pattern } of rules) if (paths.some((one) => pattern.test(one))) ignored = !keeps;
  return ignored;
}

/** A link counts as what it points to is read. */
function filesOf(folder: string, rules: readonly IgnoreRule[], below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory())
        return isIgnored(path, rules) && !mayKeepWithin(path, rules) ? [] : filesOf(folder, rules, path);
      const readable = entry.isFile() || (entry.isSymbolicLink() && pointsToFile(join(folder, path)));
      return readable && !isIgnored(path, rules) ? [path] : [];
    });
}

const pointsToFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** Whether some rule may take back a file under the ignored folder. */
const mayKeepWithin = (path: string, rules: readonly IgnoreRule[]): boolean =>
  rules.some(({ keeps, start }) => keeps && (`${start}/`.startsWith(`${path}/`) || `${path}/`.startsWith(start)));
