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

export const stackFrom = (resources: readonly StackResource[]): Stack => stackOver(resources, (resource) => resource);

/** A stack over an engine's own resources, each of which becomes a StackResource once a rule asks for it. */
export function stackOver<Source extends { readonly urn: string; readonly type: string }>(
  sources: readonly Source[],
  resourceOf: (source: Source) => StackResource,
): Stack {
  const made = new Map<Source, StackResource>();
  const of = (source: Source): StackResource => {
    const resource = made.get(source) ?? resourceOf(source);
    made.set(source, resource);
    return resource;
  };
  const byType = Map.groupBy(sources, ({ type }) => type);
  let byUrn: ReadonlyMap<string, Source> | undefined;
  return {
    name: stackOf(sources[0]?.urn ?? ""),
    get resources() {
      return sources.map(of);
    },
    ofType: (types) => types.flatMap((type) => (byType.get(type) ?? []).map(of)),
    byUrn: (urn) => {
      byUrn ??= new Map(sources.map((source) => [source.urn, source]));
      const source = byUrn.get(urn);
      return source === undefined ? undefined : of(source);
    },
  };
}
