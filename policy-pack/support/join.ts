import { elements, firstUnknown, locate } from "./property.ts";
import type { StackResource } from "./rule.ts";
import { hasUnknownIdentity, identitiesOf } from "./stack.ts";

/** The resources that a property names. The path is one of `locate`, whose first step is an input. */
export type Join = (from: StackResource, path: string) => readonly StackResource[];

/**
 * `refersTo` for many resources at once, in linear time: which of the candidates a property names, by what it holds, or
 * by what it came from while either side is not known yet.
 */
export function joinTo(candidates: readonly StackResource[]): Join {
  const byUrn = new Map(candidates.map((candidate) => [candidate.urn, candidate]));
  const byName = new Map<string, StackResource[]>();
  for (const candidate of candidates)
    for (const name of identitiesOf(candidate)) byName.set(name, [...(byName.get(name) ?? []), candidate]);

  return (from, path) => {
    const values = locate(from.props, path).flatMap(elements);
    const named = values.flatMap(({ value }) => (typeof value === "string" ? (byName.get(value) ?? []) : []));
    const decided = values.length > 0 && values.every(({ value }) => firstUnknown(value) === undefined);
    const [input = ""] = path.split(/[.[]/);
    const sources = [...(from.references.get(input) ?? [])].flatMap((urn) => byUrn.get(urn) ?? []);
    const open = sources.filter((to) => !decided || hasUnknownIdentity(to) || identitiesOf(to).size === 0);
    return [...new Set([...named, ...open])];
  };
}
