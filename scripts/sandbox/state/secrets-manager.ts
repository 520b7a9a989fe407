/** Encrypts and decrypts one text, in the form of Pulumi's passphrase provider. */
export interface SecretsManager {
  readonly type: "passphrase";
  /** `{ salt }`, as the deployment's secrets_providers.state holds it. */
  readonly state: Readonly<Record<string, string>>;
  encrypt(plaintext: string): string;
  /** Throws where the text was encrypted under another passphrase. */
  decrypt(ciphertext: string): string;
}
