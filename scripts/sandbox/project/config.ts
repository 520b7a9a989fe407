import type { StackConfig } from "./model.ts";
import { shortKey } from "./config-key.ts";
import { fitsType, typeText } from "./config-type.ts";
import { type ConfigValue, type Decrypt, ciphertextsOf, isSecret, resolvedText } from "./config-value.ts";
import type { ConfigDeclaration } from "./project-file.ts";
import type { ConfigEntry } from "./stack-file.ts";
import { UserError } from "../user-error.ts";

/** Stands in for what cannot be decrypted here: clearly fake, and the same in every run. */
export const FAKE_SECRET = "sandbox-fake-secret";

export interface MergeInput {
  readonly project: string;
  readonly stack: string;
  /** Shown to people: where a missing value is to be added. */
  readonly stackFile: string;
  readonly declarations: readonly ConfigDeclaration[];
  readonly entries: ReadonlyMap<string, ConfigEntry>;
}

/** The stack's entries with the project's defaults for what it lacks. Throws one error that lists every problem. */
export function mergedConfig({
  project,
  stack,
  stackFile,
  declarations,
  entries,
}: MergeInput): Map<string, ConfigEntry> {
  const merged = new Map(entries);
  const missing: string[] = [];
  const wrong: string[] = [];
  for (const declaration of declarations) {
    const { key, fallback, required, type, secret } = declaration;
    const entry = merged.get(key) ?? (fallback === undefined ? undefined : { value: fallback, where: "Pulumi.yaml" });
    if (entry === undefined) {
      if (required) missing.push(shortKey(project, key));
      continue;
    }
    merged.set(key, secret && type === undefined ? { ...entry, value: asSecret(entry.value) } : entry);
    if (type === undefined) continue;
    if (secret && !isSecret(entry.value))
      wrong.push(`${entry.where}: config \`${shortKey(project, key)}\` must be a secret: encrypt it, or use --secret`);
    else if (!fitsType(entry.value, type))
      wrong.push(`${entry.where}: config \`${shortKey(project, key)}\` must be of type ${typeText(type)}`);
  }
  if (missing.length > 0)
    wrong.push(
      `stack ${stack} is missing the configuration value${missing.length > 1 ? "s" : ""} ${missing.map((key) => `\`${key}\``).join(", ")}: ` +
        `add ${missing.length > 1 ? "them" : "it"} to ${stackFile} or give --config ${missing[0] ?? ""}=VALUE`,
    );
  if (wrong.length > 0) throw new UserError(wrong.join("\n"));
  return merged;
}

const asSecret = (value: ConfigValue): ConfigValue => (value.kind === "text" ? { ...value, secret: true } : value);

export interface ResolvedConfig {
  readonly config: StackConfig;
  /** How many encrypted values became `FAKE_SECRET`. */
  readonly fakeSecrets: number;
}

/** Texts for the program. `decrypt` is undefined where nothing can be decrypted; where it throws, the value is fake. */
export function resolvedConfig(
  entries: ReadonlyMap<string, ConfigEntry>,
  decrypt: Decrypt | undefined,
): ResolvedConfig {
  let fakeSecrets = 0;
  const revealed: Decrypt = (ciphertext) => {
    try {
      if (decrypt !== undefined) return decrypt(ciphertext);
    } catch {
      // Encrypted under another passphrase than the file's salt says, or damaged: counted below.
    }
    fakeSecrets += 1;
    return FAKE_SECRET;
  };
  const values = new Map<string, string>();
  const secretKeys = new Set<string>();
  for (const [key, { value }] of entries) {
    values.set(key, resolvedText(value, revealed));
    if (isSecret(value)) secretKeys.add(key);
  }
  return { config: { values, secretKeys }, fakeSecrets };
}

export const hasCiphertext = (entries: ReadonlyMap<string, ConfigEntry>): boolean =>
  [...entries.values()].some(({ value }) => ciphertextsOf(value).length > 0);
