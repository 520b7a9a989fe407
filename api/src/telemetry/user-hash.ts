import { createHmac, hkdfSync, randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";

export interface UserHashOptions {
  /** COOKIE_SIGNING_KEY; undefined where there is none. */
  readonly secret: string | undefined;
  /** ENVIRONMENT: the same user has another name in each. */
  readonly environment: string;
}

/** An HMAC costs as much as half a request; a user who comes often is hashed once. */
const remembered = 10_000;

/**
 * A name for a user in logs and errors: 24 hexadecimal digits, the same in every task of an environment.
 *
 * A plain hash would be undone by trying all ids, and so would one whose key is in the source. The cookies' signing key
 * is the one secret that every deployed environment has and every task shares; HKDF makes another key of it for this
 * purpose alone, which tells nothing of the first. When that key rotates, users get new names: lines of before and after
 * no longer join, which the retention of logs bounds anyway. Without it (a developer's machine) the key is this process's own.
 */
export function createUserHash({ secret, environment }: UserHashOptions): (userId: string) => string {
  const key = Buffer.from(hkdfSync("sha256", secret ?? randomBytes(32), environment, "user names in telemetry", 32));
  const known = new LRUCache<string, string>({ max: remembered });
  return (userId) => {
    const before = known.get(userId);
    if (before !== undefined) return before;
    const hash = createHmac("sha256", key).update(userId).digest("hex").slice(0, 24);
    known.set(userId, hash);
    return hash;
  };
}
