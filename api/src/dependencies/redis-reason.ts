import {
  ClientClosedError,
  ClientOfflineError,
  ConnectionTimeoutError,
  DisconnectsClientError,
  ErrorReply,
  ReconnectStrategyError,
  SocketClosedUnexpectedlyError,
  SocketTimeoutError,
  TimeoutError,
} from "redis";
import type { UnavailableReason } from "./dependency.ts";
import { isSocketError } from "./socket-error.ts";

const reasonsByClass = [
  [TimeoutError, "deadline"],
  [ClientOfflineError, "connection"],
  [ClientClosedError, "connection"],
  [ConnectionTimeoutError, "connection"],
  [DisconnectsClientError, "connection"],
  [ReconnectStrategyError, "connection"],
  [SocketClosedUnexpectedlyError, "connection"],
  [SocketTimeoutError, "connection"],
] as const satisfies readonly (readonly [unknown, UnavailableReason])[];

/** The first word of an answer that says that this server cannot serve at the moment, whatever it is asked. */
const refusals = /^(?:LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOAUTH|WRONGPASS|NOREPLICAS)\b/;

/** After a failover the old primary may keep its connections, and refuse every write on them. */
export const isDemoted = (error: unknown): boolean =>
  error instanceof ErrorReply && error.message.startsWith("READONLY");

/** What an error of the driver says of Redis; undefined where it says nothing, as a command of the wrong type. */
export function redisReason(error: unknown): UnavailableReason | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof ErrorReply) return refusals.test(error.message) ? "connection" : undefined;
  const known = reasonsByClass.find(([type]) => error instanceof type)?.[1];
  return known ?? (isSocketError(error) ? "connection" : undefined);
}
