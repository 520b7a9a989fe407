import { createHash } from "node:crypto";

/** A symmetric JSON Web Key (RFC 7517) that signs tokens. */
export interface SigningKey {
  readonly kty: "oct";
  readonly use: "sig";
  readonly alg: "HS256";
  /** The key's own thumbprint (RFC 7638): the same key always has the same id, and no two keys share one. */
  readonly kid: string;
  /** The key's bytes, base64url. */
  readonly k: string;
}

/**
 * The value of the secret. `current` signs; tokens signed by any of the three are valid.
 * A key is known as `next` one whole rotation before it signs and as `previous` one after, so instances that have not
 * read the newest version yet and those that have accept each other's tokens.
 */
export interface KeySet {
  readonly current: SigningKey;
  readonly previous: SigningKey | null;
  readonly next: SigningKey;
}

/** HS256 asks for a key of at least 256 bits (RFC 7518, 3.2). */
export const keyBytes = 32;

/** Throws a RangeError where there are not exactly 256 bits. */
export function signingKey(bytes: Uint8Array): SigningKey {
  if (bytes.length !== keyBytes) throw new RangeError(`a signing key has ${keyBytes} bytes, not ${bytes.length}`);
  const k = Buffer.from(bytes).toString("base64url");
  return { kty: "oct", use: "sig", alg: "HS256", kid: thumbprint(k), k };
}

const thumbprint = (k: string): string =>
  createHash("sha256")
    .update(JSON.stringify({ k, kty: "oct" }))
    .digest("base64url");

/** The set of a new stack: from 512 random bits, half of them for each key. */
export function firstKeySet(bytes: Uint8Array): KeySet {
  return {
    current: signingKey(bytes.subarray(0, keyBytes)),
    previous: null,
    next: signingKey(bytes.subarray(keyBytes)),
  };
}

/** One rotation on: what was known signs, what signed is still known, and what was previous is retired. */
export function advanced({ current, next }: KeySet, newKey: SigningKey): KeySet {
  return { current: next, previous: current, next: newKey };
}

export function accepts({ current, previous, next }: KeySet, { kid, k }: SigningKey): boolean {
  return [current, previous, next].some((key) => key?.kid === kid && key.k === k);
}

/** Throws an Error that names what is wrong. Values are not repeated: they are secret. */
export function parseKeySet(text: string): KeySet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("the secret's value is no JSON");
  }
  const set = (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  return {
    current: parsedKey(set["current"], "current"),
    previous: set["previous"] === null ? null : parsedKey(set["previous"], "previous"),
    next: parsedKey(set["next"], "next"),
  };
}

function parsedKey(value: unknown, name: string): SigningKey {
  const { k, kid, ...rest } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const bytes = typeof k === "string" ? Buffer.from(k, "base64url") : Buffer.alloc(0);
  if (bytes.length !== keyBytes) throw new Error(`the secret's ${name} key has no 256 bits in k`);
  const key = signingKey(bytes);
  if (k !== key.k || kid !== key.kid) throw new Error(`the secret's ${name} key has a kid that is not its own`);
  for (const field of ["kty", "use", "alg"] as const)
    if (rest[field] !== key[field]) throw new Error(`the secret's ${name} key must have ${field} ${key[field]}`);
  return key;
}
