import type { StackResource } from "./rule.ts";
import { stackOf } from "./urn.ts";

/** All that a stack holds, as stack rules ask about it. */
export interface Stack {
  /** "staging"; "" for an empty stack. */
  readonly name: string;
  readonly resources: readonly StackResource[];
  readonly ofType: (types: readonly string[]) => readonly StackResource[];
  readonly byUrn: (urn: string) => StackResource | undefined;
}

export function stackFrom(resources: readonly StackResource[]): Stack {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const byType = Map.groupBy(resources, ({ type }) => type);
  return {
    name: stackOf(resources[0]?.urn ?? ""),
    resources,
    ofType: (types) => types.flatMap((type) => byType.get(type) ?? []),
    byUrn: (urn) => byUrn.get(urn),
  };
}
