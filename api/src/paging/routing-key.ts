import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";

/** Gives the key, or undefined where nobody has put one in. */
export type ReadKey = () => Promise<string | undefined>;

export interface RoutingKey {
  readonly get: ReadKey;
  /** The next `get` reads it anew. */
  readonly forget: () => void;
}

export function keyInSecret(client: Pick<SecretsManagerClient, "send">, secretArn: string): ReadKey {
  return async () => {
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
      const key = SecretString?.trim();
      return key === "" ? undefined : key;
    } catch (error) {
      // A secret without a value has no current version.
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  };
}

/** Keeps a key for some time, and no missing one: it counts as soon as it is put in. */
export function cached(read: ReadKey, milliseconds: number, now: () => number = Date.now): RoutingKey {
  let kept: { readonly key: string; readonly until: number } | undefined;
  return {
    async get() {
      if (kept !== undefined && now() < kept.until) return kept.key;
      const key = await read();
      kept = key === undefined ? undefined : { key, until: now() + milliseconds };
      return key;
    },
    forget() {
      kept = undefined;
    },
  };
}
