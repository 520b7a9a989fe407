/** How far the process is behind. */
export interface Load {
  /** How long a request waits until the event loop turns to it, in milliseconds. */
  readonly delayMs: number;
  /** Requests that are not answered yet. */
  readonly inFlight: number;
}

/** Shedding begins where one of `begin` is reached, and ends once both are back below `end`. */
export interface LoadThresholds {
  readonly begin: Load;
  readonly end: Load;
}

/** Whether requests are to be shed now. Between the thresholds it stays as it is, so that it does not flutter. */
export function shedsAt(sheds: boolean, { delayMs, inFlight }: Load, { begin, end }: LoadThresholds): boolean {
  return sheds
    ? delayMs >= end.delayMs || inFlight >= end.inFlight
    : delayMs >= begin.delayMs || inFlight >= begin.inFlight;
}

/** Of a random number from 0 to 1: whoever was refused does not come back at the same moment. */
export const retryAfterSeconds = (random: number): number => 1 + Math.floor(random * 5);

/**
 * How long somebody who comes at a random moment waits for the next turn, of the lengths of turns that hold a timer's
 * `idle` time each: long turns count by their length, so that one pause of the garbage collector is no overload.
 */
export function meanWait(turns: readonly number[], idle: number): number {
  const total = turns.reduce((sum, turn) => sum + turn, 0);
  const waited = turns.reduce((sum, turn) => sum + Math.max(0, turn - idle) ** 2 / 2, 0);
  return total === 0 ? 0 : waited / total;
}
