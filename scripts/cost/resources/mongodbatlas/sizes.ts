/** Dedicated sizes as Atlas orders them; some have variants, such as M40_NVME. */
const order = ["M10", "M20", "M30", "M40", "M50", "M60", "M80", "M140", "M200", "M300", "M400", "M700"];

const rank = (size: string): number => order.indexOf(size);

/** The three without repetition, smallest first. `undefined` where one is unknown. */
export function sizesBetween(low: string, expected: string, high: string): readonly string[] | undefined {
  const sizes = [...new Set([low, expected, high])];
  return sizes.some((size) => rank(size) < 0) ? undefined : sizes.sort((a, b) => rank(a) - rank(b));
}
