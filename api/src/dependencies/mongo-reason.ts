import {
  MongoAWSError,
  MongoMissingCredentialsError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerClosedError,
  MongoServerError,
  MongoSystemError,
  MongoTopologyClosedError,
} from "mongodb";
import type { UnavailableReason } from "./dependency.ts";
import { isSocketError } from "./socket-error.ts";

type ErrorClass = abstract new (...given: never[]) => Error;

const reasonsByClass: readonly (readonly [ErrorClass, UnavailableReason])[] = [
  [MongoOperationTimeoutError, "deadline"],
  [MongoNetworkError, "connection"],
  // Server selection; its own class lies under it.
  [MongoSystemError, "connection"],
  [MongoNotConnectedError, "connection"],
  [MongoTopologyClosedError, "connection"],
  [MongoServerClosedError, "connection"],
  // Nobody can sign in without credentials of the task's role.
  [MongoAWSError, "connection"],
  [MongoMissingCredentialsError, "connection"],
];

/** Classes that the driver keeps to itself. */
const reasonsByName: Readonly<Record<string, UnavailableReason>> = {
  // All connections are in use: our own load, which says nothing of the database.
  MongoWaitQueueTimeoutError: "bulkhead-full",
  MongoPoolClosedError: "connection",
};

/** https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
const reasonsByCode: ReadonlyMap<unknown, UnavailableReason> = new Map<number, UnavailableReason>([
  [50, "deadline"], // MaxTimeMSExpired
  [262, "deadline"], // ExceededTimeLimit
  [6, "connection"], // HostUnreachable
  [7, "connection"], // HostNotFound
  [18, "connection"], // AuthenticationFailed
  [89, "connection"], // NetworkTimeout
  [91, "connection"], // ShutdownInProgress
  [189, "connection"], // PrimarySteppedDown
  [8000, "connection"], // AtlasError: its proxy refuses the sign-in
  [9001, "connection"], // SocketException
  [10107, "connection"], // NotWritablePrimary
  [11600, "connection"], // InterruptedAtShutdown
  [11602, "connection"], // InterruptedDueToReplStateChange
  [13435, "connection"], // NotPrimaryNoSecondaryOk
  [13436, "connection"], // NotPrimaryOrSecondary
]);

/** What an error of the driver says of MongoDB; undefined where it says nothing, as a duplicate key. */
export function mongoReason(error: unknown): UnavailableReason | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof MongoServerError) return reasonsByCode.get(error.code);
  const known = reasonsByClass.find(([type]) => error instanceof type)?.[1] ?? reasonsByName[error.name];
  // A write to a connection that the server has just closed throws what the socket says.
  return known ?? (isSocketError(error) ? "connection" : undefined);
}
