import type { MongoClient } from "mongodb";

/** The first connection of a client, which is tried until there is one. */
export interface FirstConnection {
  /** Resolves once it stands; never, where the client is closed before. */
  readonly stands: Promise<unknown>;
  close(): void;
}

/** Beside the three seconds that an attempt takes by itself. */
const againMs = 500;

/**
 * The driver (7.8) reconnects by itself after its first connection alone: where the first attempt finds no server in
 * time, it closes what it works with, and every later call is told so, for ever. Another attempt begins anew.
 */
export function connectUntilFirst(client: Pick<MongoClient, "connect">, retryMs = againMs): FirstConnection {
  const { promise: stands, resolve } = Promise.withResolvers<MongoClient>();
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  const attempt = (): void => {
    client.connect().then(resolve, () => {
      if (!isClosed) timer = setTimeout(attempt, retryMs).unref();
    });
  };
  attempt();
  return {
    stands,
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
