import { joinTo } from "./join.ts";
import type { StackResource } from "./rule.ts";

/** For each of some resources, those of others that name it in a property, such as the versioning of a bucket. */
export function companions(
  owners: readonly StackResource[],
  others: readonly StackResource[],
  path: string,
): (owner: StackResource) => readonly StackResource[] {
  const ownersOf = joinTo(owners);
  const found = new Map<string, StackResource[]>();
  for (const other of others)
    for (const { urn } of ownersOf(other, path)) {
      const kept = found.get(urn);
      if (kept === undefined) found.set(urn, [other]);
      else kept.push(other);
    }
  return ({ urn }) => found.get(urn) ?? [];
}

/**
 * Whether the program itself sets an input. A stack rule sees outputs, in which a provider also returns what it found:
 * a bucket whose versioning another resource sets has a `versioning` too, which goes with that resource.
 */
export const sets = ({ references }: StackResource, input: string): boolean => references.has(input);
