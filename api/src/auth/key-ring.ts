import { createLocalJWKSet, type CryptoKey, type JSONWebKeySet, type JWSHeaderParameters } from "jose";
import type { KeySet } from "./key-set.ts";

/** The keys that are valid together. */
export interface KeyRing {
  readonly kids: ReadonlySet<string>;
  /** The same for the same keys. */
  readonly identity: string;
  /** Rejects where the header fits none of the keys. */
  keyFor(header: JWSHeaderParameters & { readonly kid: string }): Promise<CryptoKey>;
}

/** Tokens of current, previous, and next are valid alike: see KeySet. */
export async function sharedKeyRing({ current, previous, next }: KeySet): Promise<KeyRing> {
  const imported = [current, previous, next]
    .filter((key) => key !== null)
    // Imported bytes would be imported again for each token.
    .map(async (key) => [key.kid, await symmetric(key.k)] as const);
  const keys = new Map(await Promise.all(imported));
  return {
    kids: new Set(keys.keys()),
    // Each kid is the thumbprint of its key.
    identity: [...keys.keys()].join(),
    async keyFor({ kid }) {
      const key = keys.get(kid);
      if (key === undefined) throw new RangeError("no key has this kid");
      return Promise.resolve(key);
    },
  };
}

const symmetric = (k: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", Buffer.from(k, "base64url"), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);

/** Throws where it is no key set (RFC 7517), or where no key of it has an id. */
export function publicKeyRing(jwks: JSONWebKeySet): KeyRing {
  const find = createLocalJWKSet(jwks);
  const kids = new Set(jwks.keys.map(({ kid }) => kid).filter((kid) => kid !== undefined));
  if (kids.size === 0) throw new Error("the key set has no key with an id");
  return { kids, identity: JSON.stringify(jwks), keyFor: (header) => find(header) };
}
