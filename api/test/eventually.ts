import { setTimeout as sleep } from "node:timers/promises";

const everyMs = 10;
const longestMs = 45_000;

/** Asks until the answer is neither undefined nor false; rejects with what is said where that takes more than 45 seconds. */
export async function eventually<Found>(
  what: string,
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
): Promise<Found> {
  const deadline = performance.now() + longestMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`not within ${longestMs / 1000} s: ${what}`);
    await sleep(everyMs);
  }
}
