import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly authorization: string | undefined;
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
}

/** Answers in GitHub's place; undefined is its 404. */
export type Route = (request: Received) => Answer | undefined;

export interface StandIn {
  readonly url: string;
  /** In order. */
  readonly received: Received[];
  /** Those that change something. */
  changes(): readonly Pick<Received, "method" | "path" | "body">[];
  close(): Promise<void>;
}

/** A server on loopback that speaks GitHub's REST for the routes of a test. */
export async function startStandIn(route: Route): Promise<StandIn> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const one: Received = {
        method: request.method ?? "",
        path: request.url ?? "",
        body: text === "" ? undefined : JSON.parse(text),
        authorization: request.headers.authorization,
      };
      received.push(one);
      const { status = 200, body = {} } = route(one) ?? { status: 404, body: { message: "Not Found" } };
      response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
      response.end(status === 204 ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    changes: () =>
      received.filter(({ method }) => method !== "GET").map(({ method, path, body }) => ({ method, path, body })),
    close: () => closed(server),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

const closed = (server: Server): Promise<void> =>
  new Promise((done, failed) => {
    server.closeAllConnections();
    server.close((error) => {
      if (error === undefined) done();
      else failed(error);
    });
  });

/** A page of a list, as GitHub cuts it. */
export function page(path: string, all: readonly unknown[]): readonly unknown[] {
  const asked = new URL(path, "http://localhost").searchParams;
  const size = Number(asked.get("per_page") ?? "30");
  const start = (Number(asked.get("page") ?? "1") - 1) * size;
  return all.slice(start, start + size);
}
