import type { Server } from "node:http";

/** Counts the requests of a server whose answers have not ended. */
export function countInFlight(server: Server): () => number {
  let inFlight = 0;
  server.on("request", (_request, response) => {
    inFlight++;
    response.once("close", () => {
      inFlight--;
    });
  });
  return () => inFlight;
}
