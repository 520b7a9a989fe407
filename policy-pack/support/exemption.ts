import { escaped } from "./pattern.ts";
import { environmentOf, stackOf } from "./urn.ts";

/** One finding that is accepted for a while, and who answers for it. */
export interface Exemption {
  readonly rule: string;
  /** The resource's URN; `*` stands for any text, as for the stack's name. */
  readonly urn: string;
  /** "staging", "production", "preview". */
  readonly environments: readonly string[];
  /** Why it is accepted, for the one who reads the run. */
  readonly reason: string;
  /** Who mends it. */
  readonly owner: string;
  /** The last day on which it counts, `2027-01-31`; at most 90 days ahead. */
  readonly expires: string;
}

export const MOST_DAYS_AHEAD = 90;

const DAY = 86_400_000;

/** Whether an exemption counts today. The last day is whole, in UTC. */
export const isStanding = ({ expires }: Exemption, now: Date): boolean => {
  const end = Date.parse(`${expires}T00:00:00Z`) + DAY;
  return now.getTime() < end && end - now.getTime() <= (MOST_DAYS_AHEAD + 1) * DAY;
};

/** Whether it is about this resource, whatever its rule. */
export const isAbout = ({ urn: pattern, environments }: Exemption, urn: string): boolean =>
  environments.includes(environmentOf(stackOf(urn))) && expression(pattern).test(urn);

const expressions = new Map<string, RegExp>();

function expression(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known !== undefined) return known;
  const made = new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`, "s");
  expressions.set(pattern, made);
  return made;
}

/** The beginning of a message about a finding that is exempt. */
export const exemptionNote = ({ expires, owner, reason }: Exemption): string =>
  `Exempt until ${expires} (${owner}: ${reason}).`;
