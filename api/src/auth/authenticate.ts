import { errors, jwtVerify } from "jose";
import type { Environment } from "../environment.ts";
import { ProblemError } from "../http/problem.ts";
import type { Logger } from "../telemetry/log.ts";
import type { Authenticate, Caller } from "./caller.ts";
import { callerOf } from "./claims.ts";
import { type KeyEnvironment, keySourceOf } from "./key-source.ts";
import { createKeys, defaultKeyTimes, type Keys, KeysUnavailable, type KeyTimes, UnknownKey } from "./keys.ts";
import { createVerifiedTokens, digestOf, type VerifiedTokens } from "./verified-tokens.ts";

export interface AuthenticateOptions {
  readonly environment: KeyEnvironment & Pick<Environment, "JWT_ISSUER" | "JWT_AUDIENCE">;
  readonly log: Pick<Logger, "debug" | "info" | "warn">;
  readonly times?: Partial<KeyTimes>;
}

export type RunningAuthenticate = Authenticate & {
  /** Resolves when the keys were read once, or could not be. Never rejects. */
  warm(): Promise<void>;
  close(): void;
};

/** Clocks of servers differ, and jump when they are set. */
const clockToleranceSeconds = 5;
const keptTokens = 10_000;
const keptMs = 60_000;
const retryAfterSeconds = 5;

/** RFC 6750, 2.1. */
const bearer = /^Bearer +([\w.~+/-]+=*)$/i;
/** Node takes 16 KiB of headers at most; a token of ours has a quarter of one. */
const maxTokenLength = 8 * 1024;

/** Reads the keys in the background, at once and from then on. */
export function createAuthenticate({ environment, log, times }: AuthenticateOptions): RunningAuthenticate {
  const source = keySourceOf(environment);
  const keys = source && createKeys(source, log, { ...defaultKeyTimes, ...times });
  if (keys === undefined)
    log.warn({}, "access tokens cannot be checked: locally, JWT_KEYS_FILE names a file with their keys");
  const verified = createVerifiedTokens(keptTokens, keptMs);
  const rules: Rules = {
    issuer: environment.JWT_ISSUER,
    audience: environment.JWT_AUDIENCE,
    algorithms: [...(source?.algorithms ?? [])],
  };

  const authenticate: Authenticate = async (authorization) => {
    const token = tokenOf(authorization);
    if (keys === undefined) throw unavailable();
    const digest = digestOf(token);
    const known = verified.find(digest, keys.version);
    if (known !== undefined) return known;
    try {
      return await verify(token, digest, keys, verified, rules);
    } catch (error) {
      if (error instanceof KeysUnavailable) throw unavailable(error);
      const expected = error instanceof errors.JOSEError || error instanceof UnknownKey;
      log[expected ? "debug" : "warn"]({ err: error }, "an access token was refused");
      throw invalidToken(error);
    }
  };
  return Object.assign(authenticate, {
    warm: () => keys?.warm() ?? Promise.resolve(),
    close: () => keys?.close(),
  });
}

interface Rules {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: string[];
}

async function verify(
  token: string,
  digest: string,
  keys: Keys,
  verified: VerifiedTokens,
  rules: Rules,
): Promise<Caller> {
  // Of before: whatever the keys become meanwhile, this token was not verified with them.
  const keysVersion = keys.version;
  const { payload } = await jwtVerify(token, keys.keyFor, {
    ...rules,
    clockTolerance: clockToleranceSeconds,
    requiredClaims: ["exp", "sub"],
  });
  const caller = callerOf(payload);
  if (caller === undefined) throw new errors.JWTClaimValidationFailed("sub or scope is not of its form", payload);
  verified.keep(digest, { caller, expiresAt: (payload.exp ?? 0) * 1000, keysVersion });
  return caller;
}

function tokenOf(authorization: string | undefined): string {
  const token = bearer.exec(authorization ?? "")?.[1];
  // Without a token no error is named (RFC 6750, 3.1).
  if (token === undefined) throw unauthenticated('Bearer realm="api"');
  if (token.length > maxTokenLength) throw invalidToken();
  return token;
}

/** The same whatever is wrong with the token: what differs would help whoever forges one. */
const invalidToken = (cause?: unknown): ProblemError =>
  unauthenticated('Bearer realm="api", error="invalid_token"', cause);

const unauthenticated = (challenge: string, cause?: unknown): ProblemError =>
  new ProblemError("unauthenticated", undefined, { headers: { "WWW-Authenticate": challenge }, cause });

const unavailable = (cause?: unknown): ProblemError =>
  new ProblemError("dependency-unavailable", "Access tokens cannot be checked at the moment", {
    retryAfterSeconds,
    cause,
  });
