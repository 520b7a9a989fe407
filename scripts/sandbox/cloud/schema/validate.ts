import { closest } from "fastest-levenshtein";
import {
  Archive,
  Asset,
  OutputValue,
  type Properties,
  ResourceReference,
  Secret,
  UNKNOWN,
  Unknown,
  type Value,
  hasUnknown,
  isProperties,
} from "../../values/value.ts";
import { join } from "../facts/path.ts";
import type { CheckFailure } from "../service.ts";
import type { Schemas } from "./schemas.ts";
import { type PropertyType, type PropertyTypes, typeName } from "./type.ts";

/** What of the inputs does not fit the type: unknown names, wrong kinds, missing required ones; nested ones too. */
export function checkSchema(
  schemas: Schemas,
  properties: PropertyTypes,
  inputs: Properties,
  owner: string,
): CheckFailure[] {
  return checkObject(schemas, properties, inputs, "", owner);
}

function checkObject(
  schemas: Schemas,
  properties: PropertyTypes,
  value: Properties,
  path: string,
  owner: string,
): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const [key, item] of Object.entries(value)) {
    // Pulumi's own marks (`__defaults`) are no properties.
    if (key.startsWith("__")) continue;
    const at = join(path, key);
    const property = properties[key];
    if (property === undefined) failures.push({ property: at, reason: unknownProperty(key, owner, properties) });
    else failures.push(...checkValue(schemas, property.type, item, at));
  }
  for (const [key, property] of Object.entries(properties))
    if (property.required && (value[key] === undefined || value[key] === null))
      failures.push({ property: join(path, key), reason: `${owner} needs the property ${JSON.stringify(key)}` });
  return failures;
}

function unknownProperty(key: string, owner: string, properties: PropertyTypes): string {
  const names = Object.keys(properties);
  const hint = names.length === 0 ? "" : `; the nearest that it has is ${JSON.stringify(closest(key, names))}`;
  return `${owner} has no property ${JSON.stringify(key)}${hint}`;
}

function checkValue(schemas: Schemas, type: PropertyType, value: Value, path: string): CheckFailure[] {
  if (value instanceof Secret) return checkValue(schemas, type, value.value, path);
  if (value instanceof OutputValue)
    return value.value === undefined ? [] : checkValue(schemas, type, value.value, path);
  if (value === null || value instanceof Unknown || value instanceof ResourceReference) return [];
  switch (type.kind) {
    case "any":
      return [];
    case "asset":
      return value instanceof Asset || value instanceof Archive ? [] : [wrongKind(type, value, path)];
    case "list":
      return Array.isArray(value)
        ? value.flatMap((item, index) => checkValue(schemas, type.item, item, `${path}[${index}]`))
        : [wrongKind(type, value, path)];
    case "map":
      return isProperties(value)
        ? Object.entries(value).flatMap(([key, item]) => checkValue(schemas, type.item, item, join(path, key)))
        : [wrongKind(type, value, path)];
    case "object": {
      if (!isProperties(value)) return [wrongKind(type, value, path)];
      const properties = schemas.object(type.name);
      return properties === undefined ? [] : checkObject(schemas, properties, value, path, path);
    }
    case "union":
      return checkUnion(schemas, type, value, path);
    default:
      return typeof value === type.kind ? [] : [wrongKind(type, value, path)];
  }
}

/** One option must fit; where only one has the value's kind, its own findings are the useful ones. */
function checkUnion(
  schemas: Schemas,
  type: Extract<PropertyType, { kind: "union" }>,
  value: Value,
  path: string,
): CheckFailure[] {
  const results = type.of.map((option) => ({ option, failures: checkValue(schemas, option, value, path) }));
  if (results.some(({ failures }) => failures.length === 0)) return [];
  const [near] = results.filter(({ option }) => kindFits(option, value));
  return near?.failures ?? [wrongKind(type, value, path)];
}

const kindFits = (type: PropertyType, value: Value): boolean =>
  Array.isArray(value)
    ? type.kind === "list"
    : isProperties(value)
      ? type.kind === "object" || type.kind === "map"
      : type.kind === typeof value;

const wrongKind = (type: PropertyType, value: Value, path: string): CheckFailure => ({
  property: path,
  reason: `${path} must be ${typeName(type)}, not ${kindOf(value)}`,
});

function kindOf(value: Value): string {
  if (Array.isArray(value)) return "a list";
  if (value instanceof Asset || value instanceof Archive) return "an asset or archive";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/**
 * Inputs as the bridged providers check them: without nulls, and with JSON text for an object
 * that stands where the service takes a document.
 */
export function normalized(properties: PropertyTypes, inputs: Properties): Properties {
  const result: Properties = {};
  for (const [key, value] of Object.entries(inputs)) {
    if (value === null) continue;
    result[key] = asDocument(properties[key]?.type, withoutNulls(value));
  }
  return result;
}

function asDocument(type: PropertyType | undefined, value: Value): Value {
  if (type?.kind !== "union" || !isProperties(value)) return value;
  const document = type.of.some((option) => option.kind === "string") && type.of.some((o) => o.kind === "object");
  if (!document) return value;
  return hasUnknown(value) ? UNKNOWN : JSON.stringify(value);
}

function withoutNulls(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isProperties(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, withoutNulls(item)]])),
  );
}
