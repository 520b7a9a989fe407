/** Time in milliseconds from any start. */
export interface Clock {
  now(): number;
  /** Runs it once, not before that many milliseconds; the function that it returns calls it off. */
  after(milliseconds: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};
