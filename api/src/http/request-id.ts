import { randomUUID } from "node:crypto";

/** What may stand in a log line and an answer as it is: no spaces, no control characters, no end. */
const acceptable = /^[A-Za-z0-9._:-]{8,64}$/;

/** The client's own id, so that its logs and ours name the same request, where it is one; else a new one. */
export function requestIdOf(header: string | readonly string[] | undefined): string {
  return typeof header === "string" && acceptable.test(header) ? header : randomUUID();
}
