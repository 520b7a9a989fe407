import { UNKNOWN, type Json, type Sent } from "../test/analyzer.ts";
import { TAGS as tags, type Case } from "../test/case.ts";

const rule = "s3-bucket-not-public";

const CLOSED = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };

const bucket = (props: Sent["props"] = {}): Sent => ({
  type: "aws:s3/bucket:Bucket",
  name: "media",
  props: { bucket: "media-1a2b3c4", tags, ...props },
});
const block = (props: Sent["props"], references: Sent["references"] = {}): Sent => ({
  type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  name: "media-block",
  props,
  references,
});
const acl = (props: Sent["props"]): Sent => ({ type: "aws:s3/bucketAcl:BucketAcl", props });
const policy = (document: Json): Sent => ({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  props: { bucket: "media-1a2b3c4", policy: document },
});
const allow = (statement: Record<string, Json>): Sent =>
  policy(
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", ...statement }] }),
  );

export const cases: readonly Case[] = [
  { rule, when: "a block closes all four", given: block({ bucket: "b", ...CLOSED }), result: "passes" },
  {
    rule,
    when: "a flag is false",
    given: block({ ...CLOSED, blockPublicPolicy: false }),
    result: [/^.*\nblockPublicPolicy: it is false\..*Fix: set blockPublicPolicy: true\.$/],
  },
  {
    rule,
    when: "flags are absent",
    given: block({ blockPublicAcls: true, blockPublicPolicy: true }),
    result: [/ignorePublicAcls: it is not set/, /restrictPublicBuckets: it is not set/],
  },
  {
    rule,
    when: "a flag is the text of a boolean",
    given: block({ ...CLOSED, blockPublicAcls: "true" }),
    result: "passes",
  },
  {
    rule,
    when: "a flag is unknown",
    given: block({ ...CLOSED, blockPublicAcls: UNKNOWN }),
    result: [/blockPublicAcls: its value is not known at preview/],
  },

  { rule, when: "the ACL is private", given: acl({ acl: "private" }), result: "passes" },
  {
    rule,
    when: "the ACL lets anyone read",
    given: acl({ acl: "public-read" }),
    result: [/acl: "public-read" gives strangers access/],
  },
  {
    rule,
    when: "the ACL lets any AWS account read",
    given: acl({ acl: "authenticated-read" }),
    result: [/authenticated-read/],
  },
  { rule, when: "the ACL is unknown", given: acl({ acl: UNKNOWN }), result: [/acl: its value is not known/] },
  {
    rule,
    when: "a bucket's own ACL is public",
    given: bucket({ acl: "public-read-write" }),
    result: [/public-read-write/],
  },
  {
    rule,
    when: "a grant is to everyone",
    given: acl({
      accessControlPolicy: {
        grants: [
          { grantee: { type: "Group", uri: "http://acs.amazonaws.com/groups/global/AllUsers" }, permission: "READ" },
        ],
        owner: { id: UNKNOWN },
      },
    }),
    result: [/accessControlPolicy\.grants\[0\]\.grantee\.uri: it grants access to everyone/],
  },
  {
    rule,
    when: "a grant is to one account that is unknown",
    given: acl({
      accessControlPolicy: { grants: [{ grantee: { type: "CanonicalUser", id: UNKNOWN }, permission: "READ" }] },
    }),
    result: "passes",
  },
  {
    rule,
    when: "a bucket's own grant is to log delivery",
    given: bucket({
      grants: [{ type: "Group", uri: "http://acs.amazonaws.com/groups/s3/LogDelivery", permissions: ["WRITE"] }],
    }),
    result: "passes",
  },
  {
    rule,
    when: "a bucket's own grant is to every AWS account",
    given: bucket({
      grants: [
        { type: "Group", uri: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers", permissions: ["READ"] },
      ],
    }),
    result: [/grants\[0\]\.uri/],
  },

  {
    rule,
    when: "a policy allows CloudFront for one distribution",
    given: allow({
      Principal: { Service: "cloudfront.amazonaws.com" },
      Condition: { StringEquals: { "AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE" } },
    }),
    result: "passes",
  },
  {
    rule,
    when: "a policy denies everyone without TLS",
    given: policy(
      JSON.stringify({
        Statement: {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      }),
    ),
    result: "passes",
  },
  {
    rule,
    when: "a policy allows *",
    given: allow({ Sid: "Read", Principal: "*" }),
    result: [/policy: Read allows every principal/],
  },
  {
    rule,
    when: "a policy allows AWS: [*]",
    given: allow({ Principal: { AWS: ["arn:aws:iam::111122223333:root", "*"] } }),
    result: [/policy: statement 1 allows every principal/],
  },
  {
    rule,
    when: "a policy allows all but one",
    given: allow({ NotPrincipal: { AWS: "arn:aws:iam::111122223333:root" } }),
    result: [/allows every principal/],
  },
  {
    rule,
    when: "a policy allows * of the organisation",
    given: allow({ Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": ["o-abc1234567"] } } }),
    result: "passes",
  },
  {
    rule,
    when: "a condition holds where its key is absent",
    given: allow({ Principal: "*", Condition: { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-abc1234567" } } }),
    result: [/allows every principal/],
  },
  {
    rule,
    when: "a condition pins any address",
    given: allow({ Principal: "*", Condition: { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0"] } } }),
    result: [/allows every principal/],
  },
  {
    rule,
    when: "a policy is an object",
    given: policy({ Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "s3:GetObject" }] }),
    result: [/allows every principal/],
  },
  {
    rule,
    when: "a bucket's own policy is public",
    given: bucket({ policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "*" }] }) }),
    result: [/allows every principal/],
  },
  { rule, when: "a policy is unknown", given: policy(UNKNOWN), result: "waits" },
  {
    rule,
    when: "a policy names an unknown resource",
    given: policy({ Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: UNKNOWN }] }),
    result: [/allows every principal/],
  },
  {
    rule,
    when: "a statement's principal is unknown and another's is everyone",
    given: policy({
      Statement: [
        { Effect: "Allow", Principal: { AWS: UNKNOWN } },
        { Effect: "Allow", Principal: "*" },
      ],
    }),
    result: [/statement 2 allows every principal/],
  },

  {
    rule,
    when: "a block names the bucket",
    given: [bucket({ id: "media-1a2b3c4" }), block({ bucket: "media-1a2b3c4", ...CLOSED })],
    result: "passes",
  },
  {
    rule,
    when: "a block refers to a bucket whose name is unknown",
    given: [bucket({ bucket: UNKNOWN }), block({ bucket: UNKNOWN, ...CLOSED }, { bucket: ["media"] })],
    result: "passes",
  },
  {
    rule,
    when: "no block exists",
    given: [bucket()],
    result: [/bucket: nothing blocks public access to "media".*Fix: add an aws\.s3\.BucketPublicAccessBlock/],
  },
  {
    rule,
    when: "the block is another bucket's",
    given: [bucket(), block({ bucket: "other-5d6e7f8", ...CLOSED })],
    result: [/nothing blocks public access to "media"/],
  },
  {
    rule,
    when: "both names are unknown and the block refers elsewhere",
    given: [bucket({ bucket: UNKNOWN }), block({ bucket: UNKNOWN, ...CLOSED }, { bucket: ["other"] })],
    result: [/nothing blocks public access/],
  },
];
