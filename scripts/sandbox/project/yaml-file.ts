import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { LineCounter, type Node, type YAMLMap, isMap, isScalar, parseDocument } from "yaml";
import { UserError, codeOf } from "../user-error.ts";

/** A parsed YAML (or JSON) file whose root is a map; every complaint names file, line, and column. */
export interface YamlFile {
  /** As shown to people: relative to the working directory where that is shorter. */
  readonly name: string;
  readonly root: YAMLMap;
  /** An error at a node: `Pulumi.yaml:3:7: message`. */
  fail(node: Node | null | undefined, message: string): UserError;
}

/** Throws a UserError where the file is missing, unreadable, empty, not YAML, or not a map. */
export async function readYamlFile(path: string, remedy: string): Promise<YamlFile> {
  const name = displayPath(path);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw unreadable(name, error, remedy);
  }
  return parseYamlFile(name, text, remedy);
}

/** Undefined where there is no such file, or nothing in it but comments. */
export async function readOptionalYamlFile(path: string, remedy: string): Promise<YamlFile | undefined> {
  const name = displayPath(path);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw unreadable(name, error, remedy);
  });
  if (text === undefined || text.split("\n").every((line) => /^\s*(#|$)/.test(line))) return undefined;
  return parseYamlFile(name, text, remedy);
}

function unreadable(name: string, error: unknown, remedy: string): UserError {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "does not exist",
    EISDIR: "is a folder, not a file",
    ENOTDIR: "does not exist: a part of its path is a file",
    EACCES: "cannot be read: permission denied",
  };
  const code = codeOf(error) ?? "unknown error";
  return new UserError(`${name} ${reasons[code] ?? `cannot be read (${code})`}: ${remedy}`);
}

export function parseYamlFile(name: string, text: string, remedy: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const [problem] = document.errors;
  if (problem !== undefined)
    throw new UserError(`${at(problem.pos[0])}: not valid YAML: ${oneLine(problem.message)}; ${remedy}`);
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) throw new UserError(`${name} is empty: ${remedy}`);
  if (!isMap(root))
    throw new UserError(`${at(root.range[0])}: expected keys and values, found ${kindOf(root)}; ${remedy}`);
  return {
    name,
    root,
    fail: (node, message) => new UserError(`${node?.range ? at(node.range[0]) : name}: ${message}`),
  };
}

/** What a node is, in words for an error. */
export function kindOf(node: unknown): string {
  if (node === null || node === undefined) return "nothing";
  if (isMap(node)) return "a map";
  if (!isScalar(node)) return "a list";
  if (node.value === null) return "nothing";
  return typeof node.value === "string" ? "a text" : `a ${typeof node.value}`;
}

/** Scalar text of a key as it stands in the file. Throws where it is something else. */
export function optionalText(file: YamlFile, map: YAMLMap, key: string, path: string = key): string | undefined {
  const node = map.get(key, true) as Node | undefined;
  if (node === undefined || (isScalar(node) && node.value === null)) return undefined;
  if (isScalar(node) && typeof node.value === "string") return node.value;
  throw file.fail(node, `\`${path}\` must be a text, found ${kindOf(node)}`);
}

export function displayPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short !== "" && !short.startsWith("..") && short.length < path.length ? short : path;
}

const oneLine = (message: string): string => (message.split("\n")[0] ?? "").trim().replace(/[.:]$/, "");
