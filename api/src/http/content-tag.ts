import { createHash } from "node:crypto";

/** An entity tag that changes with the bytes. */
export const contentTagOf = (content: string | Buffer): string =>
  `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;

/** Whether a client's If-None-Match names the tag, or whatever there is; weakly, as RFC 9110 has it. */
export const namesTag = (ifNoneMatch: string | undefined, tag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === "*" || ifNoneMatch.split(",").some((one) => one.trim().replace(/^W\//, "") === tag));
