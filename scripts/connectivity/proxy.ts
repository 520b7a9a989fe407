import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { codeOf } from "../sandbox/user-error.ts";
import { type Clock, systemClock } from "./clock.ts";
import { pipe } from "./pipe.ts";
import type { Profile } from "./profiles.ts";
import { seededRandom } from "./random.ts";
import { createLine, createWay, handshake, type Passage } from "./shaper.ts";

/** What passed, in both directions. */
export interface Traffic {
  connections: number;
  /** What TCP carried: with TLS and headers, without what was sent again. */
  bytesUp: number;
  bytesDown: number;
  segments: number;
  lostSegments: number;
  /** Connections that the profile reset. */
  resets: number;
}

/** Why the proxy ended a connection: the profile's reset, or the code of what the server's side failed with. */
export type Ending = { readonly by: "profile" } | { readonly by: "server"; readonly code: string };

export interface Proxy {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly traffic: Readonly<Traffic>;
  /** Of the last connection from this local port, if the proxy itself ended it. */
  readonly endingOf: (localPort: number) => Ending | undefined;
  close(): Promise<void>;
}

export interface ProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  readonly profile: Profile;
  /** The same seed gives each connection the same fate, segment by segment. */
  readonly seed: number;
  readonly clock?: Clock;
}

/** A TCP proxy that makes the way to a server as slow and as unsure as a profile says. It never looks into the bytes. */
export async function startProxy({ target, profile, seed, clock = systemClock }: ProxyOptions): Promise<Proxy> {
  const traffic: Traffic = { connections: 0, bytesUp: 0, bytesDown: 0, segments: 0, lostSegments: 0, resets: 0 };
  const endings = new Map<number, Ending>();
  const open = new Set<Socket>();
  const lines = { up: createLine(profile.upKbitPerSecond), down: createLine(profile.downKbitPerSecond) };

  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    // Two small writes in a row must not wait for each other: the profile alone delays.
    socket.setNoDelay(true);
  };

  const carry = (client: Socket): void => {
    const connection = ++traffic.connections;
    const localPort = client.remotePort ?? 0;
    endings.delete(localPort);
    keep(client);
    client.on("error", () => client.destroy());
    const random = (what: string) => seededRandom(`${seed} ${connection} ${what}`);

    const opening = handshake(profile, random("handshake"));
    traffic.lostSegments += opening.losses;
    traffic.segments += opening.losses + 2;
    const cancel = clock.after(opening.milliseconds, () => {
      const server = connect({ ...target, allowHalfOpen: true });
      keep(server);
      const refused = (error: Error): void => {
        endings.set(localPort, { by: "server", code: codeOf(error) ?? "UNKNOWN" });
        client.resetAndDestroy();
      };
      server.on("error", refused);
      client.on("close", () => server.destroy());
      server.once("connect", () => {
        const between = (direction: "up" | "down") => ({
          clock,
          way: createWay(profile, lines[direction], random(direction)),
          onSegment: (bytes: number, { losses }: Passage) => {
            traffic[direction === "up" ? "bytesUp" : "bytesDown"] += bytes;
            traffic.segments += losses + 1;
            traffic.lostSegments += losses;
          },
          onReset: (by: "profile" | "source") => {
            if (by === "profile") {
              traffic.resets++;
              endings.set(localPort, { by });
            }
            for (const socket of [client, server]) if (!socket.destroyed) socket.resetAndDestroy();
          },
        });
        // From here on a reset is carried like everything else.
        const stops = [pipe(client, server, between("up")), pipe(server, client, between("down"))];
        server.off("error", refused);
        client.on("close", () => stops.forEach((stop) => stop()));
      });
    });
    client.on("close", cancel);
  };

  // Paused, so that nothing is read before the handshake has taken its time.
  const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true }, carry);
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    traffic,
    endingOf: (localPort) => endings.get(localPort),
    close: async () => {
      const closed = once(listener, "close");
      listener.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
