import type { Located } from "./property.ts";
import { isList, isMap, type Plain } from "./unknown.ts";

/** Every text and every unknown value inside a value, each with its place; keys of maps are not among them. */
export function leavesOf(value: Plain, property = ""): readonly Located[] {
  const found: Located[] = [];
  collect(value, property, found);
  return found;
}

function collect(value: Plain, property: string, found: Located[]): void {
  if (isList(value))
    for (const [index, child] of value.entries()) collect(child, `${property}[${String(index)}]`, found);
  else if (isMap(value))
    for (const [key, child] of Object.entries(value))
      collect(child, property === "" ? key : `${property}.${key}`, found);
  else if (typeof value === "string" || typeof value === "object") {
    // A key of a document may hold a colon, which no property of a message does.
    if (value !== null) found.push({ property: property.replaceAll(":", "_"), value });
  }
}
