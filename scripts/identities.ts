import type { ResourceState } from "./sandbox/state/resource.ts";

/** What a resource that holds data is known by: another URN without an alias, or another id, is another resource. */
export interface Identity {
  readonly urn: string;
  readonly type: string;
  /** The physical name or id. */
  readonly id: string;
}

type Held = Pick<ResourceState, "urn" | "type" | "id">;

/** Those of the given types, in the order of their URNs. */
export function identitiesOf(resources: readonly Held[], types: ReadonlySet<string>): Identity[] {
  return resources
    .filter(({ type, id }) => types.has(type) && id !== "")
    .map(({ urn, type, id }) => ({ urn, type, id }))
    .sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

/** How what a stack makes today differs from what was recorded of it. */
export interface IdentityChanges {
  /** Recorded, and made under this URN no more: gone, or moved. */
  readonly lost: readonly Identity[];
  /** The same URN with another physical name: replaced. */
  readonly renamed: readonly { readonly was: Identity; readonly now: Identity }[];
  /** Not recorded yet. */
  readonly fresh: readonly Identity[];
}

export function identityChanges(recorded: readonly Identity[], now: readonly Identity[]): IdentityChanges {
  const [before, after] = [recorded, now].map((all) => new Map(all.map((one) => [one.urn, one])));
  return {
    lost: recorded.filter(({ urn }) => after?.has(urn) !== true),
    renamed: recorded.flatMap((was) => {
      const found = after?.get(was.urn);
      return found === undefined || found.id === was.id ? [] : [{ was, now: found }];
    }),
    fresh: now.filter(({ urn }) => before?.has(urn) !== true),
  };
}

/**
 * A deployment's text in which one resource still has its former URN, as a real stack has it before the update that
 * moves it. Whoever previews the program on it sees whether an alias leads from one to the other.
 */
export function asBefore(deployment: string, { urn }: Identity, former: Identity): string {
  return deployment
    .replaceAll(JSON.stringify(urn), JSON.stringify(former.urn))
    .replaceAll(`"${urn}::`, `"${former.urn}::`);
}

/** What could be the lost one under its new URN: of its type, and not recorded. */
export const successorsOf = (lost: Identity, { fresh }: IdentityChanges): Identity[] =>
  fresh.filter(({ type }) => type === lost.type);
