import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createApp } from "./app.ts";
import { contract, type Environment } from "./environment.ts";
import { createLifecycle } from "./lifecycle.ts";

export interface RunningServer {
  readonly port: number;
  /** Not ready, drained, closed; resolves when the last request is answered or the deadline has passed. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly uptime?: () => number;
  /** Resolves when the load balancer has stopped sending. */
  readonly drained?: () => Promise<void>;
}

const afterDraining = () =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, contract.drainSeconds * 1000);
  });

/** What is left of the stop timeout after draining, less a second for the exit itself. */
const closeMilliseconds = (contract.stopTimeoutSeconds - contract.drainSeconds - 1) * 1000;

/** Rejects where the address cannot be listened on. */
export async function startServer(environment: Environment, options: ServerOptions = {}): Promise<RunningServer> {
  const { uptime = () => process.uptime(), drained = afterDraining } = options;
  const lifecycle = createLifecycle();
  const server = createServer(createApp({ environment, lifecycle, uptime }));
  server.keepAliveTimeout = contract.keepAliveSeconds * 1000;
  // Node wants it above the former, or it closes a connection that has just been reused.
  server.headersTimeout = (contract.keepAliveSeconds + 1) * 1000;
  server.listen(environment.PORT, environment.HOST);
  await once(server, "listening");
  lifecycle.enter("ready");

  const close = async (): Promise<void> => {
    lifecycle.enter("draining");
    await drained();
    const closed = once(server, "close");
    server.close();
    const deadline = setTimeout(() => {
      server.closeAllConnections();
    }, closeMilliseconds);
    await closed;
    clearTimeout(deadline);
  };
  let stopping: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => (stopping ??= close()),
  };
}
