import { createHmac } from "node:crypto";
import type { FormPart } from "./multipart.ts";

/** Keys that sign, and that a test knows. */
export interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface PostPolicy {
  readonly expiration: string;
  readonly conditions: readonly (
    Readonly<Record<string, string>> | readonly [string, string | number, string | number]
  )[];
}

export const policyOf = (fields: Readonly<Record<string, string>>): PostPolicy =>
  JSON.parse(Buffer.from(fields["Policy"] ?? "", "base64").toString("utf8")) as PostPolicy;

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** AWS Signature Version 4 of a policy, from the scope that the form names. */
export function signatureOf(fields: Readonly<Record<string, string>>, { secretAccessKey }: SigningKeys): string {
  const [, date = "", region = "", service = "", end = ""] = (fields["X-Amz-Credential"] ?? "").split("/");
  const key = [date, region, service, end].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, fields["Policy"] ?? "").toString("hex");
}

/** Fields that a form may have without a condition, as S3's documentation of browser uploads has it. */
const free: ReadonlySet<string> = new Set(["policy", "x-amz-signature", "file"]);

/**
 * The code of the error that S3 answers a form with; undefined where it takes it. In the order of S3: signature, expiry,
 * conditions, size.
 */
export function refusalOf(
  parts: readonly FormPart[],
  bucket: string,
  keys: SigningKeys,
  now: Date,
): string | undefined {
  const entries = parts
    .filter(({ name }) => name !== "file")
    .map(({ name, content }) => [name, String(content)] as const);
  const fields: Readonly<Record<string, string>> = Object.fromEntries(entries);
  const file = parts.find(({ name }) => name === "file")?.content;
  // S3 ignores whatever follows the file.
  if (file === undefined || parts.at(-1)?.name !== "file") return "InvalidArgument";
  if (!(fields["X-Amz-Credential"] ?? "").startsWith(`${keys.accessKeyId}/`)) return "InvalidAccessKeyId";
  if (signatureOf(fields, keys) !== fields["X-Amz-Signature"]) return "SignatureDoesNotMatch";
  const { expiration, conditions } = policyOf(fields);
  if (now.getTime() >= Date.parse(expiration)) return "AccessDenied: expired";
  const sent = new Map([...entries.map(([name, value]) => [name.toLowerCase(), value] as const), ["bucket", bucket]]);
  const named = new Set<string>();
  for (const condition of conditions) {
    if (Array.isArray(condition)) {
      const [operator, least, most] = condition as readonly [string, number, number];
      if (operator !== "content-length-range") return `AccessDenied: ${operator} is not known here`;
      if (file.length < least) return "EntityTooSmall";
      if (file.length > most) return "EntityTooLarge";
    } else
      for (const [name, value] of Object.entries(condition)) {
        named.add(name.toLowerCase());
        if (sent.get(name.toLowerCase()) !== value) return `AccessDenied: ${name}`;
      }
  }
  const extra = [...sent.keys()].find((name) => !named.has(name) && !free.has(name));
  return extra === undefined ? undefined : `AccessDenied: extra ${extra}`;
}
