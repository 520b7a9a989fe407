import { isProperties, type Properties, Unknown, UNKNOWN, type Value } from "../../sandbox/values/value.ts";
import { type Amount, amount } from "../money.ts";
import type { Range } from "../range.ts";
import { exactly } from "../range.ts";
import type { CostResource } from "./entry.ts";

/** What is read from a state: known, or told by the real operation alone (preview). */
export type Known<T> = T | Unknown;

export const isUnknown = (value: unknown): value is Unknown => value instanceof Unknown;

/** A property: what the program gives, or else what the provider answered. `undefined` where neither says anything. */
export function valueOf(
  { inputs, outputs }: Pick<CostResource, "inputs" | "outputs">,
  name: string,
): Value | undefined {
  const given = inputs[name] ?? undefined;
  return given === undefined || isUnknown(given) ? (outputs[name] ?? given) : given;
}

/** Where the property is missing or of another kind, the provider's default stands. */
export function textOf(resource: CostResource, name: string, byDefault: string): Known<string> {
  const value = valueOf(resource, name);
  if (isUnknown(value)) return UNKNOWN;
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : byDefault;
}

export function flagOf(resource: CostResource, name: string, byDefault: boolean): Known<boolean> {
  const value = valueOf(resource, name);
  if (isUnknown(value)) return UNKNOWN;
  return typeof value === "boolean" ? value : value === "true" ? true : value === "false" ? false : byDefault;
}

/** Numbers, and numbers written as text. */
export function amountOf(resource: CostResource, name: string, byDefault: number): Known<Amount> {
  const value = valueOf(resource, name);
  if (isUnknown(value)) return UNKNOWN;
  return asAmount(value) ?? amount(byDefault);
}

export function asAmount(value: Value | undefined): Amount | undefined {
  if (typeof value === "number") return amount(value);
  return typeof value === "string" && /^\d+(\.\d+)?$/.test(value.trim()) ? amount(value.trim()) : undefined;
}

/** A missing list is an empty one. */
export function listOf(resource: CostResource, name: string): Known<readonly Value[]> {
  const value = valueOf(resource, name);
  if (isUnknown(value)) return UNKNOWN;
  return Array.isArray(value) ? value : [];
}

/** A missing block is an empty one. */
export function blockOf(resource: CostResource, name: string): Known<Properties> {
  const value = valueOf(resource, name);
  if (isUnknown(value)) return UNKNOWN;
  return isProperties(value) ? value : {};
}

/** What is known, or else the span in which it will be. */
export const rangeOf = (value: Known<Amount | number>, otherwise: Range): Range =>
  isUnknown(value) ? otherwise : exactly(value);
