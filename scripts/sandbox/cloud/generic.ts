import { type Properties, UNKNOWN, type Value, isProperties } from "../values/value.ts";
import type { Schemas } from "./schema/schemas.ts";
import type { PropertyType, PropertyTypes, TypeSchema } from "./schema/type.ts";
import type { Operation } from "./service.ts";

/** Makes the value of a property that only the provider knows. */
export type Fill = (property: string, type: PropertyType, path: string) => Value;

/** In preview nobody knows it. */
export const fillUnknown: Fill = () => UNKNOWN;

/**
 * Adds to the given properties what the provider computes: outputs that are always there and were not given,
 * also inside objects that were.
 */
export function completed(
  schemas: Schemas,
  outputs: PropertyTypes,
  given: Properties,
  fill: Fill,
  path = "",
): Properties {
  const result: Properties = {};
  for (const [key, value] of Object.entries(given)) {
    const type = outputs[key]?.type;
    result[key] = type === undefined ? value : completedValue(schemas, type, value, fill, `${path}${key}`);
  }
  for (const [key, { type, required }] of Object.entries(outputs))
    if (required && (result[key] === undefined || result[key] === null)) result[key] = fill(key, type, `${path}${key}`);
  return result;
}

function completedValue(schemas: Schemas, type: PropertyType, value: Value, fill: Fill, path: string): Value {
  if (type.kind === "list" && Array.isArray(value))
    return value.map((item, index) => completedValue(schemas, type.item, item, fill, `${path}[${index}]`));
  if (type.kind === "map" && isProperties(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        completedValue(schemas, type.item, item, fill, `${path}.${key}`),
      ]),
    );
  if (type.kind !== "object" || !isProperties(value)) return value;
  const properties = schemas.object(type.name);
  return properties === undefined ? value : completed(schemas, properties, value, fill, `${path}.`);
}

/** Length of what follows a `namePrefix`: a time and a counter. */
const PREFIXED_LENGTH = 26;

/** A nested object's depth beyond which nothing is made up. */
const DEPTH = 4;

/** Values of the right type in the form that the service would give, for what no rule computes. */
export function fillGeneric(schemas: Schemas, schema: TypeSchema, operation: Operation, id: string): Fill {
  const fill = (property: string, type: PropertyType, path: string, depth: number): Value => {
    switch (type.kind) {
      case "string":
        if (path === property && typeof operation.inputs[`${property}Prefix`] === "string")
          return `${operation.inputs[`${property}Prefix`] as string}${operation.hex(property, PREFIXED_LENGTH)}`;
        // A setting that the service chooses where the program does not is nothing that a test should rely on.
        return path === property && property in schema.inputs
          ? (textOf(property, operation, id, path) ?? "")
          : (textOf(property, operation, id, path) ?? `${property}-${operation.hex(path, 8)}`);
      case "number":
        return 0;
      case "boolean":
        return false;
      case "list":
        return [];
      case "map":
        return {};
      case "object": {
        const properties = depth < DEPTH ? schemas.object(type.name) : undefined;
        return Object.fromEntries(
          Object.entries(properties ?? {}).flatMap(([key, inner]) =>
            inner.required ? [[key, fill(key, inner.type, `${path}.${key}`, depth + 1)]] : [],
          ),
        );
      }
      case "union": {
        const [first = { kind: "any" as const }] = type.of;
        return fill(property, first, path, depth);
      }
      default:
        return null;
    }
  };
  return (property, type, path) => fill(property, type, path, 0);
}

/** A fixed time, so that two runs give the same. */
const CREATED = "2025-01-01T00:00:00Z";

interface Form {
  readonly test: RegExp;
  readonly make: (operation: Operation, id: string, path: string) => string;
}

/** By the property's name; the first that fits. */
const FORMS: readonly Form[] = [
  { test: /^region$/, make: ({ location }) => location.region },
  {
    test: /^(ownerId|owner|accountId|awsAccountId|registryId|ownerAccountId)$/,
    make: ({ location }, id) => location.account || id,
  },
  { test: /^arn$/, make: (operation, id) => genericArn(operation, id) },
  { test: /Arn$/, make: (operation, id, path) => `${genericArn(operation, id)}/${path}` },
  { test: /^(id|.*Id)$/, make: (operation, _id, path) => operation.hex(path, 24) },
  { test: /(At|Time|Date|Timestamp|On)$/, make: () => CREATED },
  { test: /^(status|state)$/, make: () => "ACTIVE" },
  { test: /(Url|Uri)$/, make: (operation, _id, path) => `https://${operation.hex(path, 12)}.sandbox.example` },
  {
    test: /(Endpoint|DomainName|DnsName|Hostname|Host)$/i,
    make: (operation, _id, path) => `${operation.hex(path, 12)}.sandbox.example`,
  },
  {
    test: /^(etag|fingerprint|.*Hash|.*Sha256|.*Fingerprint)$/,
    make: (operation, _id, path) => operation.hex(path, 32),
  },
  { test: /^(name|.*Name)$/, make: ({ name }) => name },
  { test: /^(version|.*Version|revision)$/, make: () => "1" },
];

const textOf = (property: string, operation: Operation, id: string, path: string): string | undefined =>
  FORMS.find(({ test }) => test.test(property))?.make(operation, id, path);

/** `arn:aws:SERVICE:REGION:ACCOUNT:KIND/ID` from the type's own words. */
export function genericArn({ type, location }: Operation, id: string): string {
  const [service = "", kind = ""] = (type.split(":")[1] ?? "").split("/");
  return `arn:${location.partition || "aws"}:${service}:${location.region}:${location.account}:${kind.toLowerCase()}/${id}`;
}

/** An id in the usual form of the package, where no rule gives one. */
export function genericId(schema: TypeSchema, operation: Operation): string {
  const { type, inputs } = operation;
  const hex = (label: string, length: number): string => operation.hex(label, length);
  const packageName = type.slice(0, type.indexOf(":"));
  const name = inputs["name"];
  if (packageName === "aws") {
    if (typeof name === "string" && "arn" in schema.outputs) return name;
    const kind = (type.split("/").at(-1) ?? "").split(":")[0] ?? "";
    return `${kind.replaceAll(/[^A-Z]/g, "").toLowerCase() || kind.slice(0, 3).toLowerCase()}-0${hex("id", 16)}`;
  }
  if (packageName === "mongodbatlas") return hex("id", 24);
  if (packageName === "cloudflare") return hex("id", 32);
  if (packageName === "datadog") return String(Number.parseInt(hex("id", 7), 16));
  return hex("id", 16);
}
