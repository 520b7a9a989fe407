import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsCredentialIdentity } from "./aws-credentials.ts";

/** Who signs in, and to which cache. */
export interface ElastiCacheIdentity {
  readonly region: string;
  /** The cache's own name, not its host. In lower case, as ElastiCache keeps it. */
  readonly replicationGroupId: string;
  /** The user's id, which is its name as well where it signs in by IAM. */
  readonly userId: string;
}

/** How long a token can be signed in with; ElastiCache takes no more. */
const validSeconds = 900;

/**
 * The password that ElastiCache takes for 15 minutes after `now`: the address of a presigned request, without its scheme.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 */
export async function elastiCacheToken(
  { region, replicationGroupId, userId }: ElastiCacheIdentity,
  credentials: AwsCredentialIdentity,
  now: Date,
): Promise<string> {
  const signer = new SignatureV4({ service: "elasticache", region, credentials, sha256: Sha256 });
  const host = replicationGroupId.toLowerCase();
  const { query = {} } = await signer.presign(
    {
      method: "GET",
      protocol: "http:",
      hostname: host,
      path: "/",
      headers: { host },
      query: { Action: "connect", User: userId },
    },
    { expiresIn: validSeconds, signingDate: now },
  );
  const parameters = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(String(value))}`);
  return `${host}/?${parameters.join("&")}`;
}

/** RFC 3986, as signatures are made: what encodeURIComponent leaves is encoded too. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
