import assert from "node:assert/strict";
import {
  isDefaultProvider,
  isProviderType,
  isUrn,
  makeUrn,
  nameOf,
  packageOf,
  parseProviderReference,
  parseUrn,
  providerPackage,
  providerType,
  typeOf,
} from "./urn.ts";

const STACK = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev";
const BUCKET = "urn:pulumi:dev::p::app:index:Media$aws:s3/bucket:Bucket::media";

describe("a URN", () => {
  it("is taken apart into stack, project, types, and name", () => {
    assert.deepEqual(parseUrn(BUCKET), {
      stack: "dev",
      project: "p",
      qualifiedType: "app:index:Media$aws:s3/bucket:Bucket",
      type: "aws:s3/bucket:Bucket",
      name: "media",
    });
    assert.equal(nameOf(BUCKET), "media");
    assert.equal(typeOf(BUCKET), "aws:s3/bucket:Bucket");
  });

  it("may have colons in its name", () => {
    assert.equal(nameOf("urn:pulumi:dev::p::t:i:T::a::b:c"), "a::b:c");
  });

  const made: { title: string; parent: string; urn: string }[] = [
    { title: "without parent", parent: "", urn: "urn:pulumi:dev::p::t:i:T::n" },
    { title: "under the stack, whose type it does not carry", parent: STACK, urn: "urn:pulumi:dev::p::t:i:T::n" },
    {
      title: "under a component, with all types above it",
      parent: "urn:pulumi:dev::p::a:i:A$b:i:B::c",
      urn: "urn:pulumi:dev::p::a:i:A$b:i:B$t:i:T::n",
    },
  ];
  for (const { title, parent, urn } of made)
    it(`is made ${title}`, () => {
      assert.equal(makeUrn("dev", "p", parent, "t:i:T", "n"), urn);
    });

  const texts: [string, boolean][] = [
    [BUCKET, true],
    ["urn:pulumi:dev::p::t:i:T::", true],
    ["urn:pulumi:dev::p::t:i:T", false],
    ["urn:other:dev::p::t:i:T::n", false],
    ["", false],
  ];
  for (const [text, expected] of texts)
    it(`${expected ? "is" : "is not"} ${JSON.stringify(text)}`, () => {
      assert.equal(isUrn(text), expected);
    });
});

describe("a provider", () => {
  it("has a type of its package", () => {
    assert.equal(packageOf("aws:s3/bucket:Bucket"), "aws");
    assert.equal(providerType("aws"), "pulumi:providers:aws");
    assert.equal(providerPackage("pulumi:providers:aws"), "aws");
    assert.ok(isProviderType("pulumi:providers:aws"));
    assert.ok(!isProviderType("pulumi:pulumi:Stack"));
  });

  it("is referred to by its URN and id, which has no colons", () => {
    const urn = "urn:pulumi:dev::p::pulumi:providers:aws::a::b";
    assert.deepEqual(parseProviderReference(`${urn}::id-1`), { urn, id: "id-1" });
    assert.deepEqual(parseProviderReference(`${urn}::`), { urn, id: "" });
  });

  const defaults: [string, boolean][] = [
    ["urn:pulumi:dev::p::pulumi:providers:aws::default", true],
    ["urn:pulumi:dev::p::pulumi:providers:aws::default_7_48_0", true],
    ["urn:pulumi:dev::p::pulumi:providers:aws::defaults", false],
    ["urn:pulumi:dev::p::pulumi:providers:aws::main", false],
    ["urn:pulumi:dev::p::t:i:T::default", false],
  ];
  for (const [urn, expected] of defaults)
    it(`${expected ? "is" : "is not"} the engine's own: ${urn}`, () => {
      assert.equal(isDefaultProvider(urn), expected);
    });
});
