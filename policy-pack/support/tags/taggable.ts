import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));
const modules = new Map<string, ReadonlyMap<string, string>>();
const answers = new Map<string, Taggable>();

/** Whether a type can carry AWS tags, and whether the provider adds its default tags to them. */
export interface Taggable {
  readonly tags: boolean;
  /** False for the few types that carry tags of their own form (an Auto Scaling group). */
  readonly defaults: boolean;
}

const NEVER: Taggable = { tags: false, defaults: false };

/** Asks the installed SDK's declaration of the type, so that no list has to be kept. */
export function taggable(type: string): Taggable {
  const known = answers.get(type);
  if (known !== undefined) return known;
  const declaration = declarationOf(type);
  const answer = declaration === undefined ? NEVER : read(declaration);
  answers.set(type, answer);
  return answer;
}

function read(declaration: string): Taggable {
  if (/^ {4}readonly tagsAll: /m.test(declaration)) return { tags: true, defaults: true };
  return { tags: /^ {4}readonly tags: .*Tag\[\]/m.test(declaration), defaults: false };
}

function declarationOf(type: string): string | undefined {
  const [, module, name] = /^aws:([^/:]+)\/([^/:]+):[^:]+$/.exec(type) ?? [];
  if (module === undefined || name === undefined) return undefined;
  const files = filesOf(module);
  const stem = name.toLowerCase();
  // The SDK names a file as the type, save for the case of acronyms and for `index`, which is `index_`.
  const file = files.get(stem === "index" ? "index_" : stem);
  return file === undefined ? undefined : readFileSync(join(sdk, module, file), "utf8");
}

function filesOf(module: string): ReadonlyMap<string, string> {
  const known = modules.get(module);
  if (known !== undefined) return known;
  const files = new Map(
    list(join(sdk, module))
      .filter((file) => file.endsWith(".d.ts"))
      .map((file) => [file.slice(0, -".d.ts".length).toLowerCase(), file]),
  );
  modules.set(module, files);
  return files;
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
