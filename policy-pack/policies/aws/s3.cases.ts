import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, casesOf, type Case } from "../../test/case.ts";
import { text } from "../../test/sent/policy.ts";

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
const allow = (statement: Record<string, Json>): Sent => policy(text({ Action: "s3:GetObject", ...statement }));

const object = (props: Sent["props"]): Sent => ({ type: "aws:s3/bucketObjectv2:BucketObjectv2", props });
const accessPoint = (props: Sent["props"]): Sent => ({ type: "aws:s3/accessPoint:AccessPoint", props });
const multiRegion = (publicAccessBlock: Json | undefined): Sent => ({
  type: "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint",
  props: { details: { name: "media", regions: [], ...(publicAccessBlock === undefined ? {} : { publicAccessBlock }) } },
});
const ownership = (objectOwnership: Json, more: Partial<Sent> = {}): Sent => ({
  type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  props: { bucket: "media-1a2b3c4", rule: { objectOwnership } },
  ...more,
});

export const cases: readonly Case[] = [
  {
    rule,
    when: "the only grant is no list",
    given: bucket({ grants: { uri: "http://acs.amazonaws.com/groups/global/AllUsers" } }),
    result: [/grants\.uri: it grants access to everyone/],
  },
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
    given: bucket({ policy: text({ Principal: "*", Action: "*" }) }),
    result: [/allows every principal/],
  },
  {
    rule,
    when: "there is no policy at all, which the provider refuses itself",
    given: { type: "aws:s3/bucketPolicy:BucketPolicy", props: { bucket: "media-1a2b3c4" } },
    result: "passes",
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
  {
    rule,
    when: "an object is public",
    given: object({ acl: "public-read", source: "x" }),
    result: [/acl: "public-read" gives strangers access/],
  },
  { rule, when: "an object has no ACL", given: object({ source: "x" }), result: "passes" },
  {
    rule,
    when: "the only block is an old type's",
    given: [{ ...bucket(), type: "aws:s3/bucketV2:BucketV2" }],
    result: [/nothing blocks public access/],
  },

  ...casesOf("s3-access-point-not-public", [
    ["an access point keeps the service's default", accessPoint({ bucket: "media" }), "passes"],
    [
      "an access point lets public policies in",
      accessPoint({ bucket: "media", publicAccessBlockConfiguration: { ...CLOSED, blockPublicPolicy: false } }),
      [/publicAccessBlockConfiguration\.blockPublicPolicy: it is false/],
    ],
    [
      "its block is unknown",
      accessPoint({ bucket: "media", publicAccessBlockConfiguration: { ...CLOSED, blockPublicPolicy: UNKNOWN } }),
      [/its value is not known/],
    ],
    [
      "its policy is public",
      accessPoint({ bucket: "media", policy: { Statement: [{ Effect: "Allow", Principal: "*", Action: "*" }] } }),
      [/policy: statement 1 allows every principal/],
    ],
    [
      "a policy of its own is unknown",
      { type: "aws:s3control/accessPointPolicy:AccessPointPolicy", props: { accessPointArn: "a", policy: UNKNOWN } },
      "waits",
    ],
    ["a multi-region access point is closed", multiRegion(CLOSED), "passes"],
    ["a multi-region access point keeps the service's default", multiRegion(undefined), "passes"],
    [
      "a multi-region access point is open",
      multiRegion({ ...CLOSED, restrictPublicBuckets: "false" }),
      [/details\.publicAccessBlock\.restrictPublicBuckets: it is "false"/],
    ],
  ]),

  ...casesOf("s3-acls-disabled", [
    ["the owner alone counts", ownership("BucketOwnerEnforced"), "passes"],
    ["the writer owns objects", ownership("ObjectWriter"), [/rule\.objectOwnership: it is "ObjectWriter"/]],
    ["ACLs still count", ownership("BucketOwnerPreferred"), [/Fix: set rule\.objectOwnership: "BucketOwnerEnforced"/]],
    ["it is unknown", ownership(UNKNOWN), [/rule\.objectOwnership: its value is not known/]],
    [
      "the rule is absent",
      { type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls", props: { bucket: "b" } },
      [/rule\.objectOwnership: it is not set/],
    ],
    [
      "a bucket grants by ACL",
      bucket({ grants: [{ type: "CanonicalUser", id: UNKNOWN, permissions: ["READ"] }] }),
      [/grants\[0\]: it gives access by an ACL/],
    ],
    ["a bucket grants nothing", bucket(), "passes"],
    ["controls name the bucket", [bucket(), ownership("BucketOwnerEnforced")], "passes"],
    [
      "controls refer to a bucket that is unknown yet",
      [
        bucket({ bucket: UNKNOWN }),
        ownership("BucketOwnerEnforced", {
          name: "media-controls",
          props: { bucket: UNKNOWN },
          references: { bucket: ["media"] },
        }),
      ],
      "passes",
    ],
    ["no controls exist", [bucket()], [/bucket: nothing switches ACLs off for "media"/]],
  ]),
];
