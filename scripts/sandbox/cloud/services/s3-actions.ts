/** Actions on an object and on its versions. Source: "Actions, resources, and condition keys for Amazon S3". */
const OF_OBJECTS =
  "Object ObjectAcl ObjectAttributes ObjectLegalHold ObjectRetention ObjectTagging ObjectTorrent ObjectVersion " +
  "ObjectVersionAcl ObjectVersionAttributes ObjectVersionForReplication ObjectVersionTagging ObjectVersionTorrent";

const CONFIGURATIONS =
  "Accelerate Analytics BucketAbac BucketMetadataTable Encryption IntelligentTiering Inventory Lifecycle Metrics " +
  "Replication";

const OF_BUCKETS =
  "Bucket BucketAbac BucketAcl BucketCORS BucketLocation BucketLogging BucketNotification BucketObjectLockConfiguration " +
  "BucketOwnershipControls BucketPolicy BucketPolicyStatus BucketPublicAccessBlock BucketRequestPayment BucketTagging " +
  "BucketVersioning BucketWebsite";

const OTHERS =
  "AbortMultipartUpload BypassGovernanceRetention CreateBucket DescribeJob GetDataAccess InitiateReplication " +
  "ListAllMyBuckets ListBucket ListBucketMultipartUploads ListBucketVersions ListMultipartUploadParts " +
  "ObjectOwnerOverrideToBucketOwner PauseReplication ReplicateDelete ReplicateObject ReplicateTags RestoreObject";

const crossed = (verbs: string, things: readonly string[]): string[] =>
  verbs.split(" ").flatMap((verb) => things.map((thing) => `${verb}${thing}`));

const ACTIONS = new Set(
  [
    ...crossed("Get Put Delete", OF_OBJECTS.split(" ")),
    ...crossed("Get Put Delete", OF_BUCKETS.split(" ")),
    ...crossed(
      "Get Put Delete",
      CONFIGURATIONS.split(" ").map((name) => `${name}Configuration`),
    ),
    ...OTHERS.split(" "),
  ].map((action) => action.toLowerCase()),
);

/** Whether S3 has the action of a bucket policy; a wildcard it takes as it is. */
export const isAction = (action: string): boolean =>
  /[*?]/.test(action) || !/^s3:/i.test(action) || ACTIONS.has(action.slice("s3:".length).toLowerCase());
