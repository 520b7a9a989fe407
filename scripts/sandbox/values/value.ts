/**
 * Pulumi's property values as the sandbox holds them: plain JSON plus the kinds that JSON lacks.
 * `undefined` never occurs: an absent property is an absent key.
 */
export type Value =
  | null
  | boolean
  | number
  | string
  | Value[]
  | Properties
  | Unknown
  | Secret
  | OutputValue
  | ResourceReference
  | Asset
  | Archive;

export interface Properties {
  [key: string]: Value;
}

/** A value that only the real operation will know (preview). There is one: `UNKNOWN`. */
export class Unknown {
  readonly kind = "unknown";
}
export const UNKNOWN: Unknown = new Unknown();

export class Secret {
  readonly kind = "secret";
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}

/** An output with its dependencies. `value` is absent while unknown. */
export class OutputValue {
  readonly kind = "output";
  readonly value: Value | undefined;
  readonly secret: boolean;
  readonly dependencies: readonly string[];
  constructor(value: Value | undefined, secret: boolean, dependencies: readonly string[]) {
    this.value = value;
    this.secret = secret;
    this.dependencies = dependencies;
  }
}

/** A reference to another resource: `id` is absent for a component, "" while unknown. */
export class ResourceReference {
  readonly kind = "reference";
  readonly urn: string;
  readonly id: string | Unknown | undefined;
  readonly packageVersion: string;
  constructor(urn: string, id: string | Unknown | undefined, packageVersion: string) {
    this.urn = urn;
    this.id = id;
    this.packageVersion = packageVersion;
  }
}

/** A blob. Its source is absent where only the hash is kept. */
export class Asset {
  readonly kind = "asset";
  readonly hash: string;
  readonly source: { text?: string; path?: string; uri?: string };
  constructor(hash: string, source: { text?: string; path?: string; uri?: string }) {
    this.hash = hash;
    this.source = source;
  }
}

/** A set of blobs by path. Its source is absent where only the hash is kept. */
export class Archive {
  readonly kind = "archive";
  readonly hash: string;
  readonly source: { assets?: Record<string, Asset | Archive>; path?: string; uri?: string };
  constructor(hash: string, source: { assets?: Record<string, Asset | Archive>; path?: string; uri?: string }) {
    this.hash = hash;
    this.source = source;
  }
}

export function isProperties(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSpecial(value);
}

function isSpecial(value: object): value is Unknown | Secret | OutputValue | ResourceReference | Asset | Archive {
  return (
    value instanceof Unknown ||
    value instanceof Secret ||
    value instanceof OutputValue ||
    value instanceof ResourceReference ||
    value instanceof Asset ||
    value instanceof Archive
  );
}

/** Rebuilds a value bottom up. `change` sees every node after its children; arrays and maps are copied. */
export function mapValue(value: Value, change: (value: Value) => Value): Value {
  if (Array.isArray(value)) return change(value.map((item) => mapValue(item, change)));
  if (value instanceof Secret) return change(new Secret(mapValue(value.value, change)));
  if (value instanceof OutputValue)
    return change(
      new OutputValue(
        value.value === undefined ? undefined : mapValue(value.value, change),
        value.secret,
        value.dependencies,
      ),
    );
  if (isProperties(value)) return change(mapProperties(value, change));
  return change(value);
}

export function mapProperties(properties: Properties, change: (value: Value) => Value): Properties {
  const result: Properties = {};
  for (const [key, item] of Object.entries(properties)) result[key] = mapValue(item, change);
  return result;
}

/** Whether any node of the value meets the test; looks inside secrets and outputs. */
export function someValue(value: Value, test: (value: Value) => boolean): boolean {
  if (test(value)) return true;
  if (Array.isArray(value)) return value.some((item) => someValue(item, test));
  if (value instanceof Secret) return someValue(value.value, test);
  if (value instanceof OutputValue) return value.value !== undefined && someValue(value.value, test);
  if (isProperties(value)) return Object.values(value).some((item) => someValue(item, test));
  return false;
}

export const hasUnknown = (value: Value): boolean =>
  someValue(value, (v) => v instanceof Unknown || (v instanceof OutputValue && v.value === undefined));

export const hasSecret = (value: Value): boolean =>
  someValue(value, (v) => v instanceof Secret || (v instanceof OutputValue && v.secret));

/** The value without secret marks and output wrappers; unknown outputs become `UNKNOWN`. */
export function revealed(value: Value): Value {
  return mapValue(value, (v) =>
    v instanceof Secret ? v.value : v instanceof OutputValue ? (v.value === undefined ? UNKNOWN : v.value) : v,
  );
}

export function revealedProperties(properties: Properties): Properties {
  const result: Properties = {};
  for (const [key, value] of Object.entries(properties)) result[key] = revealed(value);
  return result;
}

/** Output wrappers become plain, secret, or unknown values: what a provider's Check understands. */
export function downgraded(value: Value): Value {
  return mapValue(value, (v) => {
    if (!(v instanceof OutputValue)) return v;
    const inner = v.value === undefined ? UNKNOWN : v.value;
    return v.secret && !(inner instanceof Secret) ? new Secret(inner) : inner;
  });
}

export function downgradedProperties(properties: Properties): Properties {
  const result: Properties = {};
  for (const [key, value] of Object.entries(properties)) result[key] = downgraded(value);
  return result;
}

/** Deep equality. Secrets equal by content; assets and archives by hash; unknown equals only unknown. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a === null || b === null) return false;
  if (a instanceof Secret || b instanceof Secret)
    return a instanceof Secret && b instanceof Secret && sameValue(a.value, b.value);
  if (typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (a instanceof Asset) return b instanceof Asset && a.hash === b.hash;
  if (a instanceof Archive) return b instanceof Archive && a.hash === b.hash;
  if (a instanceof ResourceReference) return b instanceof ResourceReference && a.urn === b.urn && a.id === b.id;
  if (a instanceof OutputValue) return b instanceof OutputValue && a.secret === b.secret && sameValue(a.value, b.value);
  if (!isProperties(a) || !isProperties(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameValue(a[key], b[key]));
}
