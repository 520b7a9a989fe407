import type { UsageName } from "../../usage.ts";
import { type CostResource, type Entries, free, type Part, priced, type World } from "../entry.ts";
import { shareAmong, shareOf } from "../share.ts";

const bucket = "aws:s3/bucket:Bucket";
const setting = free("A setting of the bucket.");

/** Amazon S3. Its GB is 2^30 bytes, as is CloudFront's. */
export const storage: Entries = {
  [bucket]: priced(bucketParts),
  "aws:s3/bucketV2:BucketV2": priced(bucketParts),
  "aws:s3/bucketObject:BucketObject": free("Charged by the bucket that stores it."),
  "aws:s3/bucketObjectv2:BucketObjectv2": free("Charged by the bucket that stores it."),
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": free("A setting of the account."),
  "aws:s3/bucketAcl:BucketAcl": setting,
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": setting,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting,
  "aws:s3/bucketLogging:BucketLogging": setting,
  "aws:s3/bucketNotification:BucketNotification": setting,
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": setting,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": setting,
  "aws:s3/bucketPolicy:BucketPolicy": setting,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting,
  "aws:s3/bucketVersioning:BucketVersioning": setting,
};

/** What a bucket is for, by how its name ends in the program. */
const purposes: readonly (readonly [ending: string, stored: UsageName])[] = [
  ["media-objects", "mediaStorageGb"],
  ["edge-logs", "accessLogStorageGb"],
  ["account-audit-records", "auditStorageGb"],
  ["database-logs-archive", "databaseLogStorageGb"],
];

const purposeOf = ({ name }: CostResource): UsageName =>
  purposes.find(([ending]) => name.endsWith(ending))?.[1] ?? "otherStorageGb";

function bucketParts(one: CostResource, world: World): readonly Part[] {
  const stored = purposeOf(one);
  const alike = world.ofType(one.type).filter((other) => purposeOf(other) === stored).length;
  return [
    { price: "s3-standard-storage", ...shareOf(world.usage[stored], alike) },
    { price: "s3-write-requests", ...shareAmong(world.usage.storageWrites, one, world, 1000) },
    { price: "s3-read-requests", ...shareAmong(world.usage.storageReads, one, world, 1000) },
  ];
}
