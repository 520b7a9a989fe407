import assert from "node:assert/strict";
import type { StackResource } from "./rule.ts";
import { cameFrom, refersTo, stackFrom, uses } from "./stack.ts";
import { Unknown, type PlainMap } from "./unknown.ts";

const unknown = new Unknown(new Error("not known"));

const resource = (
  name: string,
  props: PlainMap,
  references: Readonly<Record<string, readonly string[]>> = {},
): StackResource => ({
  type: "t",
  name,
  urn: `urn:pulumi:staging::groundwork::t::${name}`,
  props,
  protect: false,
  provider: undefined,
  parent: "",
  dependencies: new Set(),
  references: new Map(
    Object.entries(references).map(([key, names]) => [
      key,
      new Set(names.map((one) => `urn:pulumi:staging::groundwork::t::${one}`)),
    ]),
  ),
});

describe("refersTo", () => {
  const known = resource("bucket", { id: "media-1a2b", arn: "arn:aws:s3:::media-1a2b" });
  const fresh = resource("bucket", { id: unknown, arn: unknown });

  it("joins by id or ARN where both are known", () => {
    assert.equal(refersTo(resource("policy", { bucket: "media-1a2b" }), "bucket", known), true);
    assert.equal(refersTo(resource("policy", { bucket: "arn:aws:s3:::media-1a2b" }), "bucket", known), true);
    assert.equal(refersTo(resource("policy", { bucket: "other" }), "bucket", known), false);
  });

  it("does not take a value from elsewhere for a reference, though it came from there too", () => {
    assert.equal(refersTo(resource("policy", { bucket: "other" }, { bucket: ["bucket"] }), "bucket", known), false);
  });

  it("joins by URN where the value is unknown", () => {
    assert.equal(refersTo(resource("policy", { bucket: unknown }, { bucket: ["bucket"] }), "bucket", fresh), true);
    assert.equal(refersTo(resource("policy", { bucket: unknown }, { bucket: ["another"] }), "bucket", fresh), false);
  });

  it("joins inside lists and blocks, by the input that holds them", () => {
    const rule = resource("rule", { actions: [{ target: "media-1a2b" }] });
    assert.equal(refersTo(rule, "actions[].target", known), true);
    assert.equal(
      refersTo(resource("rule", { actions: unknown }, { actions: ["bucket"] }), "actions[].target", fresh),
      true,
    );
  });
});

describe("uses", () => {
  const ARN = "arn:aws:kms:eu-central-1:111122223333:key/0123abcd";
  const key = resource("key", { id: "0123abcd", arn: ARN });

  it("finds an ARN in the middle of a text", () => {
    assert.equal(uses(resource("role", { policy: `{"Resource":"${ARN}"}` }), key), true);
    assert.equal(uses(resource("role", { policy: "{}" }), key), false);
  });

  it("finds a dependency by URN", () => {
    assert.equal(uses(resource("group", { kmsKeyId: unknown }, { kmsKeyId: ["key"] }), key), true);
    assert.equal(cameFrom(resource("group", { kmsKeyId: unknown }, { kmsKeyId: ["key"] }), "kmsKeyId", key), true);
  });
});

describe("a stack", () => {
  it("finds by type and by URN, and knows its name", () => {
    const one = resource("one", {});
    const stack = stackFrom([one, { ...resource("two", {}), type: "u" }]);
    assert.equal(stack.name, "staging");
    assert.deepEqual(stack.ofType(["t"]), [one]);
    assert.equal(stack.byUrn(one.urn), one);
    assert.equal(stackFrom([]).name, "");
  });
});
