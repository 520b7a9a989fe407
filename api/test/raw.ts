import { once } from "node:events";
import { connect } from "node:net";

/** Sends bytes as they are, and resolves with all that comes back until the connection ends or nothing more comes. */
export async function sendRaw(url: string, bytes: string | Uint8Array, silentMs = 2_000): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = "";
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
  });
  // A reset is an end as well.
  socket.on("error", () => undefined);
  socket.setTimeout(silentMs, () => socket.destroy());
  const closed = once(socket, "close");
  // The end of what is sent, and of the connection once it is answered.
  socket.end(bytes);
  await closed;
  return received;
}

/** The statuses of the answers on one connection. */
export const statusesOf = (received: string): number[] =>
  [...received.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status));
