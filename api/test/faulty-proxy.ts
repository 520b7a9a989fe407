import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * - `clean`: passes everything on
 * - `slow`: passes everything on, each way so many milliseconds later
 * - `half-open`: connections stay, nothing passes, and nobody is told, as behind a firewall that has forgotten them;
 *   what was lost once stays lost when the fault is over, and only new connections work
 * - `reset`: every connection is reset, the standing and the new
 */
export type Fault = "clean" | "slow" | "half-open" | "reset";

/** Stands between the API and a database. */
export interface FaultyProxy {
  readonly port: number;
  /** From now on, for standing connections too. */
  become(fault: Fault, slowMs?: number): void;
  close(): Promise<void>;
}

/** A client's connection and the one to the database that belongs to it. */
interface Pair {
  readonly sockets: readonly [client: Socket, target: Socket];
  isLost: boolean;
}

export async function startFaultyProxy(targetPort: number): Promise<FaultyProxy> {
  let fault: Fault = "clean";
  let delayMs = 0;
  const pairs = new Set<Pair>();

  const pass = (pair: Pair, from: Socket, to: Socket): void => {
    const passOn = inOrder((bytes: Buffer) => {
      if (!pair.isLost && to.writable) to.write(bytes);
    });
    from.on("data", (bytes: Buffer) => passOn(bytes, delayMs));
    from.on("error", () => undefined);
    from.on("close", () => {
      // Nobody behind a half-open connection hears of its end.
      if (!pair.isLost) to.destroy();
      if (pair.sockets.every((socket) => socket.destroyed)) pairs.delete(pair);
    });
  };

  const server = createServer((client) => {
    if (fault === "reset") {
      client.on("error", () => undefined);
      client.resetAndDestroy();
      return;
    }
    const target = connect(targetPort, "127.0.0.1");
    const pair: Pair = { sockets: [client, target], isLost: fault === "half-open" };
    pairs.add(pair);
    pass(pair, client, target);
    pass(pair, target, client);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    port: (server.address() as AddressInfo).port,
    become(next, slowMs = 0) {
      fault = next;
      delayMs = slowMs;
      for (const pair of pairs) {
        if (next === "half-open") pair.isLost = true;
        if (next === "reset") for (const socket of pair.sockets) socket.resetAndDestroy();
      }
    },
    async close() {
      server.close();
      for (const { sockets } of pairs) for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

/** Hands on each item after its delay, and never before one that came earlier. */
function inOrder<Item>(handOn: (item: Item) => void): (item: Item, delayMs: number) => void {
  let last: Promise<void> | undefined;
  return (item, delayMs) => {
    if (delayMs === 0 && last === undefined) {
      handOn(item);
      return;
    }
    const due = new Promise((resolve) => setTimeout(resolve, delayMs));
    const own = Promise.all([due, last]).then(() => {
      handOn(item);
      if (last === own) last = undefined;
    });
    last = own;
  };
}
