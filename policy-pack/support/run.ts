import { isAbout, isStanding, type Exemption } from "./exemption.ts";

/** What a run of the pack remembers from the first resource to the stack as a whole. */
export interface Run {
  readonly exemptions: readonly Exemption[];
  readonly now: Date;
  /** URNs that were judged before their operation. */
  readonly judged: ReadonlySet<string>;
  /** Rules that wait for a value, and the URNs that they wait on. */
  readonly waiting: ReadonlyMap<string, ReadonlySet<string>>;
  /** The URNs whose finding an exemption covered. */
  readonly covered: ReadonlyMap<Exemption, ReadonlySet<string>>;
}

/** A run in the making: one per process of the pack. */
export interface Ledger extends Run {
  /** A rule judges a resource anew: that it waited before no longer counts. */
  readonly judge: (rule: string, urn: string) => void;
  readonly wait: (rule: string, urn: string) => void;
  /** The exemption that covers a finding, noted as used. */
  readonly cover: (rule: string, urn: string) => Exemption | undefined;
}

export function ledgerOf(exemptions: readonly Exemption[], now: Date): Ledger {
  const judged = new Set<string>();
  const waiting = new Map<string, Set<string>>();
  const covered = new Map<Exemption, Set<string>>();
  return {
    exemptions,
    now,
    judged,
    waiting,
    covered,
    judge: (rule, urn) => {
      judged.add(urn);
      waiting.get(rule)?.delete(urn);
    },
    wait: (rule, urn) => void noted(waiting, rule).add(urn),
    cover: (rule, urn) => {
      const exemption = exemptions.find(
        (candidate) => candidate.rule === rule && isStanding(candidate, now) && isAbout(candidate, urn),
      );
      if (exemption !== undefined) noted(covered, exemption).add(urn);
      return exemption;
    },
  };
}

function noted<Key>(map: Map<Key, Set<string>>, key: Key): Set<string> {
  const known = map.get(key) ?? new Set();
  map.set(key, known);
  return known;
}
