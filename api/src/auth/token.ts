import { SignJWT } from "jose";
import type { Environment } from "../environment.ts";
import type { KeySet } from "./key-set.ts";

export interface TokenRequest {
  readonly userId: string;
  /** Default: none. */
  readonly scopes?: readonly string[];
  /** Default: an hour. */
  readonly lifetimeSeconds?: number;
}

/** Who issues tokens and for whom. */
export type TokenNames = Pick<Environment, "JWT_ISSUER" | "JWT_AUDIENCE">;

const hourSeconds = 3_600;

/** An access token as the API takes it, signed with the current key: for local work and tests. */
export function issueToken({ current }: KeySet, names: TokenNames, request: TokenRequest): Promise<string> {
  const { userId, scopes = [], lifetimeSeconds = hourSeconds } = request;
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT(scopes.length === 0 ? {} : { scope: scopes.join(" ") })
    .setProtectedHeader({ alg: current.alg, kid: current.kid, typ: "JWT" })
    .setIssuer(names.JWT_ISSUER)
    .setAudience(names.JWT_AUDIENCE)
    .setSubject(userId)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimeSeconds)
    .sign(Buffer.from(current.k, "base64url"));
}
