import type { Properties, Value } from "../values/value.ts";
import type { PropertyChange } from "./events.ts";
import { covers, differingPaths, formatPath, parsePath, type PropertyPath } from "./property-path.ts";
import type { Difference } from "./provider-client.ts";

/** What a display shows of an update or replacement: leaf by leaf, with what forces the replacement marked. */
export function propertyChanges(
  olds: Properties,
  news: Properties,
  difference: Difference,
  hidden: readonly string[],
): PropertyChange[] {
  const replacing = [
    ...difference.replaces,
    ...[...difference.detailed].filter(([, entry]) => entry.replaces).map(([path]) => path),
  ].map(parsePath);
  const hides = hidden.map(parsePath);
  return differingPaths(olds, news).map(({ path, old, now }) => {
    const concealed = hides.some((pattern) => covers(pattern, path));
    return {
      path: formatPath(path),
      kind: kindOf(old, now),
      replaces: replacing.some((pattern) => related(pattern, path)),
      old: concealed ? undefined : old,
      now: concealed ? undefined : now,
    };
  });
}

const related = (pattern: PropertyPath, path: PropertyPath): boolean => covers(pattern, path) || covers(path, pattern);

function kindOf(old: Value | undefined, now: Value | undefined): PropertyChange["kind"] {
  if (old === undefined) return "add";
  return now === undefined ? "delete" : "update";
}
