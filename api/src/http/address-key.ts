import { isIPv6 } from "node:net";

const groups = 8;
/** Of the 8 groups of an IPv6 address, those that a client cannot choose: it is usually given a /64. */
const networkGroups = 4;

/** A client without a token, as limits count it: its IPv4 address, or its network of IPv6. */
export function addressKey(address = "unknown"): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  if (!isIPv6(plain)) return `address:${plain}`;
  // One spelling of each: lower case, no leading zeros.
  const canonical = new URL(`http://[${plain}]/`).hostname.slice(1, -1);
  return `address:${expanded(canonical).slice(0, networkGroups).join(":")}`;
}

function expanded(address: string): readonly string[] {
  const [head = "", tail = ""] = address.split("::");
  const [first, last] = [head, tail].map((part) => (part === "" ? [] : part.split(":"))) as [string[], string[]];
  return [...first, ...Array<string>(groups - first.length - last.length).fill("0"), ...last];
}
