import { randomFillSync } from "node:crypto";

/** What may stand in a log line and an answer as it is: no spaces, no control characters, no end. */
const acceptable = /^[A-Za-z0-9._:-]{8,64}$/;

/** 128 random bits each, as a trace's id has. */
const digits = 32;
const bytes = Buffer.alloc(64 * digits);
let ready = "";
let used = 0;

/** Cut from a text that is made for many: a UUID of its own costs seven times as much. */
function newId(): string {
  if (used === ready.length) {
    ready = randomFillSync(bytes).toString("hex");
    used = 0;
  }
  return ready.slice(used, (used += digits));
}

/** The client's own id, so that its logs and ours name the same request, where it is one; else a new one. */
export function requestIdOf(header: string | readonly string[] | undefined): string {
  return typeof header === "string" && acceptable.test(header) ? header : newId();
}
