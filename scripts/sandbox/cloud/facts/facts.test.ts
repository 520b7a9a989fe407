import assert from "node:assert/strict";
import { openSchemas } from "../schema/schemas.ts";
import type { PropertyType } from "../schema/type.ts";
import { factsKnown, factsOf, typesWithFacts } from "./facts.ts";
import { formatProblem } from "./formats.ts";
import { segmentsOf } from "./path.ts";

const schemas = openSchemas({ directories: [import.meta.dirname] });

/** The kind of what a path leads to, or why it leads nowhere. */
function resolve(token: string, path: string): PropertyType | string {
  const schema = schemas.type(token);
  let properties = { ...schema.outputs, ...schema.inputs };
  let type: PropertyType | undefined;
  for (const segment of segmentsOf(path)) {
    if (segment === "[]" || segment === "*") {
      if (type?.kind !== (segment === "[]" ? "list" : "map")) return `${segment} after ${type?.kind}`;
      type = type.item;
      continue;
    }
    if (type !== undefined) {
      const object: PropertyType | undefined =
        type.kind === "union" ? type.of.find(({ kind }) => kind === "object") : type;
      if (object?.kind !== "object") return `${segment} after ${type.kind}`;
      properties = { ...schemas.object(object.name) };
    }
    const property = properties[segment];
    if (property === undefined) return `no ${segment}`;
    type = property.type;
  }
  return type ?? "no path";
}

describe("the provider facts", () => {
  it("cover the types that were recorded, and say which are not", () => {
    assert.ok(typesWithFacts().length >= 160, `${typesWithFacts().length} types`);
    assert.equal(factsKnown("aws:ec2/vpc:Vpc"), true);
    assert.equal(factsKnown("aws:kendra/index:Index"), false);
  });

  it("name only properties that the installed SDKs have", () => {
    const lost: string[] = [];
    for (const token of typesWithFacts()) {
      const facts = factsOf(token);
      const paths = [
        ...(facts?.replace ?? []),
        ...[facts?.exactlyOneOf, facts?.conflicts, facts?.requiredWith].flatMap((groups) => groups?.flat() ?? []),
        ...[facts?.defaults, facts?.values, facts?.limits].flatMap((table) => Object.keys(table ?? {})),
      ];
      for (const path of paths) {
        const found = resolve(token, path);
        if (typeof found === "string") lost.push(`${token} ${path}: ${found}`);
      }
    }
    assert.deepEqual(lost, []);
  });

  it("hold formats that there are", () => {
    for (const token of typesWithFacts())
      for (const [path, { format }] of Object.entries(factsOf(token)?.limits ?? {}))
        if (format !== undefined) assert.doesNotThrow(() => formatProblem(format, ""), `${token} ${path}: ${format}`);
  });

  it("hold patterns that compile", () => {
    for (const token of typesWithFacts())
      for (const [path, { pattern }] of Object.entries(factsOf(token)?.limits ?? {}))
        if (pattern !== undefined) assert.doesNotThrow(() => new RegExp(pattern, "u"), `${token} ${path}: ${pattern}`);
  });
});
