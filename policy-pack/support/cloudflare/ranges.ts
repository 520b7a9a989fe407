import { BlockList, isIP, isIPv6 } from "node:net";

/** The addresses from which Cloudflare reaches an origin: https://www.cloudflare.com/ips. They change every few years. */
export const CLOUDFLARE_RANGES: readonly string[] = [
  ...["103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "104.16.0.0/13", "104.24.0.0/14"],
  ...["108.162.192.0/18", "131.0.72.0/22", "141.101.64.0/18", "162.158.0.0/15", "172.64.0.0/13"],
  ...["173.245.48.0/20", "188.114.96.0/20", "190.93.240.0/20", "197.234.240.0/22", "198.41.128.0/17"],
  ...["2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32", "2405:8100::/32"],
  ...["2a06:98c0::/29", "2c0f:f248::/32"],
];

/** Whether all of a CIDR block lies within one of some ranges. */
export function isWithin(cidr: string, ranges: readonly string[]): boolean {
  const block = blockOf(cidr);
  if (block === undefined) return false;
  return ranges.some((text) => {
    const range = blockOf(text);
    if (range?.family !== block.family || block.bits < range.bits) return false;
    const list = new BlockList();
    list.addSubnet(range.address, range.bits, range.family);
    return list.check(block.address, block.family);
  });
}

function blockOf(cidr: string) {
  const [address = "", bits = ""] = cidr.trim().split("/");
  if (isIP(address) === 0 || !/^\d{1,3}$/.test(bits)) return undefined;
  const family = isIPv6(address) ? ("ipv6" as const) : ("ipv4" as const);
  return Number(bits) > (family === "ipv6" ? 128 : 32) ? undefined : { address, bits: Number(bits), family };
}
