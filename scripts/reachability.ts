import { columns } from "./columns.ts";
import { findingsOf } from "./reachability/findings.ts";
import { ingressOf, isPossible, type Network, networkOf, portText, rolesOf } from "./reachability/network.ts";
import { groupName, type Permission, type Resource, type Role } from "./reachability/security-groups.ts";

/** A connection that the security groups let through. */
export interface Hop {
  /** Addresses or a group. */
  readonly source: string;
  /** The group that takes the connection, and what it is attached to. */
  readonly group: string;
  readonly role: Role | "nothing";
  /** `443`, `1024-65535`, or `all`, with the protocol where it is not TCP. */
  readonly port: string;
  readonly description: string;
  /** How many hops from the internet end here; 1 is direct. Undefined: no way leads from there. */
  readonly hopsFromInternet: number | undefined;
}

export interface Reachability {
  readonly hops: readonly Hop[];
  /** What should not be, one sentence each. */
  readonly findings: readonly string[];
}

/** Groups that a connection from the internet can get to, and in how many hops. */
function distances(network: Network): ReadonlyMap<string, number> {
  const reached = new Map<string, number>();
  for (let hops = 1; ; hops += 1) {
    const next = ingressOf(network).filter(
      (taken) => !reached.has(taken.group) && isPossible(network, taken) && starts(taken, reached) === hops - 1,
    );
    if (next.length === 0) return reached;
    for (const { group } of next) reached.set(group, hops);
  }
}

/** How many hops from the internet lead to where a connection begins. */
const starts = ({ peer }: Permission, reached: ReadonlyMap<string, number>): number | undefined =>
  peer.kind === "group" ? reached.get(peer.id) : peer.outside ? 0 : undefined;

function hopsOf(network: Network): Hop[] {
  const reached = distances(network);
  return ingressOf(network)
    .filter((taken) => isPossible(network, taken))
    .map((taken) => {
      const before = starts(taken, reached);
      return {
        source: taken.peer.kind === "group" ? groupName(taken.peer.id, network.resources) : taken.peer.text,
        group: groupName(taken.group, network.resources),
        role: rolesOf(network, taken.group)[0] ?? "nothing",
        port: portText(taken),
        description: taken.description,
        hopsFromInternet: before === undefined ? undefined : before + 1,
      };
    });
}

/** Which connections a stack's security groups let through, and what of it should not be. */
export function reachabilityOf(resources: readonly Resource[]): Reachability {
  const network = networkOf(resources);
  return { hops: hopsOf(network), findings: findingsOf(network) };
}

/** The hops as a table, those nearest to the internet first. */
export function reachabilityLines({ hops }: Reachability): string[] {
  const head = ["source", "group", "attached to", "port", "from the internet", "why"];
  const distance = ({ hopsFromInternet }: Hop): number => hopsFromInternet ?? Infinity;
  const rows = [...hops]
    .sort((a, b) => distance(a) - distance(b) || 0)
    .map((hop) => [hop.source, hop.group, hop.role, hop.port, howFar(hop), hop.description]);
  return columns([head, ...rows]);
}

function howFar({ hopsFromInternet }: Hop): string {
  if (hopsFromInternet === undefined) return "never";
  return hopsFromInternet === 1 ? "directly" : `behind ${hopsFromInternet - 1}`;
}
