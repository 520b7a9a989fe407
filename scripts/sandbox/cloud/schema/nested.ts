import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { parseMembers } from "./declaration.ts";
import type { Sdk } from "./sdk.ts";
import type { PropertyTypes } from "./type.ts";

/** Byte offsets of each interface's body in types/input.d.ts or types/output.d.ts, by qualified name. */
export type NestedIndex = Readonly<Record<string, readonly [start: number, end: number]>>;

type Side = "input" | "output";

const filePath = (sdk: Sdk, side: Side): string => join(sdk.directory, "types", `${side}.d.ts`);

/** One pass over the file: these files have up to six megabytes, so interfaces are only located here. */
export function indexNested(sdk: Sdk, side: Side): NestedIndex {
  let text: string;
  try {
    // One character per byte, so that positions are byte offsets.
    text = readFileSync(filePath(sdk, side), "latin1");
  } catch {
    return {};
  }
  const index: Record<string, [number, number]> = {};
  const heading = /^( *)(?:export )?(?:declare namespace|namespace|interface) (\w+)[^\n{]*\{/gm;
  let namespace = "";
  let current: string | undefined;
  for (let match = heading.exec(text); match !== null; match = heading.exec(text)) {
    const [whole, indent = "", name = ""] = match;
    const open = current === undefined ? undefined : index[current];
    if (open !== undefined) open[1] = match.index;
    current = undefined;
    if (whole.includes("namespace")) {
      namespace = `${name}.`;
      continue;
    }
    current = (indent === "" ? "" : namespace) + name;
    index[current] = [match.index + whole.length, text.length];
  }
  return index;
}

/** Reads one interface at its place. */
export function readNested(sdk: Sdk, side: Side, [start, end]: readonly [number, number]): PropertyTypes {
  const buffer = Buffer.alloc(end - start);
  const file = openSync(filePath(sdk, side), "r");
  try {
    readSync(file, buffer, 0, buffer.length, start);
  } finally {
    closeSync(file);
  }
  return parseMembers(buffer.toString("latin1"), { packageName: sdk.packageName, file: side });
}
