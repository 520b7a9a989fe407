import { type Properties, Unknown, type Value, isProperties } from "../../values/value.ts";
import type { CheckFailure } from "../service.ts";
import type { Limit, TypeFacts } from "./facts.ts";
import { formatProblem } from "./formats.ts";
import { isGiven, places, segmentsOf } from "./path.ts";

/** What the provider refuses before it calls the service. What is unknown is passed over. */
export function checkFacts(facts: TypeFacts, inputs: Properties): CheckFailure[] {
  return [
    ...(facts.exactlyOneOf ?? []).flatMap((group) => inEach(group, inputs, exactlyOne)),
    ...(facts.conflicts ?? []).flatMap((group) => inEach(group, inputs, atMostOne)),
    ...(facts.requiredWith ?? []).flatMap((group) => inEach(group, inputs, firstNeedsRest)),
    ...Object.entries(facts.values ?? {}).flatMap(([path, values]) =>
      known(inputs, path).flatMap(({ path, value }) => checkMember(path, value, values)),
    ),
    ...Object.entries(facts.limits ?? {}).flatMap(([path, limit]) =>
      known(inputs, path).flatMap(({ path, value }) => checkLimit(path, value, limit)),
    ),
  ];
}

const known = (inputs: Properties, path: string): { path: string; value: Value }[] =>
  places(inputs, segmentsOf(path)).flatMap(({ path, value }) =>
    value === undefined || value === null || value instanceof Unknown ? [] : [{ path, value }],
  );

/** One of a group's properties in one block that holds them. */
interface Member {
  readonly path: string;
  readonly state: "absent" | "given" | "unknown";
}

/** Asks once for every block that holds the group: `rules[].a` and `rules[].b` belong together item by item. */
function inEach(
  group: readonly string[],
  inputs: Properties,
  test: (members: readonly Member[]) => CheckFailure[],
): CheckFailure[] {
  const paths = group.map(segmentsOf);
  const depth = commonDepth(paths);
  const holder = paths[0]?.slice(0, depth) ?? [];
  return places(inputs, holder).flatMap((place) => {
    if (!isProperties(place.value)) return [];
    const value = place.value;
    return test(paths.map((path) => memberAt(value, path.slice(depth), place.path)));
  });
}

function commonDepth(paths: readonly (readonly string[])[]): number {
  const [first = []] = paths;
  let depth = 0;
  while (paths.every((path) => depth < path.length - 1 && path[depth] === first[depth])) depth++;
  return depth;
}

function memberAt(holder: Properties, segments: readonly string[], base: string): Member {
  const found = places(holder, segments, base);
  const last = segments.filter((segment) => segment !== "[]" && segment !== "*").join(".");
  const path = found[0]?.path ?? (base === "" ? last : `${base}.${last}`);
  if (found.some(({ value }) => value instanceof Unknown)) return { path, state: "unknown" };
  return { path, state: found.some(({ value }) => isGiven(value)) ? "given" : "absent" };
}

const list = (members: readonly Member[]): string => members.map(({ path }) => path).join(", ");
const given = (members: readonly Member[]): Member[] => members.filter(({ state }) => state === "given");

function exactlyOne(members: readonly Member[]): CheckFailure[] {
  if (given(members).length > 1) return atMostOne(members);
  if (members.some(({ state }) => state !== "absent")) return [];
  return [{ property: members[0]?.path ?? "", reason: `one of ${list(members)} must be given` }];
}

function atMostOne(members: readonly Member[]): CheckFailure[] {
  const [first, ...others] = given(members);
  if (first === undefined || others.length === 0) return [];
  return [{ property: first.path, reason: `${first.path} conflicts with ${list(others)}: give only one of them` }];
}

function firstNeedsRest(members: readonly Member[]): CheckFailure[] {
  const [first, ...rest] = members;
  if (first?.state !== "given") return [];
  const missing = rest.filter(({ state }) => state === "absent");
  return missing.length === 0
    ? []
    : [{ property: first.path, reason: `${first.path} needs ${list(missing)} beside it` }];
}

function checkMember(path: string, value: Value, values: readonly (string | number)[]): CheckFailure[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => checkMember(`${path}[${index}]`, item, values));
  if (typeof value !== "string" && typeof value !== "number") return [];
  return values.includes(value)
    ? []
    : [{ property: path, reason: `${path} must be one of ${values.join(", ")}, not ${JSON.stringify(value)}` }];
}

function checkLimit(path: string, value: Value, limit: Limit): CheckFailure[] {
  if (typeof value === "number") {
    if (limit.also?.includes(value) === true) return [];
    return outOf(path, value, "be", "", limit);
  }
  if (Array.isArray(value)) return outOf(path, value.length, "have", " items", limit);
  if (typeof value !== "string") return [];
  const length = outOf(path, value.length, "have", " characters", limit);
  if (length.length > 0) return length;
  const problem = limit.format === undefined ? undefined : formatProblem(limit.format, value);
  if (problem !== undefined) return [{ property: path, reason: `${path} ${problem}` }];
  if (limit.pattern === undefined || new RegExp(limit.pattern, "u").test(value)) return length;
  const wanted = limit.note === undefined ? `match ${limit.pattern}` : `follow its rule (${limit.note})`;
  return [{ property: path, reason: `${path} must ${wanted}, but is ${JSON.stringify(value)}` }];
}

function outOf(path: string, size: number, verb: string, unit: string, { min, max }: Limit): CheckFailure[] {
  const low = min !== undefined && size < min;
  const high = max !== undefined && size > max;
  if (!low && !high) return [];
  const range =
    min !== undefined && max !== undefined
      ? min === max
        ? `exactly ${min}`
        : `${min} to ${max}`
      : min === undefined
        ? `at most ${max}`
        : `at least ${min}`;
  return [{ property: path, reason: `${path} must ${verb} ${range}${unit}, not ${size}` }];
}
