import { type Node, type Pair, isMap, isScalar, isSeq } from "yaml";
import { type ConfigValue, configValueOf } from "./config-value.ts";
import { qualifiedKey } from "./config-key.ts";
import { type YamlFile, kindOf, optionalText } from "./yaml-file.ts";

/** One key of a stack's config and where it stands. */
export interface ConfigEntry {
  readonly value: ConfigValue;
  /** `Pulumi.dev.yaml:4:3`, or `--config`. */
  readonly where: string;
}

/** Pulumi.<stack>.yaml. */
export interface StackFile {
  /** By key with namespace, in the file's order. */
  readonly config: ReadonlyMap<string, ConfigEntry>;
  readonly encryptionSalt: string | undefined;
  /** True where the values are encrypted by a cloud's key service, which the sandbox does not ask. */
  readonly cloudSecrets: boolean;
  /** Pulumi ESC environments that the stack imports, which the sandbox cannot open. */
  readonly environments: readonly string[];
}

export const NO_STACK_FILE: StackFile = {
  config: new Map(),
  encryptionSalt: undefined,
  cloudSecrets: false,
  environments: [],
};

export function stackFileOf(file: YamlFile, project: string): StackFile {
  const provider = optionalText(file, file.root, "secretsprovider");
  return {
    config: configOf(file, project),
    encryptionSalt: optionalText(file, file.root, "encryptionsalt"),
    cloudSecrets:
      (provider !== undefined && provider !== "" && provider !== "passphrase") ||
      optionalText(file, file.root, "encryptedkey") !== undefined,
    environments: environmentsOf(file),
  };
}

function configOf(file: YamlFile, project: string): Map<string, ConfigEntry> {
  const config = new Map<string, ConfigEntry>();
  const node = file.root.get("config", true) as Node | null | undefined;
  if (node === undefined || node === null || (isScalar(node) && node.value === null)) return config;
  if (!isMap(node)) throw file.fail(node, `\`config\` must be a map of keys, found ${kindOf(node)}`);
  for (const { key: keyNode, value } of node.items as Pair<Node, Node | null>[]) {
    const text = isScalar(keyNode) ? String(keyNode.value) : "";
    const key = qualifiedKey(project, text);
    if (key === undefined)
      throw file.fail(keyNode, `\`${text}\` is not a config key: write \`name\` or \`namespace:name\``);
    config.set(key, { value: configValueOf(value), where: file.fail(keyNode, "").message.replace(/: $/, "") });
  }
  return config;
}

function environmentsOf(file: YamlFile): string[] {
  const node = file.root.get("environment", true) as Node | null | undefined;
  const list = isMap(node) ? (node.get("imports", true) as Node | undefined) : node;
  if (!isSeq(list)) return [];
  return list.items.flatMap((item) =>
    isScalar(item) ? [String(item.value)] : isMap(item) ? item.items.map(({ key }) => String(key)) : [],
  );
}
