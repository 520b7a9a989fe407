/** What JSON.parse gives. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const isMap = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  object: isMap,
  array: Array.isArray,
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
};

const text = (path: string): string => (path === "" ? "#" : `#/${path}`);
const below = (path: string, key: string | number): string => (path === "" ? String(key) : `${path}/${key}`);

/**
 * The first violation of a JSON Schema, draft 4, by the words that describe plain data: type, enum, properties,
 * required, additionalProperties, items, and the bounds of numbers, texts, and lists. Other words are not looked at.
 */
export function schemaProblem(schema: Json, value: Json, path = ""): string | undefined {
  if (!isMap(schema)) return undefined;
  const types = [schema["type"] ?? []].flat().filter((type) => typeof type === "string");
  if (types.length > 0 && !types.some((type) => TYPES[type]?.(value) ?? true))
    return `${text(path)}: expected type: ${types.join(" or ")}`;
  const choices = schema["enum"];
  if (Array.isArray(choices) && !choices.some((choice) => JSON.stringify(choice) === JSON.stringify(value)))
    return `${text(path)}: ${JSON.stringify(value)} is not a valid enum value`;
  return (
    boundsProblem(schema, value, path) ?? itemsProblem(schema, value, path) ?? propertiesProblem(schema, value, path)
  );
}

function boundsProblem(schema: { [key: string]: Json }, value: Json, path: string): string | undefined {
  const bound = (key: string): number | undefined => {
    const limit = schema[key];
    return typeof limit === "number" ? limit : undefined;
  };
  const [amount, least, most] =
    typeof value === "number"
      ? [value, bound("minimum"), bound("maximum")]
      : typeof value === "string"
        ? [value.length, bound("minLength"), bound("maxLength")]
        : Array.isArray(value)
          ? [value.length, bound("minItems"), bound("maxItems")]
          : [0, undefined, undefined];
  if (least !== undefined && (amount < least || (schema["exclusiveMinimum"] === true && amount === least)))
    return `${text(path)}: ${amount} is below the minimum of ${least}`;
  if (most !== undefined && (amount > most || (schema["exclusiveMaximum"] === true && amount === most)))
    return `${text(path)}: ${amount} is above the maximum of ${most}`;
  const pattern = schema["pattern"];
  return typeof value === "string" && typeof pattern === "string" && !new RegExp(pattern).test(value)
    ? `${text(path)}: string does not match pattern ${pattern}`
    : undefined;
}

function itemsProblem(schema: { [key: string]: Json }, value: Json, path: string): string | undefined {
  if (!Array.isArray(value)) return undefined;
  return value
    .map((item, index) => schemaProblem(schema["items"] ?? {}, item, below(path, index)))
    .find((problem) => problem !== undefined);
}

function propertiesProblem(schema: { [key: string]: Json }, value: Json, path: string): string | undefined {
  if (!isMap(value)) return undefined;
  const required = [schema["required"] ?? []].flat();
  const missing = required.find((key) => typeof key === "string" && !(key in value));
  if (typeof missing === "string") return `${text(path)}: required key [${missing}] not found`;
  const known = isMap(schema["properties"]) ? schema["properties"] : {};
  for (const [key, item] of Object.entries(value)) {
    const rest = schema["additionalProperties"] ?? true;
    if (!(key in known) && rest === false) return `${text(path)}: extraneous key [${key}] is not permitted`;
    const problem = schemaProblem(known[key] ?? rest, item, below(path, key));
    if (problem !== undefined) return problem;
  }
  return undefined;
}
