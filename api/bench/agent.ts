import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { cacheLookups } from "./otlp.ts";

/** What stands for the Datadog Agent: takes what is sent to it and keeps of that the lookups in caches alone. */
export interface Agent {
  readonly url: string;
  /** By outcome, since the beginning. */
  readonly lookups: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export async function startAgent(): Promise<Agent> {
  const lookups = new Map<string, number>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      if (request.url === "/v1/metrics")
        for (const { outcome, count } of cacheLookups(Buffer.concat(parts)))
          lookups.set(outcome, (lookups.get(outcome) ?? 0) + count);
      response.setHeader("Content-Type", "application/x-protobuf").end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lookups,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
