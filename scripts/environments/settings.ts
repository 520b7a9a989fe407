import { isDeepStrictEqual } from "node:util";
import type { Choice } from "../../infra/settings/environments.ts";

/** One choice of the table, as people read it. */
export interface SettingRow {
  /** `network.natGateways` */
  readonly setting: string;
  readonly production: string;
  readonly staging: string;
  readonly preview: string;
  readonly why: string;
  /** Whether any two environments differ. */
  readonly differs: boolean;
}

/** A key of the stack files. */
export interface FactRow {
  readonly key: string;
  readonly production: string;
  readonly staging: string;
}

type Table = Readonly<Record<string, Readonly<Record<string, Choice<unknown>>>>>;

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value on one line: lists with commas, maps as `key value`. */
export function valueText(value: unknown): string {
  if (value === undefined) return "not set";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(valueText).join(", ");
  if (isMap(value))
    return Object.entries(value)
      .map(([key, item]) => `${key} ${valueText(item)}`)
      .join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Every choice in the order of the table. */
export function settingRows(table: Table): SettingRow[] {
  return Object.entries(table).flatMap(([area, choices]) =>
    Object.entries(choices).map(([key, { production, staging, preview, why }]) => ({
      setting: `${area}.${key}`,
      production: valueText(production),
      staging: valueText(staging),
      preview: valueText(preview),
      why,
      differs: !isDeepStrictEqual(production, staging) || !isDeepStrictEqual(staging, preview),
    })),
  );
}

type Facts = Readonly<Record<string, string>>;

/** What the stack files say of each key; where a file is silent, Pulumi.yaml's default counts. */
export function factRows(keys: readonly string[], defaults: Facts, production: Facts, staging: Facts): FactRow[] {
  return keys.map((key) => ({
    key,
    production: valueText(production[key] ?? defaults[key]),
    staging: valueText(staging[key] ?? defaults[key]),
  }));
}
