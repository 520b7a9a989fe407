import { Unknown, type Plain } from "../unknown.ts";
import type { Verdict } from "../verdict.ts";

// No private range is wider than 10.0.0.0/8 or fc00::/7 (RFC 1918, RFC 4193), so whatever is wider holds the internet.
const WIDEST_PRIVATE_V4 = 8;
const PRIVATE_V6 = /^f[cd]/i;
const WIDEST_PROVIDER_V6 = 16;

/** Whether a CIDR block lets in addresses of the internet at large: all of it, or one of a few pieces of it. */
export function isWorld(cidr: Plain): Verdict {
  if (cidr instanceof Unknown) return cidr;
  const [address, bits] = (typeof cidr === "string" ? cidr.trim() : "").split("/");
  if (address === undefined || bits === undefined || !/^\d{1,3}$/.test(bits)) return false;
  const prefix = Number(bits);
  return address.includes(":")
    ? prefix < WIDEST_PROVIDER_V6 && !(PRIVATE_V6.test(address) && prefix >= 7)
    : prefix < WIDEST_PRIVATE_V4;
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export const ALL_PORTS: PortRange = { from: 0, to: 65_535 };

const ALL_PROTOCOLS: ReadonlySet<string> = new Set(["-1", "all"]);
const PROTOCOLS_WITH_PORTS: ReadonlySet<string> = new Set(["tcp", "6", "udp", "17"]);

/**
 * The ports that a rule opens, whichever way they are written: -1 and an absent bound mean all, text means its number.
 * Undefined for a protocol without ports (icmp).
 */
export function portsOf(protocol: Plain, from: Plain, to: Plain): PortRange | Unknown | undefined {
  if (protocol instanceof Unknown) return protocol;
  const name =
    typeof protocol === "number" ? String(protocol) : typeof protocol === "string" ? protocol.toLowerCase() : "-1";
  if (ALL_PROTOCOLS.has(name)) return ALL_PORTS;
  if (!PROTOCOLS_WITH_PORTS.has(name)) return undefined;
  if (from instanceof Unknown) return from;
  if (to instanceof Unknown) return to;
  const lower = portOf(from);
  if (lower === undefined) return ALL_PORTS;
  return { from: lower, to: portOf(to) ?? ALL_PORTS.to };
}

function portOf(value: Plain): number | undefined {
  const port = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof port === "number" && port >= 0 ? port : undefined;
}
