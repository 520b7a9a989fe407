import { columns } from "./columns.ts";
import { findingsOf } from "./reachability/findings.ts";
import { ingressOf, isPossible, type Network, networkOf, portText, rolesOf } from "./reachability/network.ts";
import { groupName, type Resource, type Role } from "./reachability/security-groups.ts";

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
  /** Whether a connection from the internet can get there, in as many hops as it takes. */
  readonly fromInternet: boolean;
}

export interface Reachability {
  readonly hops: readonly Hop[];
  /** What should not be, one sentence each. */
  readonly findings: readonly string[];
}

/** Groups that a connection from the internet can get to, hop by hop. */
function reachedFromInternet(network: Network): ReadonlySet<string> {
  const reached = new Set<string>();
  let before: number;
  do {
    before = reached.size;
    for (const taken of ingressOf(network)) {
      const starts = taken.peer.kind === "group" ? reached.has(taken.peer.id) : taken.peer.outside;
      if (starts && isPossible(network, taken)) reached.add(taken.group);
    }
  } while (reached.size > before);
  return reached;
}

function hopsOf(network: Network): Hop[] {
  const reached = reachedFromInternet(network);
  return ingressOf(network)
    .filter((taken) => isPossible(network, taken))
    .map((taken) => ({
      source: taken.peer.kind === "group" ? groupName(taken.peer.id, network.resources) : taken.peer.text,
      group: groupName(taken.group, network.resources),
      role: rolesOf(network, taken.group)[0] ?? "nothing",
      port: portText(taken),
      description: taken.description,
      fromInternet: taken.peer.kind === "group" ? reached.has(taken.peer.id) : taken.peer.outside,
    }));
}

/** Which connections a stack's security groups let through, and what of it should not be. */
export function reachabilityOf(resources: readonly Resource[]): Reachability {
  const network = networkOf(resources);
  return { hops: hopsOf(network), findings: findingsOf(network) };
}

/** The hops as a table, those from the internet first. */
export function reachabilityLines({ hops }: Reachability): string[] {
  const head = ["source", "group", "attached to", "port", "from the internet", "why"];
  const rows = [...hops]
    .sort((a, b) => Number(b.fromInternet) - Number(a.fromInternet))
    .map(({ source, group, role, port, description, fromInternet }) => [
      source,
      group,
      role,
      port,
      fromInternet ? "yes" : "no",
      description,
    ]);
  return columns([head, ...rows]);
}
