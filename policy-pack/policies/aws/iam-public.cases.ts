import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";

const policy = (type: string, document: Json, property = "policy"): Sent => ({
  type: `aws:${type}`,
  props: { [property]: document },
});
const allowing = (Principal: Json, Condition?: Json): Json => ({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal, Action: "*", Resource: "*", ...(Condition === undefined ? {} : { Condition }) },
  ],
});
const table = (document: Json): Sent => policy("dynamodb/resourcePolicy:ResourcePolicy", document);

export const cases: readonly Case[] = casesOf("iam-resource-policy-not-public", [
  ["a role may use a table", table(allowing({ AWS: "arn:aws:iam::111122223333:role/api" })), "passes"],
  ["everybody may use a table", table(JSON.stringify(allowing("*"))), [/policy: statement 1 allows every principal/]],
  [
    "everybody may read a stream",
    policy("kinesis/resourcePolicy:ResourcePolicy", allowing({ AWS: ["*"] })),
    [/policy: statement 1 allows every principal/],
  ],
  [
    "everybody of an organisation may use packages",
    policy(
      "codeartifact/domainPermissions:DomainPermissions",
      allowing("*", { StringEquals: { "aws:PrincipalOrgID": "o-abc1234567" } }),
      "policyDocument",
    ),
    "passes",
  ],
  [
    "everybody may send mail",
    policy("ses/identityPolicy:IdentityPolicy", allowing("*", { IpAddress: { "aws:SourceIp": "0.0.0.0/1" } })),
    [/policy: statement 1/],
  ],
  [
    "everybody may read an organisation",
    policy("organizations/resourcePolicy:ResourcePolicy", allowing("*"), "content"),
    [/content: statement 1/],
  ],
  ["who may use it is unknown", table(allowing(UNKNOWN)), "waits"],
  ["the policy is absent", { type: "aws:dynamodb/resourcePolicy:ResourcePolicy", props: {} }, "passes"],
  ["a stream's policy is absent", { type: "aws:kinesis/resourcePolicy:ResourcePolicy", props: {} }, "passes"],
  ["a mail policy is absent", { type: "aws:ses/identityPolicy:IdentityPolicy", props: {} }, "passes"],
  ["an organisation's is absent", { type: "aws:organizations/resourcePolicy:ResourcePolicy", props: {} }, "passes"],
]);
