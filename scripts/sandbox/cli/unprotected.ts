import { transitiveRequirements } from "../engine/dependency-graph.ts";
import type { ResourceState } from "../state/resource.ts";

/** What `destroy --exclude-protected` takes, and what it leaves. */
export interface Division {
  /** URNs that go. */
  readonly targets: readonly string[];
  /** URNs of the protected ones; what they need stays with them. */
  readonly guarded: readonly string[];
}

export function withoutProtected(states: readonly ResourceState[]): Division {
  const guarded = states.filter((state) => state.protect && !state.delete);
  const needed = transitiveRequirements(guarded, states);
  const stays = new Set([...guarded.map(({ urn }) => urn), ...needed]);
  return {
    targets: states.map(({ urn }) => urn).filter((urn) => !stays.has(urn)),
    guarded: guarded.map(({ urn }) => urn),
  };
}

/** What a run that left them says at its end. */
export function guardedNote(guarded: readonly string[]): string {
  const many = guarded.length === 1 ? "1 protected resource is" : `${guarded.length} protected resources are`;
  return [`${many} left, with all that is needed for it:`, ...guarded.map((urn) => `  ${urn}`)].join("\n");
}
