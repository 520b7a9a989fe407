import type { Find, Finding, Resource } from "./rule.ts";
import { Unknown, isList, isMap, type Plain } from "./unknown.ts";

/** A value and where it stands: `ingress[0].cidrBlocks[1]`. */
export interface Located {
  readonly property: string;
  readonly value: Plain;
}

/**
 * Every value at a path such as `origins[].customOriginConfig.originSslProtocols`. `[]` is each element of a list; a
 * block that the provider holds as one map is its own only element. What is absent on the way is one value
 * `undefined`, what is unknown on the way stands for all below it, and an empty or absent list has no values.
 */
export function locate(source: Plain, path: string): readonly Located[] {
  return path
    .split(".")
    .reduce<readonly Located[]>(
      (found, step) => found.flatMap((from) => below(from, step)),
      [{ property: "", value: source }],
    );
}

function below({ property, value }: Located, step: string): readonly Located[] {
  if (value instanceof Unknown) return [{ property, value }];
  const key = step.replace(/\[\]$/, "");
  const place = property === "" ? key : `${property}.${key}`;
  // A list where one map is meant: the bridge to the provider takes both, so each of its elements counts.
  if (isList(value) && value.length > 0)
    return elements({ property, value }).flatMap((element) => below(element, step));
  const child = isMap(value) ? value[key] : undefined;
  return step.endsWith("[]") ? elements({ property: place, value: child }) : [{ property: place, value: child }];
}

/** The elements of a list, each with its place; a single value counts as a list of one, as does an unknown. */
export function elements({ property, value }: Located): readonly Located[] {
  if (value === undefined || value === null) return [];
  if (!isList(value)) return [{ property, value }];
  return value.map((element, index) => ({ property: `${property}[${String(index)}]`, value: element }));
}

/** The one value at a path without lists. */
export const at = (source: Plain, path: string): Plain => locate(source, path)[0]?.value;

/** What a property must be. `is` is never asked about an unknown value. */
export interface Expectation {
  readonly is: (value: Plain) => boolean;
  /** Completes "it must be ...". */
  readonly expected: string;
}

/** The check that every value at a path is as expected. An absent value is asked about as `undefined`. */
export const expects =
  (path: string, expectation: Expectation, fix: string): Find =>
  ({ props }) =>
    locate(props, path).flatMap((located) => judged(located, expectation, fix));

/** The check that at least one of some properties is set. The first is the one that the fix asks for. */
export const anySet =
  (paths: readonly [string, ...string[]], fix: string): Find =>
  ({ props }) => {
    const values = paths.map((property) => ({ property, value: at(props, property) }));
    if (values.some(({ value }) => !(value instanceof Unknown) && isSet.is(value))) return [];
    const undecided = values.flatMap(({ property, value }) =>
      value instanceof Unknown ? [{ property, unknown: value }] : [],
    );
    if (undecided.length > 0) return undecided.slice(0, 1);
    const [property, ...others] = paths;
    const wrong = others.length === 0 ? "it is not set" : `neither it nor ${others.join(", ")} is set`;
    return [{ property, wrong, fix }];
  };

/** The check that the value at a path is as a number among the rule's settings asks: `expectsAsked("days", "age", atLeast)`. */
export const expectsAsked =
  (setting: string, path: string, expectation: (asked: number) => Expectation): Find =>
  (resource, config) => {
    const asked = numberOf(config[setting]) ?? 0;
    return expects(path, expectation(asked), `set ${path.replaceAll("[]", "[0]")}: ${String(asked)}`)(resource, config);
  };

/** The check of those resources alone that it is about. */
export const where =
  (isAbout: (resource: Resource) => boolean, find: Find): Find =>
  (resource, config) =>
    isAbout(resource) ? find(resource, config) : [];

/** The check of all resources but those that need not pass it. */
export const unless = (isExempt: (resource: Resource) => boolean, find: Find): Find =>
  where((resource) => !isExempt(resource), find);

/** What is to be said of one value: nothing, where it is as expected. */
export function judged({ property, value }: Located, { is, expected }: Expectation, fix: string): readonly Finding[] {
  if (value instanceof Unknown) return [{ property, unknown: value }];
  if (is(value)) return [];
  return [{ property, wrong: `${described(value)}, and must be ${expected}`, fix }];
}

/** "it is not set", or the value where it is short enough to show. */
export function described(value: Plain): string {
  if (isAbsent(value)) return "it is not set";
  const text = JSON.stringify(value);
  return text.length > 120 ? "it is set" : `it is ${text}`;
}

/** Booleans arrive as booleans, and as text where a program wrote text. */
export const isTrue: Expectation = { is: (value) => value === true || value === "true", expected: "true" };

/** False itself: what is absent is not. */
export const isFalse: Expectation = { is: (value) => value === false || value === "false", expected: "false" };

const FALSE = /^\s*(false|f|0|)\s*$/i;

/** False, or absent where the service's default is false. Providers also take "TRUE" and 1 for true. */
export const isNotTrue: Expectation = {
  is: (value) => value === undefined || value === null || (typeof value !== "object" && FALSE.test(String(value))),
  expected: "false",
};

/** Set to something that is not empty. */
export const isSet: Expectation = {
  is: (value) => !isAbsent(value) && !(isList(value) && value.length === 0),
  expected: "set",
};

export const atLeast = (least: number): Expectation => ({
  is: (value) => (numberOf(value) ?? Number.NEGATIVE_INFINITY) >= least,
  expected: `at least ${String(least)}`,
});

export const atMost = (most: number): Expectation => ({
  is: (value) => (numberOf(value) ?? Number.POSITIVE_INFINITY) <= most,
  expected: `at most ${String(most)}`,
});

export const oneOf = (...values: readonly (string | number | boolean)[]): Expectation => ({
  is: (value) => typeof value !== "object" && values.some((allowed) => String(allowed) === String(value)),
  expected: values.length === 1 ? JSON.stringify(values[0]) : `one of ${values.map(String).join(", ")}`,
});

export const matching = (pattern: RegExp, expected: string): Expectation => ({
  is: (value) => typeof value === "string" && pattern.test(value),
  expected,
});

/** As expected, or absent: for a property whose absence the service reads as safe. */
export const orAbsent = ({ is, expected }: Expectation): Expectation => ({
  is: (value) => value === undefined || value === null || is(value),
  expected,
});

/** Not set; a provider takes an empty text for the same. */
export const isAbsent = (value: Plain): value is null | undefined | "" =>
  value === undefined || value === null || value === "";

/** A number, also where it was written as text. */
export function numberOf(value: Plain): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** The text itself where it is a known one. */
export const textOf = (value: Plain): string | undefined => (typeof value === "string" ? value : undefined);

/** A plain value as text, "443" for 443, for messages and comparisons; "" for what is absent, unknown, or has parts. */
export const asText = (value: Plain): string =>
  value === undefined || value === null || typeof value === "object" ? "" : String(value);

/** The known texts of a list; a single text counts as a list of one. */
export function textsOf(value: Plain): readonly string[] {
  return elements({ property: "", value }).flatMap(({ value: element }) =>
    typeof element === "string" ? [element] : [],
  );
}

/** The first unknown anywhere inside a value. */
export function firstUnknown(value: Plain): Unknown | undefined {
  if (value instanceof Unknown) return value;
  const children = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  for (const child of children) {
    const unknown = firstUnknown(child);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}
