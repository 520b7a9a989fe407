import { mapLimits } from "./limits.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A practice's name and what is known of it. */
export type PracticeData = Readonly<Record<string, Json>>;

/** What is wrong with one value, and where. */
export interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The router names no more than these, so that no more are looked for. */
const mostFindings = 20;

/** They change what an object is, or what the driver takes it for. */
const refusedNames: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype", "_bsontype"]);

/** MongoDB reads a dot as a path and a leading dollar as an operator; NUL ends a name in BSON. */
const nameRules: readonly (readonly [(name: string) => boolean, string])[] = [
  [(name) => name === "", "a name must not be empty"],
  [(name) => name.length > mapLimits.nameLength, `a name must have ${mapLimits.nameLength} characters or fewer`],
  [(name) => refusedNames.has(name), "this name is not taken"],
  [(name) => name.startsWith("$"), "a name must not begin with a dollar sign"],
  [(name) => name.includes("."), "a name must not hold a dot"],
  [(name) => !isStorable(name), "a name must not hold NUL or half a surrogate pair"],
];

/** Half a surrogate pair has no form in UTF-8, so that it would come back as another character. */
const isStorable = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Why a value that is no container cannot be stored; undefined where it can. */
function scalarFault(value: unknown): string | undefined {
  if (typeof value === "string") return isStorable(value) ? undefined : "must not hold NUL or half a surrogate pair";
  if (typeof value === "number")
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? undefined : "must be a number from -(2^53 - 1) to 2^53 - 1";
  return typeof value === "boolean" || value === null ? undefined : "must be a JSON value";
}

/** The first faults of what a client sent as `practiceData`; none where it is one. */
export function findingsOf(practiceData: unknown): Finding[] {
  if (!isContainer(practiceData) || Array.isArray(practiceData)) return [{ path: [], message: "must be an object" }];
  const found: Finding[] = [];
  visit(practiceData, [], 1, found);
  return found;
}

function visit(value: unknown, path: readonly (string | number)[], depth: number, found: Finding[]): void {
  if (found.length >= mostFindings) return;
  if (!isContainer(value)) {
    const message = scalarFault(value);
    if (message !== undefined) found.push({ path, message });
    return;
  }
  if (depth > mapLimits.depth) {
    found.push({ path, message: `must not be nested deeper than ${mapLimits.depth} levels` });
    return;
  }
  if (Array.isArray(value)) {
    value.forEach((item: unknown, index) => {
      visit(item, [...path, index], depth + 1, found);
    });
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    const at = [...path, name];
    const rule = nameRules.find(([broken]) => broken(name));
    if (rule === undefined) visit(item, at, depth + 1, found);
    else if (found.length < mostFindings) found.push({ path: at, message: rule[1] });
  }
}
