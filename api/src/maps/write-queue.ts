import { ProblemError } from "../http/problem.ts";
import { mapLimits } from "./limits.ts";
import { orAborted } from "./single-flight.ts";

/** Lets writers of one map in this process go one after another, since all but one would only lose and try again. */
export interface WriteQueue {
  /** Rejects with `overloaded` where too many wait, and with the signal's reason where the turn comes too late. */
  run<Result>(userId: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
}

interface Line {
  length: number;
  last: Promise<unknown>;
}

export function createWriteQueue(): WriteQueue {
  const lines = new Map<string, Line>();
  return {
    async run<Result>(userId: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
      const line = lines.get(userId) ?? { length: 0, last: Promise.resolve() };
      if (line.length >= mapLimits.waitingWrites)
        throw new ProblemError("overloaded", "Too many writes of this map are waiting.", { retryAfterSeconds: 1 });
      lines.set(userId, line);
      line.length += 1;
      const turn = async (): Promise<Result> => {
        try {
          signal.throwIfAborted();
          return await work();
        } finally {
          line.length -= 1;
          if (line.length === 0) lines.delete(userId);
        }
      };
      const own = line.last.then(turn, turn);
      line.last = own;
      return orAborted(own, signal);
    },
  };
}
