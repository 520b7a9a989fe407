import { createCipheriv, createDecipheriv, pbkdf2, randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import type { SecretsManager } from "./secrets-manager.ts";
import { UserError } from "../user-error.ts";

// Pulumi's passphrase secrets provider: PBKDF2-HMAC-SHA256 and AES-256-GCM, the tag after the ciphertext.
const ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const SALT_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What the salt carries encrypted, so that a wrong passphrase shows at once. */
const VERIFIER = "pulumi";

const derive = promisify(pbkdf2);
const derived = new Map<string, Promise<Buffer>>();

/** Derivation takes 0.15 s or more of a thread: once per passphrase and salt. */
function keyOf(passphrase: string, salt: Buffer): Promise<Buffer> {
  const name = `${salt.toString("base64")}:${passphrase}`;
  const known = derived.get(name);
  if (known !== undefined) return known;
  const key = derive(passphrase, salt, ITERATIONS, KEY_BYTES, "sha256");
  derived.set(name, key);
  return key;
}

function encryptWith(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function decryptWith(key: Buffer, ciphertext: string): string {
  const [version, nonce, text, ...rest] = ciphertext.split(":");
  if (version !== "v1" || nonce === undefined || text === undefined || rest.length > 0)
    throw new UserError("a secret is not in the form `v1:NONCE:CIPHERTEXT` of Pulumi's passphrase provider");
  const sealed = Buffer.from(text, "base64");
  const nonceBytes = Buffer.from(nonce, "base64");
  if (nonceBytes.length !== NONCE_BYTES || sealed.length < TAG_BYTES) throw new UserError("a secret is cut short");
  const decipher = createDecipheriv("aes-256-gcm", key, nonceBytes, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
  } catch {
    throw new UserError("a secret was encrypted under another passphrase, or is damaged");
  }
}

/** A new salt for a stack that has none. */
export async function newSecrets(passphrase: string): Promise<SecretsManager> {
  const salt = randomBytes(SALT_BYTES);
  const key = await keyOf(passphrase, salt);
  return manager(key, `v1:${salt.toString("base64")}:${encryptWith(key, VERIFIER)}`);
}

/**
 * The secrets of a stack that has a salt, `v1:SALT:v1:NONCE:CIPHERTEXT`. `source` is the file that holds it.
 * Throws a UserError where the passphrase is another one.
 */
export async function openSecrets(passphrase: string, salt: string, source: string): Promise<SecretsManager> {
  const [version, text, ...verifier] = salt.split(":");
  const bytes = Buffer.from(text ?? "", "base64");
  if (version !== "v1" || bytes.length !== SALT_BYTES || verifier.length !== 3)
    throw new UserError(`${source}: the encryption salt is not in the form \`v1:SALT:v1:NONCE:CIPHERTEXT\``);
  const key = await keyOf(passphrase, bytes);
  if (!isRightKey(key, verifier.join(":")))
    throw new UserError(
      `${source} was encrypted under another passphrase: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to that one`,
    );
  return manager(key, salt);
}

function isRightKey(key: Buffer, verifier: string): boolean {
  try {
    return decryptWith(key, verifier) === VERIFIER;
  } catch {
    return false;
  }
}

/** The same plaintext always gives the same ciphertext, also one that was read: a state that is unchanged stays so. */
function manager(key: Buffer, salt: string): SecretsManager {
  const sealed = new Map<string, string>();
  return {
    type: "passphrase",
    state: { salt },
    encrypt: (plaintext) => {
      const known = sealed.get(plaintext);
      if (known !== undefined) return known;
      const ciphertext = encryptWith(key, plaintext);
      sealed.set(plaintext, ciphertext);
      return ciphertext;
    },
    decrypt: (ciphertext) => {
      const plaintext = decryptWith(key, ciphertext);
      if (!sealed.has(plaintext)) sealed.set(plaintext, ciphertext);
      return plaintext;
    },
  };
}

/** The key (32 bytes) under which the sandbox's cloud keeps what it holds. */
export function cloudKey(passphrase: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase, "groundwork sandbox cloud", KEY_BYTES, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
