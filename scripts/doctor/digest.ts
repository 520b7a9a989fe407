import { createHash, randomBytes } from "node:crypto";

/** One request as HTTP Digest signs it (RFC 7616). */
export interface DigestRequest {
  readonly method: string;
  /** Path and query. */
  readonly uri: string;
  readonly username: string;
  readonly password: string;
}

const HASHES: Readonly<Record<string, string>> = { MD5: "md5", "SHA-256": "sha256" };

/** `name="value"` and `name=value` of a challenge. */
const parametersOf = (challenge: string): ReadonlyMap<string, string> =>
  new Map(
    [...challenge.matchAll(/([a-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi)].map(([, name = "", quoted, bare]) => [
      name.toLowerCase(),
      quoted ?? bare ?? "",
    ]),
  );

/**
 * The value of Authorization that answers a server's `WWW-Authenticate: Digest ...`; undefined where it asks for
 * something else. `cnonce` is for tests alone.
 */
export function digestAnswer(
  challenge: string,
  { method, uri, username, password }: DigestRequest,
  cnonce: string = randomBytes(16).toString("base64url"),
): string | undefined {
  if (!/^\s*digest\s/i.test(challenge)) return undefined;
  const given = parametersOf(challenge);
  const [realm, nonce] = [given.get("realm"), given.get("nonce")];
  const algorithm = given.get("algorithm") ?? "MD5";
  const name = Object.hasOwn(HASHES, algorithm.toUpperCase()) ? HASHES[algorithm.toUpperCase()] : undefined;
  const offersAuth = (given.get("qop") ?? "").split(/\s*,\s*/).includes("auth");
  if (realm === undefined || nonce === undefined || name === undefined || !offersAuth) return undefined;
  const hash = (text: string): string => createHash(name).update(text).digest("hex");
  const count = "00000001";
  const response = hash(
    [hash(`${username}:${realm}:${password}`), nonce, count, cnonce, "auth", hash(`${method}:${uri}`)].join(":"),
  );
  const opaque = given.get("opaque");
  return (
    `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=${algorithm}, ` +
    `qop=auth, nc=${count}, cnonce="${cnonce}", response="${response}"${opaque === undefined ? "" : `, opaque="${opaque}"`}`
  );
}
