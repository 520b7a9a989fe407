const firstMs = 50;
const longestMs = 2_000;

/**
 * Milliseconds until the next attempt to connect: doubled up to two seconds, between half of it and all of it, so that
 * the tasks do not come back at once. It never gives up, and after a SocketTimeoutError no more than after another.
 */
export function reconnectDelayMs(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(firstMs * 2 ** attempt, longestMs);
  return Math.round(longest * (0.5 + 0.5 * random()));
}
