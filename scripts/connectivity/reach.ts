import { connect } from "node:net";
import { codeOf, messageOf, UserError } from "../sandbox/user-error.ts";
import { hostOf } from "./agent.ts";

export interface Reached {
  /** The address that answered: later connections ask no name server. */
  readonly host: string;
  readonly port: number;
  /** What opening a TCP connection took. */
  readonly milliseconds: number;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the name is not known",
  EAI_AGAIN: "the name server does not answer",
  EHOSTUNREACH: "there is no way to that host",
  ENETUNREACH: "there is no way to that network",
  ETIMEDOUT: "it does not answer",
};

/** Opens a TCP connection once, without the profile. Throws a UserError where there is none to be had. */
export function reach(url: URL, timeoutMilliseconds: number): Promise<Reached> {
  const host = hostOf(url);
  const port = url.port !== "" ? Number(url.port) : url.protocol === "https:" ? 443 : 80;
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const socket = connect({ host, port });
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new UserError(`${url.host} cannot be reached: ${reason}`, 2));
    };
    socket.setTimeout(timeoutMilliseconds, () => fail(`it does not answer within ${timeoutMilliseconds} ms`));
    socket.once("error", (error) => fail(REASONS[codeOf(error) ?? ""] ?? messageOf(error)));
    socket.once("connect", () => {
      resolve({ host: socket.remoteAddress ?? host, port, milliseconds: performance.now() - started });
      socket.destroy();
    });
  });
}
