import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createApi } from "./api.ts";
import { contract, type Environment } from "./environment.ts";
import { answerBrokenRequests } from "./http/broken-request.ts";
import { inOriginForm } from "./http/request-target.ts";
import { serverClasses } from "./http/server-classes.ts";
import { closesSilentConnections } from "./http/silent-connections.ts";
import { createLifecycle } from "./lifecycle.ts";
import type { Logger } from "./telemetry/log.ts";

export interface RunningServer {
  readonly port: number;
  readonly log: Logger;
  /**
   * Not ready, drained, closed; resolves when the last request is answered or the deadline has passed, and everything
   * that was opened is closed.
   */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly uptime?: () => number;
  /** Resolves when the load balancer has stopped sending. */
  readonly drained?: () => Promise<void>;
  /** Where the log goes. Default: standard output. */
  readonly logDescriptor?: number;
}

/** A developer's machine has no load balancer that must notice. */
const afterDraining = ({ ENVIRONMENT }: Environment) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ENVIRONMENT === "local" ? 0 : contract.drainSeconds * 1000);
  });

/** Closing the databases and sending the last telemetry take two each at most, and the exit itself one or two. */
const afterLastAnswerSeconds = 6;
/** What is left of the stop timeout after draining. */
const closeMilliseconds = (contract.stopTimeoutSeconds - contract.drainSeconds - afterLastAnswerSeconds) * 1000;

/** How soon a connection is closed whose last answer did not say so. */
const closeIdleMilliseconds = 50;

/** A request's head and body, each from its first byte on; above what a slow phone needs for 64 KiB. */
const requestMilliseconds = 30_000;

/** Rejects where the address cannot be listened on. */
export async function startServer(environment: Environment, options: ServerOptions = {}): Promise<RunningServer> {
  const { uptime = () => process.uptime(), drained = () => afterDraining(environment), logDescriptor } = options;
  const lifecycle = createLifecycle();
  const api = await createApi({ environment, lifecycle, uptime, logDescriptor });
  const server = createServer(serverClasses(api.app), inOriginForm(api.app));
  const closeSilent = closesSilentConnections(server);
  answerBrokenRequests(server);
  server.keepAliveTimeout = contract.keepAliveSeconds * 1000;
  // Node wants it above the former, or it closes a connection that has just been reused.
  server.headersTimeout = (contract.keepAliveSeconds + 1) * 1000;
  server.requestTimeout = requestMilliseconds;
  server.listen(environment.PORT, environment.HOST);
  try {
    await once(server, "listening");
  } catch (error) {
    await api.close();
    throw error;
  }
  await api.warm();
  lifecycle.enter("ready");

  const stop = async (): Promise<void> => {
    lifecycle.enter("draining");
    await drained();
    const closed = once(server, "close");
    server.close();
    closeSilent();
    // Node closes the connections that are idle now, and would wait for those that become so later.
    const idle = setInterval(() => {
      server.closeIdleConnections();
    }, closeIdleMilliseconds);
    const deadline = setTimeout(() => {
      server.closeAllConnections();
    }, closeMilliseconds);
    await closed;
    clearInterval(idle);
    clearTimeout(deadline);
    await api.close();
  };
  let stopping: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    log: api.log,
    stop: () => (stopping ??= stop()),
  };
}
