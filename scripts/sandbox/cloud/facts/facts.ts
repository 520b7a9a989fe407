import aws from "./aws.json" with { type: "json" };
import cloudflare from "./cloudflare.json" with { type: "json" };
import datadog from "./datadog.json" with { type: "json" };
import mongodbatlas from "./mongodbatlas.json" with { type: "json" };
import random from "./random.json" with { type: "json" };
import type { Value } from "../../values/value.ts";
import type { Format } from "./formats.ts";

/** Bounds of a number, of a text's length, or of a list's number of items, by the value's kind. */
export interface Limit {
  readonly min?: number;
  readonly max?: number;
  /** A regular expression; for texts only. */
  readonly pattern?: string;
  /** Says in words what the pattern wants. */
  readonly note?: string;
  /** For texts only. */
  readonly format?: Format;
  /** Values outside the bounds that are allowed too. */
  readonly also?: readonly number[];
}

/**
 * What the provider of a type does beyond its schema. Paths use dots, `[]` for list items, `*` for map keys.
 * Taken from the source of the Terraform providers that Pulumi's are bridged from.
 */
export interface TypeFacts {
  /** A change of any of these replaces the resource. */
  readonly replace: readonly string[];
  readonly exactlyOneOf?: readonly (readonly string[])[];
  /** No two of a group may be given. */
  readonly conflicts?: readonly (readonly string[])[];
  /** The first of a group needs the others. */
  readonly requiredWith?: readonly (readonly string[])[];
  readonly defaults?: Readonly<Record<string, Value>>;
  /** Closed sets of values. */
  readonly values?: Readonly<Record<string, readonly (string | number)[]>>;
  readonly limits?: Readonly<Record<string, Limit>>;
}

// JSON knows no literal types: a test holds the formats against those that there are.
const FACTS = { ...aws, ...cloudflare, ...datadog, ...mongodbatlas, ...random } as Readonly<Record<string, TypeFacts>>;

export const factsOf = (type: string): TypeFacts | undefined => FACTS[type];

/** Whether it is recorded what forces a replacement of the type. */
export const factsKnown = (type: string): boolean => type in FACTS;

export const typesWithFacts = (): string[] => Object.keys(FACTS);
