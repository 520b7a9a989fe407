import type { S3Client } from "@aws-sdk/client-s3";
import { type AwsCredentials, createAwsCredentials } from "../dependencies/aws-credentials.ts";
import { formSeconds, type UploadType } from "./upload-rules.ts";

export interface UploadFormOptions {
  readonly bucket: string;
  readonly region: string;
  /** Default: those of the task's role, or of whoever is signed in on a machine. */
  readonly credentials?: AwsCredentials;
  /** Default: S3 in the region. */
  readonly endpoint?: string;
}

/** What may be uploaded, and as what. */
export interface Upload {
  readonly key: string;
  readonly contentType: UploadType;
  readonly maxBytes: number;
}

export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

/** Signs a form that S3 takes by itself. Rejects where there are no credentials. Asks S3 nothing. */
export type SignUpload = (upload: Upload) => Promise<UploadForm>;

/** The SDK is loaded at the first upload: no other route needs it. */
export function createSignUpload({
  bucket,
  region,
  credentials = createAwsCredentials(),
  endpoint,
}: UploadFormOptions): SignUpload {
  let client: S3Client | undefined;
  return async ({ key, contentType, maxBytes }) => {
    const [{ S3Client }, { createPresignedPost }] = await Promise.all([
      import("@aws-sdk/client-s3"),
      import("@aws-sdk/s3-presigned-post"),
    ]);
    client ??= new S3Client({ region, credentials, ...(endpoint !== undefined && { endpoint, forcePathStyle: true }) });
    const { url, fields } = await createPresignedPost(client, {
      Bucket: bucket,
      Key: key,
      Expires: formSeconds,
      // Each field becomes a condition of the policy by itself; the size is no field.
      Fields: { "Content-Type": contentType, success_action_status: "201" },
      Conditions: [["content-length-range", 1, maxBytes]],
    });
    return { url, fields, expiresAt: expiryOf(fields["Policy"]) };
  };
}

/** As it is signed, which the clock of a moment later would not give. */
function expiryOf(policy = ""): string {
  const { expiration } = JSON.parse(Buffer.from(policy, "base64").toString("utf8")) as { readonly expiration: string };
  return expiration;
}
