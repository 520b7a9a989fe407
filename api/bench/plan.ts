import type { Rounds } from "./comparison.ts";

/** How long and how much. */
export interface Plan {
  readonly comparison: Rounds;
  readonly writes: { readonly seconds: number; readonly connections: number; readonly users: number };
  /** So many requests a second at most; fewer where the machine holds no more. */
  readonly mix: { readonly users: number; readonly perSecond: number; readonly seconds: number };
  readonly soak: { readonly warmSeconds: number; readonly pieces: number; readonly pieceSeconds: number };
  readonly restart: {
    /** From SIGTERM to the last answer that a balancer may still ask for. */
    readonly drainSeconds: number;
    readonly checkSeconds: number;
  };
}

export const plans = {
  full: {
    comparison: { rounds: 9, seconds: 2, connections: 64, warmRequests: 40_000 },
    writes: { seconds: 10, connections: 16, users: 2_000 },
    mix: { users: 1_000, perSecond: 400, seconds: 30 },
    soak: { warmSeconds: 15, pieces: 6, pieceSeconds: 10 },
    restart: { drainSeconds: 15, checkSeconds: 5 },
  },
  quick: {
    comparison: { rounds: 5, seconds: 1, connections: 64, warmRequests: 20_000 },
    writes: { seconds: 3, connections: 16, users: 500 },
    mix: { users: 300, perSecond: 400, seconds: 10 },
    soak: { warmSeconds: 10, pieces: 4, pieceSeconds: 5 },
    restart: { drainSeconds: 3, checkSeconds: 1 },
  },
} as const satisfies Readonly<Record<string, Plan>>;
