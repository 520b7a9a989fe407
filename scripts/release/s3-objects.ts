import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { UserError } from "../sandbox/user-error.ts";
import type { ObjectStore } from "./objects.ts";

/**
 * Another was faster: 412 where the condition does not hold, 409 where both wrote at the same time, 404 where what was to
 * be replaced is gone (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
 */
const LOST: readonly number[] = [404, 409, 412];

/** A bucket with conditional writes: `If-None-Match` for what is new, `If-Match` for what is replaced. */
export function s3Objects(client: S3Client, bucket: string): ObjectStore {
  return {
    place: `s3://${bucket}`,
    async get(key) {
      try {
        const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        if (Body === undefined || ETag === undefined) throw new UserError(`s3://${bucket}/${key} came without a body`);
        return { text: await Body.transformToString(), tag: ETag };
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw explained(error, bucket);
      }
    },
    async put(key, text, over) {
      const condition = over === undefined ? { IfNoneMatch: "*" } : { IfMatch: over };
      try {
        const { ETag } = await client.send(
          new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: "application/json", ...condition }),
        );
        return ETag;
      } catch (error) {
        if (error instanceof S3ServiceException && LOST.includes(error.$metadata.httpStatusCode ?? 0)) return undefined;
        throw explained(error, bucket);
      }
    },
    async keys(prefix) {
      const keys: string[] = [];
      let token: string | undefined;
      try {
        do {
          const page = await client.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: prefix,
              ...(token !== undefined && { ContinuationToken: token }),
            }),
          );
          keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
          token = page.NextContinuationToken;
        } while (token !== undefined);
      } catch (error) {
        throw explained(error, bucket);
      }
      return keys.sort();
    },
  };
}

/** What the user can put right, in one line; a fault of the program stays what it is. */
function explained(error: unknown, bucket: string): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === "CredentialsProviderError")
    return new UserError("there are no AWS credentials: log in, and name the profile with AWS_PROFILE=...");
  return error instanceof S3ServiceException
    ? new UserError(`the release records in s3://${bucket} cannot be used: AWS says ${error.name}: ${error.message}`)
    : error;
}
