import assert from "node:assert/strict";
import { asBefore, identitiesOf, identityChanges, successorsOf, type Identity } from "./identities.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const bucket = (name: string, id = `${name}-1`): Identity => ({
  urn: `urn:pulumi:s::p::${BUCKET}::${name}`,
  type: BUCKET,
  id,
});

describe("the identities of what holds data", () => {
  it("are those of its types, in order", () => {
    const role = { urn: "urn:pulumi:s::p::aws:iam/role:Role::r", type: "aws:iam/role:Role", id: "r" };
    const found = identitiesOf([bucket("b"), role, bucket("a"), { ...bucket("c"), id: "" }], new Set([BUCKET]));
    assert.deepEqual(found, [bucket("a"), bucket("b")]);
  });

  it("are lost, renamed, or fresh", () => {
    const changes = identityChanges([bucket("a"), bucket("b")], [bucket("b", "b-2"), bucket("c")]);
    assert.deepEqual(changes.lost, [bucket("a")]);
    assert.deepEqual(changes.renamed, [{ was: bucket("b"), now: bucket("b", "b-2") }]);
    assert.deepEqual(changes.fresh, [bucket("c")]);
    assert.deepEqual(successorsOf(bucket("a"), changes), [bucket("c")]);
  });

  it("stand in a deployment as they were, wherever they are named", () => {
    const { urn } = bucket("new");
    const text = JSON.stringify({ resources: [{ urn }, { parent: urn, dependencies: [urn], provider: `${urn}::id` }] });
    const before = asBefore(text, bucket("new"), bucket("old"));
    assert.equal(before, text.replaceAll("::new", "::old"));
  });
});
