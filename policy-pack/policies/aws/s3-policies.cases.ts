import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";
import { denyPlainHttp, text, type Statement } from "../../test/sent/policy.ts";

const ARN = "arn:aws:s3:::media-1a2b3c4";
const BOTH = [ARN, `${ARN}/*`];
const OWN = { allowedAccountIds: '["111122223333"]' };

const bucket = (props: Sent["props"] = {}, references: Sent["references"] = {}): Sent => ({
  type: "aws:s3/bucket:Bucket",
  name: "media",
  props: { bucket: "media-1a2b3c4", ...props },
  references,
});
const policy = (...statements: Statement[]): Sent => ({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  name: "media-policy",
  props: { bucket: "media-1a2b3c4", policy: text(...statements) },
  provider: OWN,
});
const asObject = (...statements: Json[]): Sent => ({
  ...policy(),
  props: { bucket: "media-1a2b3c4", policy: { Statement: statements } },
});
const unknown: Sent = { ...policy(), props: { bucket: "media-1a2b3c4", policy: UNKNOWN } };
/** The provider refuses it itself. */
const empty: Sent = { ...policy(), props: { bucket: "media-1a2b3c4" } };
const tlsOnly = (more: Statement = {}): Statement => ({ ...denyPlainHttp("s3:*", BOTH), ...more });
const allow = (Principal: Json, more: Statement = {}): Statement => ({
  Sid: "Read",
  Effect: "Allow",
  Principal,
  Action: "s3:GetObject",
  Resource: `${ARN}/*`,
  ...more,
});
const deny = (more: Statement): Statement => ({
  Sid: "Closed",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: BOTH,
  ...more,
});

export const cases: readonly Case[] = [
  ...casesOf("s3-bucket-denies-plain-http", [
    ["there is no policy at all", empty, [/policy: it lets requests come/]],
    ["one statement denies it", policy(tlsOnly()), "passes"],
    ["it says { AWS: * } and *", policy(tlsOnly({ Principal: { AWS: "*" }, Action: "*", Resource: "*" })), "passes"],
    ["two statements deny it", policy(tlsOnly({ Resource: ARN }), tlsOnly({ Resource: `${ARN}/*` })), "passes"],
    ["nothing denies it", policy(allow({ Service: "backup.amazonaws.com" })), [/policy: it lets requests come over/]],
    ["it is denied for objects alone", policy(tlsOnly({ Resource: `${ARN}/*` })), [/policy: it lets requests to list/]],
    ["it is denied for the bucket alone", policy(tlsOnly({ Resource: ARN })), [/policy: it lets requests for objects/]],
    ["it is denied for one account alone", policy(tlsOnly({ Principal: { AWS: "111122223333" } })), [/plain HTTP/]],
    ["it is denied for reading alone", policy(tlsOnly({ Action: "s3:GetObject" })), [/plain HTTP/]],
    [
      "it is denied on a second condition",
      policy(
        tlsOnly({
          Condition: {
            Bool: { "aws:SecureTransport": "false" },
            StringEquals: { "aws:PrincipalAccount": "111122223333" },
          },
        }),
      ),
      [/plain HTTP/],
    ],
    ["TLS is what it denies", policy(tlsOnly({ Condition: { Bool: { "aws:SecureTransport": "true" } } })), [/plain/]],
    ["the policy is unknown", unknown, "waits"],
    ["a statement's resource is unknown", asObject(tlsOnly({ Resource: UNKNOWN })), "waits"],
    ["an unknown statement stands beside it", asObject(allow({ AWS: UNKNOWN }), tlsOnly()), "passes"],
    ["a bucket's own policy does not deny it", bucket({ policy: "{}" }), [/policy: it lets requests come/]],
    ["a bucket leaves it to a policy of its own", bucket(), "passes"],
    ["a bucket has a policy", [bucket(), policy(tlsOnly())], "passes"],
    [
      "a policy refers to a bucket that is unknown yet",
      [bucket({ bucket: UNKNOWN }), { ...unknown, props: { bucket: UNKNOWN }, references: { bucket: ["media"] } }],
      "passes",
    ],
    ["a bucket has an inline policy", [bucket({ policy: "{}" }, { policy: [] })], "passes"],
    ["a bucket has none", [bucket({ policy: "" })], [/bucket: nothing refuses plain HTTP to "media"/]],
  ]),

  ...casesOf("s3-bucket-policy-own-accounts", [
    ["there is no policy at all", empty, "passes"],
    ["a service is let in", policy(allow({ Service: "cloudfront.amazonaws.com" })), "passes"],
    ["a role of the own account is let in", policy(allow({ AWS: "arn:aws:iam::111122223333:role/api" })), "passes"],
    [
      "another account is let in",
      policy(allow({ AWS: ["111122223333", "arn:aws:iam::444455556666:root"] })),
      [/policy: Read lets in account 444455556666/],
    ],
    ["its number stands alone", policy(allow({ AWS: "444455556666" })), [/444455556666/]],
    [
      "it stands in a condition",
      policy(allow("*", { Condition: { StringEquals: { "aws:PrincipalAccount": "444455556666" } } })),
      [/444455556666/],
    ],
    ["another account is denied", policy(deny({ Principal: { AWS: "444455556666" } })), "passes"],
    ["the setting names it", policy(allow({ AWS: "444455556666" })), "passes", { accounts: ["444455556666"] }],
    [
      "the provider names no account",
      { ...policy(allow({ AWS: "arn:aws:iam::111122223333:role/api" })), provider: {} },
      [/111122223333, which is not one of the provider's allowedAccountIds/],
    ],
    ["the policy is unknown", unknown, "waits"],
    [
      "one principal is unknown and another is foreign",
      asObject(allow({ AWS: UNKNOWN }), allow({ AWS: "444455556666" })),
      [/444455556666/],
    ],
    ["a bucket has no policy", bucket(), "passes"],
    [
      "a bucket's own policy lets in another",
      { ...bucket({ policy: { Statement: allow({ AWS: "444455556666" }) } }), provider: OWN },
      [/444455556666/],
    ],
  ]),

  ...casesOf("s3-bucket-policy-not-locked-out", [
    ["there is no policy at all", empty, "passes"],
    ["it denies what has no TLS", policy(tlsOnly()), "passes"],
    ["it denies everybody everything", policy(deny({})), [/policy: Closed denies everybody s3:\*/]],
    ["it denies all but reading", policy(deny({ Action: [], NotAction: "s3:Get*" })), [/all but a few actions/]],
    ["it denies objects alone", policy(deny({ Resource: `${ARN}/*` })), "passes"],
    ["it denies deletion alone", policy(deny({ Action: "s3:DeleteBucket" })), "passes"],
    ["it denies one account", policy(deny({ Principal: { AWS: "444455556666" } })), "passes"],
    ["the policy is unknown", unknown, "waits"],
    ["a statement's action is unknown", asObject(deny({ Action: UNKNOWN })), "waits"],
    ["a bucket has no policy", bucket(), "passes"],
  ]),
];
