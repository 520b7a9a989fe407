import assert from "node:assert/strict";
import { foreignPrincipals } from "./foreign-principals.ts";
import { TRUSTED_ACCOUNTS } from "./foreign-principals-allow-list.ts";
import { Secret, type Value } from "./sandbox/values/value.ts";

const OWN = "111122223333";
const OTHER = "444455556666";
const DATADOG = TRUSTED_ACCOUNTS[0]?.account ?? "";

const found = (statement: object, type = "aws:s3/bucketPolicy:BucketPolicy") => {
  const text = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", ...statement }] });
  const urn = `urn:pulumi:staging::shop::${type}::x`;
  const inputs: Record<string, Value> = { policy: new Secret(text) };
  return foreignPrincipals([{ urn, type, inputs, outputs: { policy: text } }], OWN);
};

describe("foreign principals", () => {
  const right: readonly (readonly [what: string, statement: object])[] = [
    ["the account itself", { Principal: { AWS: `arn:aws:iam::${OWN}:root` } }],
    ["a role of the account", { Principal: { AWS: [`arn:aws:iam::${OWN}:role/api`, OWN] } }],
    ["a service of AWS", { Principal: { Service: "ecs-tasks.amazonaws.com" } }],
    [
      "a service for the account",
      {
        Principal: { Service: "backup.amazonaws.com" },
        Condition: {
          StringEquals: { "aws:SourceAccount": OWN },
          ArnLike: { "aws:SourceArn": `arn:aws:s3:*:${OWN}:x` },
        },
      },
    ],
    [
      "CloudFront for the account's distribution",
      {
        Principal: { Service: "cloudfront.amazonaws.com" },
        Condition: { StringEquals: { "AWS:SourceArn": `arn:aws:cloudfront::${OWN}:distribution/E1` } },
      },
    ],
    [
      "a service for a bucket, whose ARN bears no account",
      {
        Principal: { Service: "sns.amazonaws.com" },
        Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::media" } },
      },
    ],
    [
      "GitHub's federation",
      { Principal: { Federated: `arn:aws:iam::${OWN}:oidc-provider/token.actions.githubusercontent.com` } },
    ],
    ["anyone of the account", { Principal: "*", Condition: { StringEquals: { "aws:PrincipalAccount": OWN } } }],
    [
      "Datadog under its condition",
      {
        Principal: { AWS: `arn:aws:iam::${DATADOG}:root` },
        Condition: { StringEquals: { "sts:ExternalId": "0a1b2c3d" } },
      },
    ],
    ["whom a denial names", { Effect: "Deny", Principal: "*" }],
  ];
  for (const [what, statement] of right)
    it(`are none where a policy lets in ${what}`, () => {
      assert.deepEqual(found(statement), []);
    });

  const wrong: readonly (readonly [what: string, statement: object, says: RegExp])[] = [
    ["another account", { Principal: { AWS: OTHER } }, /account 444455556666 is not this one/],
    ["a role of another account", { Principal: { AWS: `arn:aws:iam::${OTHER}:role/api` } }, /444455556666/],
    ["anyone", { Principal: "*" }, /^anyone, without/],
    [
      "anyone of another account",
      { Principal: "*", Condition: { StringEquals: { "aws:PrincipalAccount": OTHER } } },
      /any/,
    ],
    [
      "anyone unless a key is missing",
      {
        Principal: { AWS: "*" },
        Condition: { StringEqualsIfExists: { "aws:PrincipalAccount": OWN } },
      },
      /anyone/,
    ],
    [
      "a service for another account",
      {
        Principal: { Service: "backup.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": [OWN, OTHER] } },
      },
      /act for 444455556666/,
    ],
    [
      "another account's federation",
      { Principal: { Federated: `arn:aws:iam::${OTHER}:oidc-provider/x.example` } },
      /4444/,
    ],
    ["a federation of the web", { Principal: { Federated: "accounts.google.com" } }, /identity provider/],
    ["a canonical user", { Principal: { CanonicalUser: "0".repeat(64) } }, /canonical/],
    ["everyone but some", { NotPrincipal: { AWS: OWN } }, /anyone else/],
    ["Datadog without its condition", { Principal: { AWS: DATADOG } }, /Datadog is trusted only with .*ExternalId/],
  ];
  for (const [what, statement, says] of wrong)
    it(`are found once where a policy lets in ${what}`, () => {
      const [first, ...others] = found(statement);
      assert.match(first?.reason ?? "nothing found", says);
      assert.equal(first?.path, "inputs.policy");
      assert.deepEqual(others, []);
    });

  it("are not looked for in what limits and grants nothing", () => {
    assert.deepEqual(found({ Principal: "*" }, "aws:ec2/vpcEndpoint:VpcEndpoint"), []);
  });

  it("have a reason in the allow-list", () => {
    for (const { account, reason } of TRUSTED_ACCOUNTS) {
      assert.match(account, /^\d{12}$/);
      assert.ok(reason.length > 20);
    }
  });
});
