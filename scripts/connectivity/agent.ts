import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { Socket } from "node:net";

export interface AgentOptions {
  /** Of the proxy, on 127.0.0.1. */
  readonly port: number;
  readonly connections: number;
  /** More authorities to trust, as PEM; NODE_EXTRA_CA_CERTS does the same for the whole process. */
  readonly ca?: string;
}

export interface Agent {
  readonly http: http.Agent;
  /** The local port of a connection that this agent made, even after it has ended; 0 before it is there. */
  portOf(connection: Duplex): number;
  close(): void;
}

/** The host of a URL as a socket takes it. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, "$1");

/** Requests keep their URL, so that Host, SNI, and the certificate's check stay those of the server; only TCP goes astray. */
export function agentThrough(url: URL, { port, connections, ca }: AgentOptions): Agent {
  const options = { keepAlive: true, maxSockets: connections };
  const checkServerIdentity: typeof tls.checkServerIdentity = (_name, certificate) =>
    tls.checkServerIdentity(hostOf(url), certificate);
  const agent: http.Agent =
    url.protocol === "https:"
      ? new https.Agent({ ...options, checkServerIdentity, ...(ca !== undefined && { ca }) })
      : new http.Agent(options);
  const ports = new WeakMap<Duplex, number>();
  const direct = agent.createConnection.bind(agent);
  agent.createConnection = (wanted, callback) => {
    const connection = direct({ ...wanted, host: "127.0.0.1", port }, callback) as Socket;
    connection.once("connect", () => ports.set(connection, connection.localPort ?? 0));
    return connection;
  };
  return { http: agent, portOf: (connection) => ports.get(connection) ?? 0, close: () => agent.destroy() };
}
