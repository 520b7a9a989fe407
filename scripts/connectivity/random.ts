import { createHash } from "node:crypto";

/** The next number from 0 up to, and without, 1. */
export type Random = () => number;

/** The same numbers for the same key: xorshift with 32 bits (Marsaglia 2003, the triple 13, 17, 5). */
export function seededRandom(key: string): Random {
  // Of a hash, since near keys would begin with near numbers; never 0, which xorshift does not leave.
  let state = createHash("sha256").update(key).digest().readUInt32LE() || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
