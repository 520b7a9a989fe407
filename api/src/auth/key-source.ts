import { readFile } from "node:fs/promises";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { JSONWebKeySet } from "jose";
import type { Environment } from "../environment.ts";
import { parseKeySet } from "./key-set.ts";
import { type KeyRing, publicKeyRing, sharedKeyRing } from "./key-ring.ts";

/** Where the keys of access tokens come from. */
export interface KeySource {
  /** For the log. */
  readonly name: string;
  /** What tokens may be signed with: a shared key never checks what a public key should, nor the reverse. */
  readonly algorithms: readonly string[];
  readonly read: (signal: AbortSignal) => Promise<KeyRing>;
  close(): void;
}

const shared = ["HS256"];
const asymmetric = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"];

/** A key set of a hundred keys stays below it. */
const maxBytes = 128 * 1024;

export type KeyEnvironment = Pick<Environment, "JWT_KEYS_SECRET_ARN" | "JWT_JWKS_URL" | "JWT_KEYS_FILE" | "AWS_REGION">;

/** The one that the environment names; undefined where it names none. */
export function keySourceOf(environment: KeyEnvironment): KeySource | undefined {
  const { JWT_KEYS_SECRET_ARN: arn, JWT_JWKS_URL: url, JWT_KEYS_FILE: file, AWS_REGION: region } = environment;
  if (arn !== undefined && region !== undefined) return secretKeys(arn, region);
  if (url !== undefined) return publicKeys(url);
  return file === undefined ? undefined : fileKeys(file);
}

function secretKeys(SecretId: string, region: string): KeySource {
  let connection:
    Promise<{ client: SecretsManagerClient; value: (signal: AbortSignal) => Promise<string> }> | undefined;
  /** The SDK is loaded once it is needed. */
  const connect = async () => {
    const { GetSecretValueCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
    const client = new SecretsManagerClient({ region, maxAttempts: 2 });
    const value = async (abortSignal: AbortSignal) =>
      (await client.send(new GetSecretValueCommand({ SecretId }), { abortSignal })).SecretString ?? "";
    return { client, value };
  };
  return {
    name: "the secret with the keys of access tokens",
    algorithms: shared,
    async read(signal) {
      const { value } = await (connection ??= connect());
      return sharedKeyRing(parseKeySet(await value(signal)));
    },
    close() {
      connection?.then(({ client }) => client.destroy()).catch(() => undefined);
    },
  };
}

const fileKeys = (file: string): KeySource => ({
  name: `the file ${file} with the keys of access tokens`,
  algorithms: shared,
  read: async (signal) => sharedKeyRing(parseKeySet(await readFile(file, { encoding: "utf8", signal }))),
  close: () => undefined,
});

const publicKeys = (url: string): KeySource => ({
  name: `the key set at ${url}`,
  algorithms: asymmetric,
  async read(signal) {
    const response = await fetch(url, { signal, redirect: "error", headers: { accept: "application/json" } });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`the key set was answered with status ${response.status}`);
    }
    const text = await response.text();
    if (text.length > maxBytes) throw new Error(`the key set has more than ${maxBytes} bytes`);
    return publicKeyRing(JSON.parse(text) as JSONWebKeySet);
  },
  close: () => undefined,
});
