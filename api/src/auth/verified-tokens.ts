import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Caller } from "./caller.ts";

interface VerifiedToken {
  readonly caller: Caller;
  /** Of `Date.now()`. */
  readonly expiresAt: number;
  readonly keysVersion: number;
}

/** Callers of tokens that were verified a short time ago. */
export interface VerifiedTokens {
  /** Undefined once the token has expired, or the keys have changed since. */
  find(digest: string, keysVersion: number): Caller | undefined;
  keep(digest: string, token: VerifiedToken): void;
}

/** Kept in place of the token, so that no copy of it stays in memory. */
export const digestOf = (token: string): string => hash("sha256", token, "base64");

/** The age is counted by the monotonic clock, so that a clock that is set back keeps nothing alive. */
export function createVerifiedTokens(max: number, ttl: number): VerifiedTokens {
  const kept = new LRUCache<string, VerifiedToken>({ max, ttl });
  return {
    find(digest, keysVersion) {
      const token = kept.get(digest);
      if (token?.keysVersion !== keysVersion || token.expiresAt <= Date.now()) return undefined;
      return token.caller;
    },
    keep: (digest, token) => void kept.set(digest, token),
  };
}
