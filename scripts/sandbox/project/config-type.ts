import { type ConfigData, type ConfigValue, Ciphertext } from "./config-value.ts";

/** What Pulumi.yaml's `config:` block may say of a key's type. */
export const CONFIG_TYPES = ["string", "integer", "boolean", "array", "object"] as const;
export type ConfigTypeName = (typeof CONFIG_TYPES)[number];

export interface ConfigType {
  readonly name: ConfigTypeName;
  /** Of an array's items. */
  readonly items: ConfigType | undefined;
}

/** `array<string>`, as Pulumi writes it. */
export function typeText(type: ConfigType): string {
  return type.name === "array" ? `array<${type.items === undefined ? "any" : typeText(type.items)}>` : type.name;
}

/** Scalars outside structures are text, so text that reads as the type will do. An encrypted value fits any type. */
export function fitsType(value: ConfigValue, type: ConfigType): boolean {
  if (value.kind === "secure") return true;
  return dataFits(value.kind === "text" ? value.text : value.data, type);
}

const FITS: Readonly<Record<ConfigTypeName, (data: ConfigData, items: ConfigType | undefined) => boolean>> = {
  string: (data) => typeof data === "string",
  integer: (data) => (typeof data === "string" ? /^[+-]?\d+$/.test(data) : Number.isInteger(data)),
  boolean: (data) => typeof data === "boolean" || data === "true" || data === "false",
  array: (data, items) => Array.isArray(data) && (items === undefined || data.every((item) => dataFits(item, items))),
  object: (data) => typeof data === "object" && data !== null && !Array.isArray(data),
};

function dataFits(data: ConfigData, type: ConfigType): boolean {
  return data instanceof Ciphertext || FITS[type.name](data, type.items);
}
