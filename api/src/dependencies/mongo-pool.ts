import type { MongoClient } from "mongodb";

export interface PoolUsage {
  readonly connections: number;
  readonly waiting: number;
  /** Resolves once so many connections stand. */
  reached(connections: number): Promise<void>;
}

/** Counts by the driver's own events: over all servers of a replica set. */
export function watchPool(client: MongoClient): PoolUsage {
  let ready = 0;
  let waiting = 0;
  const standing = new Set<string>();
  const waiters = new Set<() => void>();
  client.on("connectionReady", ({ address, connectionId }) => {
    standing.add(`${address} ${String(connectionId)}`);
    ready = standing.size;
    for (const check of waiters) check();
  });
  client.on("connectionClosed", ({ address, connectionId }) => {
    standing.delete(`${address} ${String(connectionId)}`);
    ready = standing.size;
  });
  client.on("connectionCheckOutStarted", () => {
    waiting++;
  });
  client.on("connectionCheckedOut", () => {
    waiting--;
  });
  client.on("connectionCheckOutFailed", () => {
    waiting--;
  });
  return {
    get connections() {
      return ready;
    },
    get waiting() {
      return waiting;
    },
    reached: (connections) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (ready < connections) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
  };
}
