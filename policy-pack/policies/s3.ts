import type { Finding, Resource, Rule, Violation } from "../support/rule.ts";
import { isPublic, statementsOf } from "../support/policy-document.ts";
import { at } from "../support/property.ts";
import { refersTo, type Stack } from "../support/stack.ts";
import { Unknown, isList, type Plain } from "../support/unknown.ts";

const BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
const ACLS = ["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2"];
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
const PUBLIC_CANNED_ACLS: ReadonlySet<string> = new Set(["public-read", "public-read-write", "authenticated-read"]);
const PUBLIC_GROUPS = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

/** Flags that are absent count as false, as S3 reads them. */
export function openFlags({ props }: Resource): readonly Finding[] {
  return FLAGS.flatMap((flag): readonly Finding[] => {
    const value = props[flag];
    if (value instanceof Unknown) return [{ property: flag, unknown: value }];
    if (value === true || value === "true") return [];
    return [{ property: flag, wrong: value === undefined ? "it is not set" : "it is false", fix: `set ${flag}: true` }];
  });
}

/** Canned ACLs and grants to everyone, of a bucket or of its split ACL resource. */
export function publicAcls({ props }: Resource): readonly Finding[] {
  const grants = [
    ...entries(props["grants"]).map((grant, index) => [`grants[${String(index)}].uri`, at(grant, "uri")] as const),
    ...entries(at(props["accessControlPolicy"], "grants")).map(
      (grant, index) =>
        [`accessControlPolicy.grants[${String(index)}].grantee.uri`, at(at(grant, "grantee"), "uri")] as const,
    ),
  ];
  return [
    ...acl(props["acl"]),
    ...grants.flatMap(([property, uri]): readonly Finding[] => {
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

/** Statements that allow anyone, of a bucket's inline policy or of its split policy resource. */
export function publicStatements({ props }: Resource): readonly Finding[] {
  return (statementsOf(props["policy"]) ?? []).flatMap((statement): readonly Finding[] => {
    if (statement instanceof Unknown) return [{ property: "policy", unknown: statement }];
    if (!isPublic(statement)) return [];
    return [
      {
        property: "policy",
        wrong: `${statement.id} allows every principal`,
        fix: "name the principal (for CloudFront: Service cloudfront.amazonaws.com with aws:SourceArn), or remove it",
      },
    ];
  });
}

/** Buckets that no public access block refers to. */
export function unblockedBuckets(stack: Stack): readonly Violation[] {
  const blocks = stack.ofType([BLOCK]);
  return stack
    .ofType(BUCKETS)
    .filter((bucket) => !blocks.some((block) => refersTo(block, "bucket", bucket)))
    .map((bucket) => ({
      urn: bucket.urn,
      property: "bucket",
      wrong: `nothing blocks public access to "${bucket.name}"`,
      fix: `add an aws.s3.BucketPublicAccessBlock for it with ${FLAGS.map((flag) => `${flag}: true`).join(", ")}`,
    }));
}

const entries = (value: Plain): readonly Plain[] => (isList(value) ? value : value instanceof Unknown ? [value] : []);

export const rules: readonly Rule[] = [
  {
    name: "s3-bucket-not-public",
    description: "No S3 bucket can be read or written by the public.",
    why: "Public buckets are how private files leak, and CloudFront serves what the public may see without one.",
    severity: "critical",
    level: "mandatory",
    standards: ["FSBP S3.2", "FSBP S3.3", "FSBP S3.8", "CIS 3.1.4", "CKV2_AWS_6", "CKV_AWS_70", "CKV_AWS_20"],
    resources: [
      { types: [BLOCK], unknown: "refuse", find: openFlags },
      { types: [...BUCKETS, ...ACLS], unknown: "refuse", find: publicAcls },
      // A policy names its bucket's ARN, so that it is rarely known at preview; up checks it before it exists.
      { types: [...BUCKETS, POLICY], unknown: "defer", find: publicStatements },
    ],
    stack: unblockedBuckets,
  },
];
