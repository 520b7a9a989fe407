import { access, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Node, isMap, isScalar } from "yaml";
import type { PolicyPackSource } from "./model.ts";
import type { PolicyLevel } from "./model.ts";
import type { Value } from "../values/value.ts";
import { didYouMean } from "./nearest.ts";
import { nearestFile } from "./nearest-file.ts";
import { UserError } from "../user-error.ts";
import { type YamlFile, displayPath, kindOf, readYamlFile } from "./yaml-file.ts";

const PACK_FILES = ["PulumiPolicy.yaml", "PulumiPolicy.yml", "PulumiPolicy.json"];
const LEVELS = ["advisory", "mandatory", "remediate", "disabled"] as const satisfies readonly PolicyLevel[];

export interface PolicyPackRequest {
  /** From --policy-pack. Empty: the project's own `policy-pack`, where there is one. */
  readonly directories: readonly string[];
  /** From --policy-pack-config: the nth belongs to the nth pack. */
  readonly configFiles: readonly string[];
  /** Absolute: the project's folder. */
  readonly root: string;
  /** Whose configuration a pack gets that was given none. */
  readonly stack: string;
}

/** The packs to run, with their configuration. Throws a UserError where one does not exist or is no pack. */
export async function loadPolicyPacks({
  directories,
  configFiles,
  root,
  stack,
}: PolicyPackRequest): Promise<PolicyPackSource[]> {
  const packs = directories.length > 0 ? await Promise.all(directories.map(givenPack)) : await ownPack(root);
  if (configFiles.length > packs.length)
    throw new UserError(
      packs.length === 0
        ? "--policy-pack-config needs a policy pack: name its folder with --policy-pack"
        : `--policy-pack-config is given ${configFiles.length} times for ${packs.length} policy packs`,
      2,
    );
  return Promise.all(
    packs.map(async (directory, index) => {
      const given = configFiles[index];
      return configuredPack(directory, given === undefined ? await ownConfigFile(directory, stack) : resolve(given));
    }),
  );
}

/** A pack with the configuration of a file, absolute. Throws a UserError where that does not exist or is wrong. */
export async function configuredPack(directory: string, file: string | undefined): Promise<PolicyPackSource> {
  if (file === undefined) return { directory, config: {} };
  return { directory, config: await readPolicyConfig(file), configFile: displayPath(file) };
}

const CONFIG_FOLDER = "config";
const CONFIG_FILE = /^(.+)\.json$/;

/**
 * The pack's own configuration of a stack, absolute: `config/<stack>.json` in its folder, or else the file with the
 * longest name that the stack's begins with, up to a `-`: `preview.json` for `preview-login`.
 */
export async function ownConfigFile(directory: string, stack: string): Promise<string | undefined> {
  const folder = join(directory, CONFIG_FOLDER);
  const files = await readdir(folder).catch(() => []);
  const [name] = files
    .flatMap((file) => CONFIG_FILE.exec(file)?.[1] ?? [])
    .filter((candidate) => stack === candidate || stack.startsWith(`${candidate}-`))
    .sort((a, b) => b.length - a.length);
  return name === undefined ? undefined : join(folder, `${name}.json`);
}

async function ownPack(root: string): Promise<string[]> {
  const directory = join(root, "policy-pack");
  return (await isPack(directory)) ? [directory] : [];
}

async function givenPack(text: string): Promise<string> {
  const directory = resolve(text);
  const found = await stat(directory).catch(() => undefined);
  if (found === undefined)
    throw new UserError(`--policy-pack ${text} does not exist: ${await nearestFile(directory)}`, 2);
  if (!(await isPack(directory)))
    throw new UserError(`--policy-pack ${text} is no policy pack: it has no PulumiPolicy.yaml`, 2);
  return directory;
}

async function isPack(directory: string): Promise<boolean> {
  const found = await Promise.all(
    PACK_FILES.map((name) =>
      access(join(directory, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

async function readPolicyConfig(path: string): Promise<Record<string, Value>> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined)
    throw new UserError(`--policy-pack-config ${displayPath(path)} does not exist: ${await nearestFile(path)}`, 2);
  const file = await readYamlFile(path, 'write `{ "policy-name": "advisory" }`');
  for (const { key, value } of file.root.items) checkPolicy(file, key as Node, value as Node | null);
  return file.root.toJSON() as Record<string, Value>;
}

function checkPolicy(file: YamlFile, key: Node, value: Node | null): void {
  const policy = isScalar(key) ? String(key.value) : "";
  const level = isMap(value) ? (value.get("enforcementLevel", true) as Node | undefined) : value;
  if (level === undefined) return;
  if (!isScalar(level) || typeof level.value !== "string")
    throw file.fail(
      level ?? key,
      `policy \`${policy}\` must be a level or a map with \`enforcementLevel\`, found ${kindOf(level)}`,
    );
  if (!(LEVELS as readonly string[]).includes(level.value))
    throw file.fail(
      level,
      `policy \`${policy}\` has the level ${JSON.stringify(level.value)}: ${didYouMean(level.value, LEVELS)}`,
    );
}
