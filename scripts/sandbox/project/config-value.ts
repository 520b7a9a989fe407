import { type Node, isMap, isScalar, isSeq } from "yaml";

/** An encrypted text as a stack file holds it under `secure:`. */
export class Ciphertext {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Structured config: JSON whose leaves may be encrypted. */
export type ConfigData = null | boolean | number | string | Ciphertext | ConfigData[] | { [key: string]: ConfigData };

/** One config value. Scalars are kept as the text that stands in the file (`0123`, `1.0`, `true`). */
export type ConfigValue =
  | { readonly kind: "text"; readonly text: string; readonly secret: boolean }
  | { readonly kind: "secure"; readonly ciphertext: Ciphertext }
  | { readonly kind: "object"; readonly data: ConfigData };

/** What is decrypted, or what stands in for it. */
export type Decrypt = (ciphertext: string) => string;

/** A config value from YAML: as Pulumi's CLI reads it. */
export function configValueOf(node: Node | null | undefined): ConfigValue {
  if (node === null || node === undefined) return { kind: "text", text: "", secret: false };
  if (isScalar(node)) return { kind: "text", text: scalarText(node.value, node.source), secret: false };
  const data = dataOf(node);
  return data instanceof Ciphertext ? { kind: "secure", ciphertext: data } : { kind: "object", data };
}

function scalarText(value: unknown, source: string | undefined): string {
  if (value === null) return "";
  return typeof value === "string" ? value : (source ?? JSON.stringify(value));
}

function dataOf(node: unknown): ConfigData {
  if (isSeq(node)) return node.items.map(dataOf);
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }): [string, ConfigData] => [
      isScalar(key) ? scalarText(key.value, key.source) : String(key),
      dataOf(value),
    ]);
    const [only, ...others] = entries;
    if (only !== undefined && others.length === 0 && only[0] === "secure" && typeof only[1] === "string")
      return new Ciphertext(only[1]);
    return Object.fromEntries(entries);
  }
  if (!isScalar(node)) return null;
  const { value } = node;
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return value;
  return scalarText(value, node.source);
}

/** Whether the value, or any part of it, is encrypted or given as a secret. */
export function isSecret(value: ConfigValue): boolean {
  if (value.kind === "secure") return true;
  return value.kind === "text" ? value.secret : ciphertextsIn(value.data).length > 0;
}

export function ciphertextsOf(value: ConfigValue): string[] {
  if (value.kind === "text") return [];
  return ciphertextsIn(value.kind === "secure" ? value.ciphertext : value.data);
}

function ciphertextsIn(data: ConfigData): string[] {
  if (data instanceof Ciphertext) return [data.text];
  if (Array.isArray(data)) return data.flatMap(ciphertextsIn);
  return typeof data === "object" && data !== null ? Object.values(data).flatMap(ciphertextsIn) : [];
}

/** The text that the program receives: structured values as JSON with sorted keys. */
export function resolvedText(value: ConfigValue, decrypt: Decrypt): string {
  if (value.kind === "text") return value.text;
  if (value.kind === "secure") return decrypt(value.ciphertext.text);
  return JSON.stringify(resolvedData(value.data, decrypt));
}

function resolvedData(data: ConfigData, decrypt: Decrypt): unknown {
  if (data instanceof Ciphertext) return decrypt(data.text);
  if (Array.isArray(data)) return data.map((item) => resolvedData(item, decrypt));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(
    Object.keys(data)
      .sort()
      .map((key) => [key, resolvedData(data[key] ?? null, decrypt)]),
  );
}
