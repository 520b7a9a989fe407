import { once } from "node:events";
import { Agent, createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface BalancerOptions {
  /** Ports of the loopback address. */
  readonly targets: readonly number[];
  readonly checkPath: string;
  readonly checkSeconds: number;
  /** How many answers of another kind in a row change a target's state, as the target group of an ALB has it. */
  readonly threshold: number;
}

/** A load balancer as an ALB is one: round robin, health checks, connections that are kept, and no second attempt. */
export interface Balancer {
  readonly url: string;
  isHealthy(port: number): boolean;
  close(): Promise<void>;
}

interface Target {
  readonly port: number;
  readonly agent: Agent;
  healthy: boolean;
  /** Checks in a row that said otherwise. */
  otherwise: number;
}

const checkTimeout = 1_000;

export async function startBalancer(options: BalancerOptions): Promise<Balancer> {
  const { checkPath, checkSeconds, threshold } = options;
  const targets = options.targets.map((port): Target => ({
    port,
    agent: new Agent({ keepAlive: true }),
    healthy: true,
    otherwise: 0,
  }));
  let turn = 0;
  const next = (): Target | undefined => {
    const healthy = targets.filter((target) => target.healthy);
    // Where none is healthy an ALB asks all of them.
    const open = healthy.length > 0 ? healthy : targets;
    return open[turn++ % open.length];
  };
  const server = createServer((request, response) => {
    const target = next();
    if (target !== undefined) passOn(request, response, target);
  });
  const closed = new AbortController();
  const watch = async (target: Target): Promise<void> => {
    while (!closed.signal.aborted) {
      await sleep(checkSeconds * 1000);
      const ok = await checks(target.port, checkPath);
      target.otherwise = ok === target.healthy ? 0 : target.otherwise + 1;
      if (target.otherwise < threshold) continue;
      target.healthy = ok;
      target.otherwise = 0;
    }
  };
  const watching = targets.map(watch);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isHealthy: (port) => targets.some((target) => target.port === port && target.healthy),
    async close() {
      closed.abort();
      await Promise.all(watching);
      const ended = once(server, "close");
      server.close();
      server.closeAllConnections();
      await ended;
      for (const { agent } of targets) agent.destroy();
    },
  };
}

function passOn(request: IncomingMessage, response: ServerResponse, { port, agent }: Target): void {
  const { method, url, headers } = request;
  const { connection: _ours, ...passedHeaders } = headers;
  const onward = ask({ host: "127.0.0.1", port, agent, method, path: url, headers: passedHeaders }, (answer) => {
    const { connection: _theirs, "keep-alive": _kept, ...answered } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, answered);
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  onward.on("error", () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  request.pipe(onward);
}

/** On a connection of its own. */
const checks = (port: number, path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const check = ask({ host: "127.0.0.1", port, path, agent: false, timeout: checkTimeout }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    check.on("timeout", () => check.destroy());
    check.on("error", () => resolve(false));
    check.end();
  });
