import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { JsonSchema } from "./openapi-types.ts";

export interface Schemas {
  /** A schema as requests send it (`input`) or answers have it (`output`). `where` names it in errors. */
  of(schema: z.ZodType, io: "input" | "output", where: string): JsonSchema;
  /** What the schemas refer to by `#/components/schemas/`. */
  readonly shared: Readonly<Record<string, JsonSchema>>;
}

/** zod writes the schemas that others refer to beside each; in a document they stand in one place. */
export function createSchemas(): Schemas {
  const shared: Record<string, JsonSchema> = {};

  const share = (name: string, where: string, schema: JsonSchema): string => {
    // zod numbers what has no id of its own, in each schema from 0.
    const wanted = name.startsWith("__schema") ? `${where}.${name.slice(2)}` : name;
    const known = shared[wanted];
    const free = known === undefined || isDeepStrictEqual(known, schema) ? wanted : `${where}.${wanted}`;
    shared[free] = schema;
    return free;
  };

  return {
    shared,
    of(schema, io, where) {
      let written: JsonSchema;
      try {
        written = z.toJSONSchema(schema, { target: "draft-2020-12", io });
      } catch (error) {
        throw new Error(`${where}: has no JSON Schema; give it another type, or describe it by meta`, { cause: error });
      }
      const { $schema: _, $defs = {}, ...rest } = written;
      const names = new Map<string, string>();
      for (const [name, definition] of Object.entries($defs as Readonly<Record<string, JsonSchema>>))
        names.set(`#/$defs/${name}`, `#/components/schemas/${share(name, where, definition)}`);
      for (const reference of names.values()) {
        const name = reference.slice("#/components/schemas/".length);
        shared[name] = referring(shared[name], names) as JsonSchema;
      }
      return referring(rest, names) as JsonSchema;
    },
  };
}

/** The same value with references to their new places. */
function referring(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => referring(item, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key,
      key === "$ref" && typeof inner === "string" ? (names.get(inner) ?? inner) : referring(inner, names),
    ]),
  );
}
