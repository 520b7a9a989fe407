import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * What closes a server's connections from which not one byte has come. Node counts them among those that are about to
 * ask, and would let them hold up its end; clients open them in advance.
 */
export function closesSilentConnections(server: Server): () => void {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return () => {
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
}
