import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";

/** Length of a key in bytes (AES-256). */
export const KEY_BYTES = 32;

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts with AES-256-GCM: initialisation vector, tag, ciphertext. `about` binds the text to its place. */
export function sealed(key: Uint8Array, plain: Uint8Array, about: string): Uint8Array {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(Buffer.from(about));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** Throws where the key, the place, or the text is another. */
export function opened(key: Uint8Array, text: Uint8Array, about: string): Uint8Array {
  const decipher = createDecipheriv("aes-256-gcm", key, text.subarray(0, IV_BYTES));
  decipher.setAAD(Buffer.from(about));
  decipher.setAuthTag(text.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(text.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}

/** A text that stands for another without showing it: the same under the same key. */
export const digest = (key: Uint8Array, text: string): string =>
  createHmac("sha256", key).update(text).digest("base64url");
