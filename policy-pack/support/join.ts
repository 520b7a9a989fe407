import { elements, firstUnknown, locate } from "./property.ts";
import type { StackResource } from "./rule.ts";

const IDENTITIES = ["id", "arn", "name", "bucket", "url", "dnsName", "repositoryUrl"];

/** What others call a resource: its id, its ARN, its name, as far as they are known. */
export function identitiesOf({ props }: StackResource): ReadonlySet<string> {
  return new Set(
    IDENTITIES.map((key) => props[key]).filter((value) => typeof value === "string" && value !== "") as string[],
  );
}

// Not every engine puts the id among the outputs: where it is missing, it is as unknown as one of a preview.
const hasUnknownIdentity = ({ props }: StackResource): boolean =>
  props["id"] === undefined || IDENTITIES.some((key) => firstUnknown(props[key]) !== undefined);

const inputOf = (path: string): string => path.split(/[.[]/)[0] ?? "";

/** Whether the value of a property came from another resource, whatever it is. */
export const cameFrom = (from: StackResource, path: string, to: StackResource): boolean =>
  from.references.get(inputOf(path))?.has(to.urn) ?? false;

/**
 * Whether the program itself sets an input. A stack rule sees outputs, in which a provider also returns what it found:
 * a bucket whose versioning another resource sets has a `versioning` too, which goes with that resource.
 */
export const sets = ({ references }: StackResource, input: string): boolean => references.has(input);

/** The resources that a property names. The path is one of `locate`, whose first step is an input. */
export type Join = (from: StackResource, path: string) => readonly StackResource[];

/**
 * Which of some candidates a property names: by its id, ARN, or name where the property is known; by the URN that the
 * property came from while either side is not known yet. Each answer takes the time of what the property holds.
 */
export function joinTo(candidates: readonly StackResource[]): Join {
  const byUrn = new Map(candidates.map((candidate) => [candidate.urn, candidate]));
  const byName = grouped(candidates, identitiesOf);
  return (from, path) => {
    const values = locate(from.props, path).flatMap(elements);
    const called = values.flatMap(({ value }) => (typeof value === "string" ? (byName.get(value) ?? []) : []));
    const decided = values.length > 0 && values.every(({ value }) => firstUnknown(value) === undefined);
    const sources = [...(from.references.get(inputOf(path)) ?? [])].flatMap((urn) => byUrn.get(urn) ?? []);
    const open = sources.filter((to) => !decided || hasUnknownIdentity(to) || identitiesOf(to).size === 0);
    return [...new Set([...called, ...open])];
  };
}

/** For each of some resources, those of others that name it in a property, such as the versioning of a bucket. */
export function companions(
  owners: readonly StackResource[],
  others: readonly StackResource[],
  path: string,
): (owner: StackResource) => readonly StackResource[] {
  const ownersOf = joinTo(owners);
  const found = grouped(others, (other) => ownersOf(other, path));
  return (owner) => found.get(owner) ?? [];
}

/** Those of some resources that none of others names in a property, such as the buckets without versioning. */
export function unnamed(
  owners: readonly StackResource[],
  others: readonly StackResource[],
  path: string,
): readonly StackResource[] {
  const companionsOf = companions(owners, others, path);
  return owners.filter((owner) => companionsOf(owner).length === 0);
}

/** Resources by each of their keys. */
function grouped<Key>(
  resources: readonly StackResource[],
  keysOf: (resource: StackResource) => Iterable<Key>,
): ReadonlyMap<Key, readonly StackResource[]> {
  const groups = new Map<Key, StackResource[]>();
  for (const resource of resources)
    for (const key of keysOf(resource)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [resource]);
      else group.push(resource);
    }
  return groups;
}
