import { once } from "node:events";
import { isIP } from "node:net";
import { connect } from "node:tls";
import { CheckFailure, type Check } from "../check.ts";
import { noEdge } from "./edge.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Cloudflare renews its certificates 30 days before they end: one that is closer to its end is not being renewed. */
const LEAST_DAYS = 14;

/** Chain and host name hold by the system's trusted certificates, and it does not end soon. */
export const certificateCheck: Check = {
  name: "certificate",
  leftOut: noEdge,
  async run({ url, signal, now, trusted }) {
    const socket = connect({
      host: url.hostname,
      port: url.port === "" ? 443 : Number(url.port),
      // RFC 6066: an address is no server name.
      ...(isIP(url.hostname) === 0 && { servername: url.hostname }),
      ...(trusted !== undefined && { ca: trusted }),
    });
    try {
      await once(socket, "secureConnect", { signal });
      const ends = new Date(socket.getPeerCertificate().valid_to);
      const days = Math.floor((ends.getTime() - now().getTime()) / DAY_MS);
      if (!(days >= LEAST_DAYS))
        throw new CheckFailure(
          `the certificate ends in ${days} days, on ${ends.toISOString().slice(0, 10)}; at least ${LEAST_DAYS} must be left`,
          { again: false },
        );
      return `valid for another ${days} days, ${socket.getProtocol() ?? "TLS"}`;
    } finally {
      socket.destroy();
    }
  },
};
