import { createHash } from "node:crypto";

/** What a server asks with `WWW-Authenticate: Digest`. */
export interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm: "MD5" | "SHA-256";
  /** false: the older form, without a count of requests. */
  readonly qop: boolean;
  readonly opaque?: string;
}

/** One request that answers it. */
export interface DigestRequest {
  readonly username: string;
  readonly password: string;
  readonly method: string;
  /** Path and query, as they are sent. */
  readonly uri: string;
  /** How many requests have answered this nonce, this one included. */
  readonly count: number;
  /** Random. */
  readonly clientNonce: string;
}

const hashes = { MD5: "md5", "SHA-256": "sha256" } as const;

/** Undefined where the header asks for something else, or for an algorithm that is not here. */
export function parseChallenge(header: string): Challenge | undefined {
  const scheme = /^Digest\s+/i.exec(header);
  if (scheme === null) return undefined;
  const fields = new Map(
    [...header.slice(scheme[0].length).matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map(
      ([, key = "", quoted, plain]) => [key.toLowerCase(), quoted ?? plain ?? ""],
    ),
  );
  const algorithm = (fields.get("algorithm") ?? "MD5").toUpperCase();
  const [realm, nonce, opaque] = [fields.get("realm"), fields.get("nonce"), fields.get("opaque")];
  if (realm === undefined || nonce === undefined || (algorithm !== "MD5" && algorithm !== "SHA-256")) return undefined;
  const qop = (fields.get("qop") ?? "").split(/\s*,\s*/).includes("auth");
  return { realm, nonce, algorithm, qop, ...(opaque !== undefined && { opaque }) };
}

/** The header `Authorization`. Source: RFC 7616; without qop RFC 2069. */
export function digestHeader(challenge: Challenge, request: DigestRequest): string {
  const { realm, nonce, algorithm, qop, opaque } = challenge;
  const { username, password, method, uri, clientNonce } = request;
  const hash = (text: string): string => createHash(hashes[algorithm]).update(text).digest("hex");
  const count = request.count.toString(16).padStart(8, "0");
  const secret = hash(`${username}:${realm}:${password}`);
  const subject = hash(`${method}:${uri}`);
  const response = qop
    ? hash([secret, nonce, count, clientNonce, "auth", subject].join(":"))
    : hash(`${secret}:${nonce}:${subject}`);
  return [
    `Digest username="${username}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `algorithm=${algorithm}`,
    ...(qop ? ["qop=auth", `nc=${count}`, `cnonce="${clientNonce}"`] : []),
    `response="${response}"`,
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ].join(", ");
}
