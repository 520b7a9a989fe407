import assert from "node:assert/strict";
import { environmentOf, projectOf, stackOf } from "./urn.ts";

describe("a URN", () => {
  const urn = "urn:pulumi:preview-fix-login::groundwork::groundwork:network:Network$aws:ec2/vpc:Vpc::main";

  it("names its stack and its project", () => {
    assert.equal(stackOf(urn), "preview-fix-login");
    assert.equal(projectOf(urn), "groundwork");
  });

  it("may be none", () => {
    for (const text of ["", "urn:pulumi", "arn:aws:s3:::b"]) assert.equal(stackOf(text), "");
    assert.equal(projectOf("urn"), "");
  });
});

describe("environmentOf", () => {
  for (const [stack, environment] of [
    ["staging", "staging"],
    ["production", "production"],
    ["preview-fix-login", "preview"],
    ["preview", "preview"],
    ["previews", "previews"],
    ["", ""],
  ] as const)
    it(`is "${environment}" for the stack "${stack}"`, () => {
      assert.equal(environmentOf(stack), environment);
    });
});
