import { isIPv4, isIPv6 } from "node:net";

export interface Cidr {
  readonly family: 4 | 6;
  /** The address as written: it may have bits beyond the prefix. */
  readonly address: bigint;
  readonly prefix: number;
}

const WIDTH = { 4: 32, 6: 128 } as const;

/** Undefined where the text is not `address/prefix`. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const [, address = "", digits = ""] = match;
  const family = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  const prefix = Number(digits);
  if (family === undefined || prefix > WIDTH[family] || String(prefix) !== digits) return undefined;
  return { family, address: family === 4 ? ipv4Number(address) : ipv6Number(address), prefix };
}

const ipv4Number = (text: string): bigint => text.split(".").reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);

function ipv6Number(text: string): bigint {
  // An embedded IPv4 tail (::ffff:10.0.0.1) is two groups.
  const plain = text.replace(/(\d+\.\d+\.\d+\.\d+)$/, (tail) => {
    const number = ipv4Number(tail);
    return `${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`;
  });
  const [head = "", tail] = plain.split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = Array<string>(8 - front.length - back.length).fill("0");
  return [...front, ...zeros, ...back].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

const mask = ({ family, prefix }: Cidr): bigint => {
  const host = BigInt(WIDTH[family] - prefix);
  return ((1n << BigInt(WIDTH[family])) - 1n) ^ ((1n << host) - 1n);
};

/** The block's first address. */
export const networkOf = (cidr: Cidr): bigint => cidr.address & mask(cidr);

/** Whether the address has no bits beyond its prefix, as AWS wants it. */
export const isNetwork = (cidr: Cidr): boolean => networkOf(cidr) === cidr.address;

export const contains = (outer: Cidr, inner: Cidr): boolean =>
  outer.family === inner.family && inner.prefix >= outer.prefix && (inner.address & mask(outer)) === networkOf(outer);

export const overlaps = (a: Cidr, b: Cidr): boolean => contains(a, b) || contains(b, a);

/** The block's n-th address as text, wrapping within the block. IPv6 in full groups, compressed by the caller if at all. */
export function addressIn(cidr: Cidr, n: bigint): string {
  const size = 1n << BigInt(WIDTH[cidr.family] - cidr.prefix);
  return addressText(cidr.family, networkOf(cidr) + (n % size));
}

function addressText(family: 4 | 6, address: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join(".");
  return [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => ((address >> shift) & 0xffffn).toString(16)).join(":");
}

/** Why the text is no network of the family, in the provider's words; undefined where it is one. */
export function cidrProblem(text: string, family: 4 | 6 | "any"): string | undefined {
  const cidr = parseCidr(text);
  if (cidr === undefined || (family !== "any" && cidr.family !== family)) {
    const kind = family === "any" ? "" : `IPv${family} `;
    return `"${text}" is not a valid ${kind}CIDR block`;
  }
  if (isNetwork(cidr)) return undefined;
  const right = `${addressText(cidr.family, networkOf(cidr))}/${cidr.prefix}`;
  return `"${text}" is not a valid CIDR block; did you mean "${right}"?`;
}
