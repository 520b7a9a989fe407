import assert from "node:assert/strict";
import { namesOf, resource, unknown } from "../test/resource.ts";
import { cameFrom, companions, identitiesOf, joinTo, sets, unnamed } from "./join.ts";
import type { StackResource } from "./rule.ts";
import type { PlainMap } from "./unknown.ts";

const a = resource("t", "a", { id: "id-a", arn: "arn-a" });
const b = resource("t", "b", { id: unknown });
const from = (props: PlainMap, references: Readonly<Record<string, readonly StackResource[]>> = {}) =>
  resource("t", "x", props, references);

describe("joinTo", () => {
  const join = joinTo([a, b]);
  for (const [when, given, path, expected] of [
    ["an id is known", from({ to: "id-a" }), "to", ["a"]],
    ["an ARN stands in a list", from({ to: ["other", "arn-a"] }), "to[]", ["a"]],
    ["a path does not say that it is a list", from({ to: ["arn-a"] }), "to", ["a"]],
    ["it stands in a block", from({ block: { to: "id-a" } }), "block.to", ["a"]],
    ["it is unknown on both sides", from({ to: unknown }, { to: [b] }), "to", ["b"]],
    ["it is unknown with all around it", from({ block: unknown }, { block: [b] }), "block[].to", ["b"]],
    ["it is unknown in a list", from({ to: ["id-a", unknown] }, { to: [b] }), "to[]", ["a", "b"]],
    ["it is unknown and came from elsewhere", from({ to: unknown }, { to: [resource("t", "c")] }), "to", []],
    ["it is known and names another", from({ to: "id-c" }, { to: [a] }), "to", []],
    ["its candidate has no id yet", from({ to: "id-b" }, { to: [b] }), "to", ["b"]],
    ["it is absent", from({}), "to", []],
  ] as const)
    it(`finds what is named where ${when}`, () => {
      assert.deepEqual(namesOf(join(given, path)), expected);
    });

  it("finds all of the same name", () => {
    const twins = [resource("t", "one", { name: "media" }), resource("t", "two", { name: "media" })];
    assert.deepEqual(namesOf(joinTo(twins)(from({ to: "media" }), "to")), ["one", "two"]);
  });
});

describe("companions", () => {
  const media = resource("bucket", "media", { id: "media-1", bucket: "media-1", arn: "arn:aws:s3:::media-1" });
  const logs = resource("bucket", "logs", { id: unknown });
  const first = resource("versioning", "first", { bucket: "media-1" });
  const second = resource("versioning", "second", { bucket: "arn:aws:s3:::media-1" });
  const other = resource("versioning", "other", { bucket: "other-1" }, { bucket: [media] });
  const fresh = resource("versioning", "fresh", { bucket: unknown }, { bucket: [logs] });

  it("are all that name their owner, known or not", () => {
    const versioningsOf = companions([media, logs], [first, second, other, fresh], "bucket");
    assert.deepEqual(namesOf(versioningsOf(media)), ["first", "second"]);
    assert.deepEqual(namesOf(versioningsOf(logs)), ["fresh"]);
    assert.deepEqual(versioningsOf(resource("bucket", "third")), []);
  });

  it("are missing where nothing names it", () => {
    assert.deepEqual(namesOf(unnamed([media, logs], [first, other], "bucket")), ["logs"]);
    assert.deepEqual(unnamed([media, logs], [first, fresh], "bucket"), []);
    assert.deepEqual(unnamed([], [first], "bucket"), []);
  });
});

describe("where a value came from", () => {
  it("is told by the input that holds it", () => {
    const given = from({ rules: [{ target: unknown }] }, { rules: [a] });
    assert.equal(cameFrom(given, "rules[].target", a), true);
    assert.equal(cameFrom(given, "rules[].target", b), false);
    assert.equal(cameFrom(given, "target", a), false);
  });

  it("is the program for an input, and the provider for what it returns besides", () => {
    const bucket = from({ versioning: { enabled: true }, tags: {} }, { tags: [] });
    assert.equal(sets(bucket, "tags"), true);
    assert.equal(sets(bucket, "versioning"), false);
  });
});

describe("identitiesOf", () => {
  it("are what others call a resource, as far as it is known", () => {
    assert.deepEqual([...identitiesOf(a)], ["id-a", "arn-a"]);
    assert.deepEqual([...identitiesOf(from({ id: unknown, name: "", bucket: "media", tags: "no" }))], ["media"]);
  });
});
