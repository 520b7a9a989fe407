import { BlockList } from "node:net";

/** An IPv4 range such as `10.0.0.0/16`, already checked. */
interface Range {
  readonly address: string;
  readonly prefix: number;
}

function parse(cidr: string): Range {
  const [address = "", prefix = ""] = cidr.split("/");
  return { address, prefix: Number(prefix) };
}

function holds(outer: Range, inner: Range): boolean {
  const list = new BlockList();
  list.addSubnet(outer.address, outer.prefix);
  return outer.prefix <= inner.prefix && list.check(inner.address);
}

/** Two ranges overlap exactly when one holds the other. */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [parse(one), parse(other)];
  return holds(a, b) || holds(b, a);
}

/** The range's first address in its own notation: `10.0.5.1/16` is `10.0.0.0/16`. */
export function canonical(cidr: string): string {
  const { address, prefix } = parse(cidr);
  const value = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(value / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${prefix}`;
}

const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(parse);

/** RFC 1918: addresses that the internet does not route. */
export function isPrivate(cidr: string): boolean {
  return privateRanges.some((range) => holds(range, parse(cidr)));
}
