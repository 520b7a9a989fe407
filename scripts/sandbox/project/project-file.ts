import { access, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { type Node, type Pair, type YAMLMap, isMap, isScalar } from "yaml";
import { CONFIG_TYPES, type ConfigType, fitsType, typeText } from "./config-type.ts";
import { type ConfigValue, configValueOf } from "./config-value.ts";
import { qualifiedKey } from "./config-key.ts";
import { didYouMean } from "./nearest.ts";
import { UserError } from "../user-error.ts";
import { type YamlFile, displayPath, kindOf, optionalText, readYamlFile } from "./yaml-file.ts";

/** What Pulumi.yaml says of one config key. */
export interface ConfigDeclaration {
  /** With namespace. */
  readonly key: string;
  readonly type: ConfigType | undefined;
  /** What a stack gets that says nothing itself. */
  readonly fallback: ConfigValue | undefined;
  readonly secret: boolean;
  /** `Pulumi.yaml:7:3`: no value of its own and none in the stack is an error. */
  readonly required: boolean;
}

export interface ProjectFile {
  readonly name: string;
  /** Absolute path of Pulumi.yaml. */
  readonly path: string;
  /** Absolute: its folder. */
  readonly root: string;
  /** Absolute: the program's entry file or folder. */
  readonly main: string;
  /** `runtime.options.typescript`; Pulumi's default is true. */
  readonly typescript: boolean;
  /** `runtime.options.nodeargs`, split. */
  readonly nodeArguments: readonly string[];
  /** Absolute: where Pulumi.<stack>.yaml files are. */
  readonly stackFileDirectory: string;
  /** `.yaml`, `.yml`, or `.json`: the stack files' too. */
  readonly extension: string;
  readonly config: readonly ConfigDeclaration[];
}

const EXTENSIONS = [".yaml", ".yml", ".json"] as const;
const REMEDY = "a Pulumi project file has at least `name` and `runtime: nodejs`";
// Pulumi's own rule for project names.
const PROJECT_NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** Finds Pulumi.yaml in the folder or the nearest one above it, as the CLI does, and reads it. */
export async function readProjectFile(directory: string): Promise<ProjectFile> {
  const start = resolve(directory);
  const found = await stat(start).catch(() => undefined);
  if (found === undefined)
    throw new UserError(`${displayPath(start)} does not exist: name an existing folder with --cwd`, 2);
  if (!found.isDirectory())
    throw new UserError(`${displayPath(start)} is not a folder: --cwd takes a project's folder`, 2);
  const path = await findUpward(start);
  if (path === undefined)
    throw new UserError(`no Pulumi.yaml in ${start} or any folder above it: name a project's folder with --cwd`, 2);
  const file = await readYamlFile(path, REMEDY);
  return projectOf(file, path);
}

async function findUpward(directory: string): Promise<string | undefined> {
  for (const extension of EXTENSIONS) {
    const path = join(directory, `Pulumi${extension}`);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  const parent = dirname(directory);
  return parent === directory ? undefined : findUpward(parent);
}

async function projectOf(file: YamlFile, path: string): Promise<ProjectFile> {
  const root = dirname(path);
  const name = optionalText(file, file.root, "name");
  if (name === undefined) throw file.fail(undefined, "`name` is missing: add `name: <project>`");
  if (!PROJECT_NAME.test(name))
    throw file.fail(
      file.root.get("name", true),
      `\`name\` is ${JSON.stringify(name)}: a project name has letters, digits, \`_\`, \`.\`, \`-\``,
    );
  const config = file.root.get("config", true) as Node | null | undefined;
  const legacyDirectory = isScalar(config) && typeof config.value === "string" ? config.value : undefined;
  const stackFiles = optionalText(file, file.root, "stackConfigDir") ?? legacyDirectory ?? ".";
  return {
    name,
    path,
    root,
    main: await mainOf(file, root),
    ...runtimeOf(file),
    stackFileDirectory: resolve(root, stackFiles),
    extension: path.slice(path.lastIndexOf(".")),
    config: declarations(file, name, legacyDirectory === undefined ? config : undefined),
  };
}

async function mainOf(file: YamlFile, root: string): Promise<string> {
  const text = optionalText(file, file.root, "main") ?? ".";
  const node = file.root.get("main", true);
  const main = resolve(root, text);
  if (main !== root && !main.startsWith(root + sep))
    throw file.fail(node, `\`main\` is ${JSON.stringify(text)}: it must be inside the project's folder`);
  const found = await stat(main).catch(() => undefined);
  if (found === undefined)
    throw file.fail(
      node,
      `\`main\` is ${JSON.stringify(text)}, which does not exist: name the program's file or folder`,
    );
  return main;
}

function runtimeOf(file: YamlFile): Pick<ProjectFile, "typescript" | "nodeArguments"> {
  const node = file.root.get("runtime", true) as Node | null | undefined;
  const name = isMap(node) ? optionalText(file, node, "name", "runtime.name") : isScalar(node) ? node.value : undefined;
  if (name === undefined || name === null) throw file.fail(node, "`runtime` is missing: add `runtime: nodejs`");
  if (name !== "nodejs")
    throw file.fail(node, `\`runtime\` is ${JSON.stringify(name)}: the sandbox runs \`nodejs\` programs`);
  const options = isMap(node) ? (node.get("options", true) as Node | null | undefined) : undefined;
  if (options === undefined || options === null) return { typescript: true, nodeArguments: [] };
  if (!isMap(options)) throw file.fail(options, `\`runtime.options\` must be a map, found ${kindOf(options)}`);
  const typescript = options.get("typescript", true) as Node | undefined;
  if (typescript !== undefined && !(isScalar(typescript) && typeof typescript.value === "boolean"))
    throw file.fail(typescript, `\`runtime.options.typescript\` must be true or false, found ${kindOf(typescript)}`);
  const nodeArguments = optionalText(file, options, "nodeargs", "runtime.options.nodeargs") ?? "";
  return {
    typescript: isScalar(typescript) ? typescript.value === true : true,
    nodeArguments: nodeArguments.split(/\s+/).filter((argument) => argument !== ""),
  };
}

function declarations(file: YamlFile, project: string, node: Node | null | undefined): ConfigDeclaration[] {
  if (node === undefined || node === null || (isScalar(node) && node.value === null)) return [];
  if (!isMap(node)) throw file.fail(node, `\`config\` must be a map of keys, found ${kindOf(node)}`);
  return node.items.map((pair) => declaration(file, project, pair as Pair<Node, Node | null>));
}

const DECLARATION_KEYS = ["type", "description", "items", "default", "value", "secret"];

function declaration(
  file: YamlFile,
  project: string,
  { key: keyNode, value }: Pair<Node, Node | null>,
): ConfigDeclaration {
  const text = isScalar(keyNode) ? String(keyNode.value) : "";
  const key = qualifiedKey(project, text);
  if (key === undefined)
    throw file.fail(keyNode, `\`${text}\` is not a config key: write \`name\` or \`namespace:name\``);
  const own = key.startsWith(`${project}:`);
  if (!isMap(value)) {
    const empty = value === null || (isScalar(value) && value.value === null);
    return {
      key,
      type: undefined,
      fallback: empty ? undefined : configValueOf(value),
      secret: false,
      required: own && empty,
    };
  }
  checkDeclarationKeys(file, text, value);
  const fallbackNode = part(value, "default") ?? part(value, "value");
  if (part(value, "default") !== undefined && part(value, "value") !== undefined)
    throw file.fail(keyNode, `config \`${text}\` has both \`default\` and \`value\`: keep one of them`);
  if (!own && (part(value, "default") !== undefined || part(value, "type") !== undefined))
    throw file.fail(
      keyNode,
      `config \`${text}\` is of another namespace than the project's: give it a \`value\`, not a \`type\` or \`default\``,
    );
  const type = part(value, "type") === undefined ? undefined : typeOf(file, text, value);
  const fallback = fallbackNode === undefined ? undefined : configValueOf(fallbackNode);
  if (type !== undefined && fallback !== undefined && !fitsDefault(fallbackNode, fallback, type))
    throw file.fail(fallbackNode, `the default of config \`${text}\` is not of type ${typeText(type)}`);
  const secret = part(value, "secret");
  if (secret !== undefined && !(isScalar(secret) && typeof secret.value === "boolean"))
    throw file.fail(secret, `\`secret\` of config \`${text}\` must be true or false, found ${kindOf(secret)}`);
  return {
    key,
    type,
    fallback,
    secret: isScalar(secret) && secret.value === true,
    required: own && fallback === undefined,
  };
}

/** A default stands in a typed place: `type: string` with `default: 5` is a mistake, which a stack's `5` is not. */
function fitsDefault(node: Node | undefined, value: ConfigValue, type: ConfigType): boolean {
  if (type.name === "string" && isScalar(node)) return typeof node.value === "string";
  return fitsType(value, type);
}

function part(map: YAMLMap, key: string): Node | undefined {
  const node = map.get(key, true) as Node | null | undefined;
  return node === undefined || node === null || (isScalar(node) && node.value === null) ? undefined : node;
}

function checkDeclarationKeys(file: YamlFile, config: string, map: YAMLMap): void {
  for (const { key } of map.items) {
    const name = isScalar(key) ? String(key.value) : "";
    if (!DECLARATION_KEYS.includes(name))
      throw file.fail(key as Node, `config \`${config}\` has no \`${name}\`: ${didYouMean(name, DECLARATION_KEYS)}`);
  }
}

function typeOf(file: YamlFile, config: string, map: YAMLMap): ConfigType {
  const node = part(map, "type");
  const word = isScalar(node) ? String(node.value) : "";
  const name = CONFIG_TYPES.find((type) => type === word);
  if (name === undefined)
    throw file.fail(node, `config \`${config}\` has type ${JSON.stringify(word)}: ${didYouMean(word, CONFIG_TYPES)}`);
  const items = part(map, "items");
  if (items !== undefined && !isMap(items))
    throw file.fail(items, `\`items\` of config \`${config}\` must be a map with a \`type\`, found ${kindOf(items)}`);
  return { name, items: items === undefined ? undefined : typeOf(file, config, items) };
}

/** The stack's own config file, whether it exists or not. A `/` in a stack's name is a `-` in the file's. */
export function stackFilePath(project: Pick<ProjectFile, "stackFileDirectory" | "extension">, stack: string): string {
  return join(project.stackFileDirectory, `Pulumi.${stack.replaceAll("/", "-")}${project.extension}`);
}

/** As a person of the project writes it. */
export const relativeToRoot = (project: Pick<ProjectFile, "root">, path: string): string => {
  const short = relative(project.root, path);
  return short.startsWith("..") ? path : short;
};
