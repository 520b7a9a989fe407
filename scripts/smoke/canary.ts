import { decodeJwt, type JWTPayload } from "jose";
import { issueToken, type TokenNames } from "../../api/src/auth/token.ts";
import type { KeySet } from "../../api/src/auth/key-set.ts";
import { readMapContract } from "../../api/src/maps/contract.ts";
import { ask } from "./ask.ts";
import { CheckFailure } from "./check.ts";

/** Begins the id of every user that is nobody: a check writes no map of a customer, whatever token it is given. */
export const canaryPrefix = "canary-";

/** The environment variable in which a pipeline gives the canary's token. */
export const tokenVariable = "SMOKE_TOKEN";

export interface Canary {
  readonly userId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Throws a `CheckFailure` that says what to give where there is no token, or it is somebody's. */
export function canaryOf(token: string | undefined): Canary {
  if (token === undefined || token === "")
    throw new CheckFailure(`needs an access token of a user ${canaryPrefix}...: give it in ${tokenVariable}`, {
      again: false,
    });
  const { sub: userId, exp = 0 } = claimsOf(token);
  if (userId?.startsWith(canaryPrefix) !== true)
    throw new CheckFailure(
      `needs an access token whose sub begins with ${canaryPrefix}, so that nobody's map is written: ${tokenVariable} is none`,
      { again: false },
    );
  if (exp * 1000 <= Date.now())
    throw new CheckFailure(`needs another access token: that of ${tokenVariable} has expired`, { again: false });
  return { userId, headers: { Authorization: `Bearer ${token}` } };
}

/** Whether it is genuine is for the API to say. */
function claimsOf(token: string): Pick<JWTPayload, "sub" | "exp"> {
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}

const ASK_MS = 10_000;

/**
 * What is wrong with a token, as far as can be known before a release is there to be looked at; undefined where nothing
 * is. An API that does not answer is no fault of the token's.
 */
export async function canaryFault(url: URL, token: string | undefined): Promise<string | undefined> {
  try {
    const { userId, headers } = canaryOf(token);
    const path = readMapContract.path.replace("{userId}", encodeURIComponent(userId));
    const response = await ask({ signal: AbortSignal.timeout(ASK_MS) }, new URL(path, url), { headers });
    await response.body?.cancel();
    return response.status === 401 ? `needs another access token: the API refuses that of ${tokenVariable}` : undefined;
  } catch (error) {
    return error instanceof CheckFailure ? error.message : undefined;
  }
}

/** Long enough for a release and its rollback. */
const lifetimeSeconds = 30 * 60;

/** A canary's token from the environment's own keys, for whoever may read them: rehearsals, and a pipeline's own job. */
export function canaryToken(keys: KeySet, names: TokenNames, environment: string): Promise<string> {
  return issueToken(keys, names, { userId: `${canaryPrefix}${environment}`, lifetimeSeconds });
}
