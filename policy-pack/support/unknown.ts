/**
 * What a check reads: plain JSON, and `Unknown` where only the operation itself will know.
 * The SDK's own proxy throws on the first unknown value, which would hide every known one beside it.
 */
export type Plain = null | boolean | number | string | undefined | Unknown | readonly Plain[] | PlainMap;

export interface PlainMap {
  readonly [key: string]: Plain;
}

/** A value that is not known at preview. It keeps the SDK's error, so that a deferral is reported as Pulumi does. */
export class Unknown {
  readonly error: Error;
  constructor(error: Error) {
    this.error = error;
  }
}

/** Copies properties out of the SDK's proxy; every unknown value becomes an `Unknown` in its place. */
export function plainProperties(properties: object): PlainMap {
  const { stackTraceLimit } = Error;
  // The proxy throws for each unknown value, and to note where is most of what that costs.
  Error.stackTraceLimit = 0;
  try {
    return plainMap(properties);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function plainMap(properties: object): PlainMap {
  const result: Record<string, Plain> = {};
  for (const key of Object.keys(properties)) result[key] = plainAt(properties, key);
  return result;
}

export function isMap(value: Plain): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

export function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

function plainAt(container: object, key: PropertyKey): Plain {
  try {
    return plain(Reflect.get(container, key));
  } catch (error) {
    // The mark of the SDK's UnknownValueError, whose class its types do not export.
    if (error instanceof Error && "unknownTypeSentinel" in error) return new Unknown(error);
    throw error;
  }
}

function plain(value: unknown): Plain {
  if (value === null || value === undefined) return value;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => plainAt(value, index));
  return typeof value === "object" ? plainMap(value) : undefined;
}
