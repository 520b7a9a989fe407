import { isIPv4, isIPv6 } from "node:net";

/** An IPv4 range. `address` may lie inside the range, as in `10.0.1.0/20`. */
export interface Block {
  readonly address: number;
  /** Length of the prefix, 0 to 32. */
  readonly mask: number;
}

/** Undefined where the text is not an IPv4 range such as `10.0.0.0/16`. */
export function parseBlock(text: string): Block | undefined {
  const [address = "", length = "", ...rest] = text.split("/");
  if (rest.length > 0 || !isIPv4(address) || !/^\d{1,2}$/.test(length) || Number(length) > 32) return undefined;
  return { address: address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0), mask: Number(length) };
}

export function formatBlock(block: Block): string {
  const parts = [24, 16, 8, 0].map((bits) => Math.floor(block.address / 2 ** bits) % 256);
  return `${parts.join(".")}/${String(block.mask)}`;
}

export const sizeOf = (mask: number): number => 2 ** (32 - mask);
export const first = (block: Block): number => block.address - (block.address % sizeOf(block.mask));
export const last = (block: Block): number => first(block) + sizeOf(block.mask) - 1;

/** The range of this length that holds the address. */
export function blockAround(address: number, mask: number): Block {
  return { address: address - (address % sizeOf(mask)), mask };
}

/** The next range of this length that starts after the block ends. */
export const blockAfter = (block: Block, mask: number): Block => ({
  address: last(blockAround(last(block), mask)) + 1,
  mask,
});

export const overlaps = (a: Block, b: Block): boolean => first(a) <= last(b) && first(b) <= last(a);

/** Aligned ranges from the end of the lower block to the start of the other, each as wide as alignment allows. */
export function gapBetween(a: Block, b: Block): Block[] {
  const [lower, upper] = first(a) < first(b) ? [a, b] : [b, a];
  const gap: Block[] = [];
  let previous = lower;
  for (;;) {
    let next: Block = { address: last(previous) + 1, mask: previous.mask };
    if (next.address >= first(upper)) return gap;
    for (;;) {
      const wider = blockAround(next.address, next.mask - 1);
      if (next.mask === 0 || overlaps(wider, previous) || overlaps(wider, upper)) break;
      next = wider;
    }
    gap.push(next);
    previous = next;
  }
}

/**
 * The /64 with this number (0 to 255) in a VPC's /56, as `2600:1f18:1:ab05::/64`.
 * Undefined where the text is not a /56 with its first four groups written out.
 */
export function ipv6SubnetBlock(vpcBlock: string, index: number): string | undefined {
  const [address = "", length] = vpcBlock.split("/");
  const groups = address.split(":");
  const fourth = groups[3] ?? "";
  if (!isIPv6(address) || length !== "56" || !/^[0-9a-f]{1,4}$/i.test(fourth) || index > 0xff) return undefined;
  const network = (Number.parseInt(fourth, 16) & 0xff00) | index;
  return `${groups.slice(0, 3).join(":")}:${network.toString(16)}::/64`;
}
