import assert from "node:assert/strict";
import type { Plain } from "../unknown.ts";
import { statementFrom } from "./policy-document.ts";
import { isAllOfAccount, isAnything, isNarrowed, isWholeService } from "./scope.ts";

const ACCOUNT = "111122223333";

describe("how wide a resource is", () => {
  const rows: readonly (readonly [pattern: string, anything: boolean, allOfAccount: boolean])[] = [
    ["*", true, true],
    ["**", true, true],
    ["arn:aws:s3:::*", true, true],
    ["arn:aws:s3:::*/*", true, true],
    ["arn:aws:s3*", true, true],
    ["arn:*", true, true],
    ["arn:aws:sqs:*:*:*", true, true],
    ["arn:aws:iam::*:role/*", true, true],
    [`arn:aws:iam::${ACCOUNT}:role/*`, false, true],
    [`arn:aws:kms:*:${ACCOUNT}:key/*`, false, true],
    [`arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:*`, false, true],
    [`arn:aws:logs:us-east-1:${ACCOUNT}:log-group:*:*`, false, true],
    [`arn:aws:ecs:us-east-1:${ACCOUNT}:*`, false, true],
    ["arn:aws:s3:::media/*", false, false],
    ["arn:aws:s3:::groundwork-*", false, false],
    [`arn:aws:iam::${ACCOUNT}:role/groundwork-*`, false, false],
    [`arn:aws:kms:us-east-1:${ACCOUNT}:key/1234`, false, false],
  ];
  for (const [pattern, anything, allOfAccount] of rows)
    it(`is ${anything ? "anything" : allOfAccount ? "all of an account" : "some"} for ${pattern}`, () => {
      assert.equal(isAnything(pattern), anything);
      assert.equal(isAllOfAccount(pattern), allOfAccount);
    });
});

describe("isNarrowed", () => {
  const rows: readonly (readonly [string, Plain, boolean])[] = [
    ["a tag of the resource", { StringEquals: { "aws:ResourceTag/Project": "groundwork" } }, true],
    ["a tag in capitals", { StringLike: { "AWS:RESOURCETAG/Project": "ground*" } }, true],
    ["any tag", { StringLike: { "aws:ResourceTag/Project": "*" } }, false],
    ["a tag that may be absent", { StringEqualsIfExists: { "aws:ResourceTag/Project": "groundwork" } }, false],
    ["a tag that is another", { StringNotEquals: { "aws:ResourceTag/Project": "groundwork" } }, false],
    ["a region", { StringEquals: { "aws:RequestedRegion": "us-east-1" } }, false],
    ["a boundary", { StringEquals: { "iam:PermissionsBoundary": "arn" } }, true],
    ["nothing", undefined, false],
  ];
  for (const [name, condition, expected] of rows)
    it(`is ${String(expected)} for ${name}`, () => {
      assert.equal(isNarrowed(statementFrom({ Condition: condition }, 0)), expected);
    });
});

describe("isWholeService", () => {
  for (const action of ["*", "*:*", "s3:*", "s3:**", "s3:?*", "s*:get*", "*:get*"])
    it(`says yes for ${action}`, () => {
      assert.ok(isWholeService(action));
    });
  for (const action of ["s3:get*", "iam:pass*", "ec2:*securitygroup*", "s3:getobject"])
    it(`says no for ${action}`, () => {
      assert.ok(!isWholeService(action));
    });
});
