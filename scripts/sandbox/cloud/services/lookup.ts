import { createHash } from "node:crypto";
import type { Value } from "../../values/value.ts";
import { textAt, textsUnder } from "../fields.ts";
import { samePolicy } from "../iam-policy.ts";
import { type CloudResource, type Location, type Operation, Refusal, type Reference, type World } from "../service.ts";

export const samePlace = (a: Location, b: Location): boolean => a.account === b.account && a.region === b.region;

/** What exists of these types in the account and region, without the resource that the operation is about. */
export function here(operation: Operation, ...types: readonly string[]): CloudResource[] {
  return types
    .flatMap((type) => operation.world.all(type))
    .filter((resource) => samePlace(resource.location, operation.location) && !isSelf(resource, operation));
}

/** The same for a service without regions. */
export function inAccount(operation: Operation, ...types: readonly string[]): CloudResource[] {
  return types
    .flatMap((type) => operation.world.all(type))
    .filter((resource) => resource.location.account === operation.location.account && !isSelf(resource, operation));
}

const isSelf = (resource: CloudResource, { existing }: Operation): boolean =>
  resource.type === existing?.type && resource.id === existing.id;

/** The output, or where it is not one the input, or the id. */
export const valueOf = (resource: CloudResource, property: string): string | undefined =>
  property === "id" ? resource.id : (textAt(resource.outputs, property) ?? textAt(resource.inputs, property));

export function findBy(
  resources: readonly CloudResource[],
  value: string,
  ...properties: readonly string[]
): CloudResource | undefined {
  return resources.find((resource) => properties.some((property) => valueOf(resource, property) === value));
}

/** A place where resources of a type name others: path of the input as in `vpcConfig.subnetIds[]`. */
export interface Holder {
  readonly type: string;
  readonly path: string;
}

/** Resources elsewhere in the account and region that name the value. */
export function holders(operation: Operation, table: readonly Holder[], value: string): CloudResource[] {
  return table.flatMap(({ type, path }) =>
    here(operation, type).filter((resource) => textsUnder(resource.inputs, path).some(({ text }) => text === value)),
  );
}

/** A reference that the service answers with "not found". */
export const reference = (
  property: string,
  types: readonly string[],
  by: string,
  code: string,
  message: (value: string) => string,
): Reference => ({ property, types, by, refuse: (value) => new Refusal(code, message(value)) });

/** Two texts of a policy document that mean the same, for the named properties. */
export const policiesEquivalent =
  (...properties: readonly string[]) =>
  (property: string, old: Value, now: Value): boolean =>
    properties.includes(property.replace(/\[\d+\]/g, "[]")) &&
    typeof old === "string" &&
    typeof now === "string" &&
    samePolicy(old, now);

/** Hexadecimal text that is the same for the whole account and region (an account's default objects). */
export const placeHex = (location: Location, label: string, length: number): string =>
  createHash("sha256")
    .update(`${location.partition}/${location.account}/${location.region}/${label}`)
    .digest("hex")
    .slice(0, length);

/** A name in the form of the prefix properties: prefix, time, counter. 26 characters follow the prefix. */
export const prefixedName = (operation: Operation, prefix: string): string =>
  `${prefix}${operation.hex("name-prefix", 26)}`;

/** 8-4-4-4-12, version 4. */
export function uuid(hex: string): string {
  const variant = "89ab"[parseInt(hex[16] ?? "0", 16) % 4] ?? "8";
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** Text over an alphabet (up to 64 letters) from hexadecimal text, two digits per letter. */
export function letters(hex: string, alphabet: string): string {
  let text = "";
  for (let at = 0; at + 2 <= hex.length; at += 2)
    text += alphabet.charAt(parseInt(hex.slice(at, at + 2), 16) % alphabet.length);
  return text;
}

export const UPPER_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
export const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Whether anything anywhere has the value: for messages that tell "elsewhere" from "nowhere". */
export const elsewhere = (
  world: World,
  types: readonly string[],
  value: string,
  by: string,
): CloudResource | undefined =>
  findBy(
    types.flatMap((type) => world.all(type)),
    value,
    by,
  );
