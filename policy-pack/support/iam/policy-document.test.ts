import assert from "node:assert/strict";
import { unknown } from "../../test/resource.ts";
import { Unknown, type Plain } from "../unknown.ts";
import { isPublic, statementsOf, type Statement } from "./policy-document.ts";

const only = (statement: Record<string, Plain>): Statement => {
  const [first] = statementsOf({ Statement: statement }) ?? [];
  if (first === undefined || first instanceof Unknown) throw new Error("no statement");
  return first;
};

describe("statementsOf", () => {
  it("reads text and object alike", () => {
    const document = { Statement: [{ Effect: "Allow", Principal: { AWS: ["1", "2"] }, Action: "*" }] };
    assert.deepEqual(statementsOf(JSON.stringify(document)), statementsOf(document));
  });

  it("says that what is no policy is none", () => {
    for (const document of ["", "{", "[]", "1", undefined, null, 3]) assert.equal(statementsOf(document), undefined);
  });

  it("waits only for the statement whose deciding part is unknown", () => {
    const [first, second] =
      statementsOf({
        Statement: [
          { Effect: "Allow", Principal: unknown },
          { Effect: "Deny", Resource: unknown },
        ],
      }) ?? [];
    assert.equal(first, unknown);
    assert.ok(second !== undefined && !(second instanceof Unknown));
  });
});

describe("isPublic", () => {
  const orgs = { "aws:PrincipalOrgID": "o-abc1234567" };
  const arn = (value: string): Plain => ({ ArnLike: { "aws:SourceArn": value } });
  const conditions: readonly (readonly [string, Plain, boolean])[] = [
    ["none", undefined, true],
    ["StringEquals on the organisation", { StringEquals: orgs }, false],
    ["ForAnyValue:StringEquals on the organisation", { "ForAnyValue:StringEquals": orgs }, false],
    ["ForAllValues, which an absent key satisfies", { "ForAllValues:StringEquals": orgs }, true],
    ["StringNotEquals, which lets all others in", { StringNotEquals: orgs }, true],
    ["StringLike with a wildcard for the organisation", { StringLike: { "aws:PrincipalOrgID": "o-*" } }, true],
    ["an ARN with a fixed account", arn("arn:aws:cloudfront::111122223333:distribution/*"), false],
    ["an ARN with a wildcard account", arn("arn:aws:cloudfront::*:distribution/*"), true],
    ["a network", { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, false],
    ["every IPv6 address", { IpAddress: { "aws:SourceIp": "::/0" } }, true],
    ["all addresses in two halves", { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } }, true],
    ["a key that pins nobody", { StringEquals: { "aws:UserAgent": "curl" } }, true],
    ["TLS alone", { Bool: { "aws:SecureTransport": "true" } }, true],
    ["an endpoint, in capitals", { StringEquals: { "AWS:SOURCEVPCE": "vpce-1" } }, false],
  ];
  for (const [name, condition, expected] of conditions)
    it(`says ${expected ? "yes" : "no"} for everyone with this condition: ${name}`, () => {
      assert.equal(isPublic(only({ Effect: "Allow", Principal: "*", Condition: condition })), expected);
    });

  const principals: readonly (readonly [Plain, boolean])[] = [
    ["*", true],
    [{ AWS: "*" }, true],
    [{ "*": "*" }, true],
    [{ AWS: "arn:aws:iam::*:root" }, true],
    [{ AWS: "arn:aws:iam::111122223333:root" }, false],
    [{ AWS: "111122223333" }, false],
    [{ Service: "cloudfront.amazonaws.com" }, false],
    [{ CanonicalUser: "79a59df900b949e55d96a1e698fbaced" }, false],
  ];
  for (const [principal, expected] of principals)
    it(`says ${expected ? "yes" : "no"} for ${JSON.stringify(principal)}`, () => {
      assert.equal(isPublic(only({ Effect: "Allow", Principal: principal })), expected);
    });
});
