import { lacking } from "../../support/data/buckets.ts";
import { notPublic } from "../../support/iam/public-policy.ts";
import { described, expects, isTrue, locate, oneOf, orAbsent } from "../../support/property.ts";
import type { Finding, Remedy, Resource, Rule } from "../../support/rule.ts";
import { BUCKETS } from "../../support/tokens.ts";
import { Unknown, type Plain } from "../../support/unknown.ts";

const ACLS = ["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2"];
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

const OBJECTS = [
  "aws:s3/bucketObject:BucketObject",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:s3/objectCopy:ObjectCopy",
];
const OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";
const ACCESS_POINT = "aws:s3/accessPoint:AccessPoint";
const ACCESS_POINT_POLICY = "aws:s3control/accessPointPolicy:AccessPointPolicy";
const MULTI_REGION = "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint";

export const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
const PUBLIC_CANNED_ACLS: ReadonlySet<string> = new Set(["public-read", "public-read-write", "authenticated-read"]);
const PUBLIC_GROUPS = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

/** Flags that are absent count as false, as S3 reads them. */
export function openFlags({ props }: Resource): readonly Finding[] {
  return FLAGS.flatMap((flag): readonly Finding[] => {
    const value = props[flag];
    if (value instanceof Unknown) return [{ property: flag, unknown: value }];
    return isTrue.is(value) ? [] : [{ property: flag, wrong: described(value), fix: `set ${flag}: true` }];
  });
}

/** Sets the flags that are not. */
export const closeFlags = ({ props }: Resource): readonly Remedy[] =>
  FLAGS.filter((flag) => !isTrue.is(props[flag])).map((flag) => ({ path: [flag], value: true }));

/** Canned ACLs and grants to everyone, of a bucket or of its split ACL resource. */
function publicAcls({ props }: Resource): readonly Finding[] {
  const grants = [...locate(props, "grants[].uri"), ...locate(props, "accessControlPolicy.grants[].grantee.uri")];
  return [
    ...acl(props["acl"]),
    ...grants.flatMap(({ property, value: uri }): readonly Finding[] => {
      if (uri instanceof Unknown) return [{ property, unknown: uri }];
      if (typeof uri !== "string" || !PUBLIC_GROUPS.test(uri)) return [];
      return [{ property, wrong: `it grants access to everyone (${uri})`, fix: "remove this grant" }];
    }),
  ];
}

function acl(value: Plain): readonly Finding[] {
  if (value instanceof Unknown) return [{ property: "acl", unknown: value }];
  if (typeof value !== "string" || !PUBLIC_CANNED_ACLS.has(value)) return [];
  return [{ property: "acl", wrong: `"${value}" gives strangers access`, fix: 'set acl: "private", or remove it' }];
}

/** Of a bucket's inline policy, or of its split policy resource. */
const publicStatements = notPublic(
  "policy",
  "name the principal (for CloudFront: Service cloudfront.amazonaws.com with aws:SourceArn), or remove it",
);

/** Flags of an access point, which the service takes as true where they are absent. */
const openAccessPoint = (path: string): readonly ReturnType<typeof expects>[] =>
  FLAGS.map((flag) => expects(`${path}.${flag}`, orAbsent(isTrue), `set ${path}.${flag}: true, or remove it`));

/** ACLs to a bucket's own inputs: with ACLs off, S3 refuses all but the owner's. */
function ownGrants({ props }: Resource): readonly Finding[] {
  return locate(props, "grants[]").map(({ property, value }): Finding =>
    value instanceof Unknown
      ? { property, unknown: value }
      : { property, wrong: "it gives access by an ACL", fix: "remove it, and allow the principal in a bucket policy" },
  );
}

export const rules: readonly Rule[] = [
  {
    name: "s3-bucket-not-public",
    description: "No S3 bucket can be read or written by the public.",
    why: "Public buckets are how private files leak, and CloudFront serves what the public may see without one.",
    severity: "critical",
    level: "mandatory",
    standards: [
      ...["FSBP S3.2", "FSBP S3.3", "FSBP S3.8", "CIS 3.1.4", "CKV_AWS_20", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55"],
      ...["CKV_AWS_56", "CKV_AWS_57", "CKV_AWS_70", "CKV_AWS_375", "CKV2_AWS_6", "CKV2_AWS_43", "AwsSolutions-S2"],
      ...["AwsSolutions-S5", "AWS-0086", "AWS-0087", "AWS-0091", "AWS-0092", "AWS-0093", "AWS-0094"],
      ...[
        "Prowler s3_bucket_level_public_access_block",
        "Prowler s3_bucket_public_list_acl",
        "Prowler s3_bucket_public_write_acl",
        "Prowler s3_bucket_policy_public_write_access",
      ],
      ...["compliance-policies"],
    ],
    resources: [
      { types: [BLOCK], unknown: "refuse", find: openFlags },
      { types: [...BUCKETS, ...ACLS, ...OBJECTS], unknown: "refuse", find: publicAcls },
      // A policy names its bucket's ARN, so that it is rarely known at preview; up checks it before it exists.
      { types: [...BUCKETS, POLICY], unknown: "defer", find: publicStatements },
    ],
    stack: lacking(
      { types: [BLOCK], inline: [] },
      "blocks public access to",
      `add an aws.s3.BucketPublicAccessBlock for it with ${FLAGS.map((flag) => `${flag}: true`).join(", ")}`,
    ),
    remedy: (resource) => (resource.type === BLOCK ? closeFlags(resource) : []),
  },
  {
    name: "s3-access-point-not-public",
    description: "No S3 access point opens a bucket to the public.",
    why: "An access point is a second door to a bucket, with a policy and a public access block of its own.",
    severity: "critical",
    level: "mandatory",
    standards: ["FSBP S3.19", "FSBP S3.24"],
    resources: [
      ...openAccessPoint("publicAccessBlockConfiguration").map((find) => ({
        types: [ACCESS_POINT],
        unknown: "refuse" as const,
        find,
      })),
      ...openAccessPoint("details.publicAccessBlock").map((find) => ({
        types: [MULTI_REGION],
        unknown: "refuse" as const,
        find,
      })),
      { types: [ACCESS_POINT, ACCESS_POINT_POLICY], unknown: "defer", find: publicStatements },
    ],
  },
  {
    name: "s3-acls-disabled",
    description: "Access to an S3 bucket is given by policies alone: its ACLs are off.",
    why: "ACLs give access object by object, where no policy and no review sees it.",
    severity: "medium",
    level: "mandatory",
    standards: ["FSBP S3.12", "CKV2_AWS_65", "Prowler s3_bucket_acl_prohibited"],
    resources: [
      {
        types: [OWNERSHIP],
        unknown: "refuse",
        find: expects(
          "rule.objectOwnership",
          oneOf("BucketOwnerEnforced"),
          'set rule.objectOwnership: "BucketOwnerEnforced"',
        ),
      },
      { types: BUCKETS, unknown: "refuse", find: ownGrants },
    ],
    // New buckets start without ACLs, but one whose controls are deleted falls back to ACLs that count.
    stack: lacking(
      { types: [OWNERSHIP], inline: [] },
      "switches ACLs off for",
      'add an aws.s3.BucketOwnershipControls for it with rule.objectOwnership: "BucketOwnerEnforced"',
    ),
  },
];
