import assert from "node:assert/strict";
import { differences, exportedResources, typesOf, type ExportedResource } from "./compare.ts";

const bucket: ExportedResource = {
  urn: "urn:pulumi:s::p::aws:s3/bucket:Bucket::a",
  type: "aws:s3/bucket:Bucket",
  custom: true,
  id: "a-1",
  inputs: { bucket: "a-1", tags: { a: 1, b: 2 } },
  outputs: {},
};
const provider: ExportedResource = {
  urn: "urn:pulumi:s::p::pulumi:providers:aws::aws",
  type: "pulumi:providers:aws",
  custom: true,
  id: "5d0f",
};

describe("what a failed and resumed run leaves", () => {
  it("is the same where only the order of keys and a provider's random id differ", () => {
    const found = [
      { ...provider, id: "77aa" },
      { ...bucket, inputs: { tags: { b: 2, a: 1 }, bucket: "a-1" } },
    ];
    assert.deepEqual(differences([bucket, provider], found), []);
  });

  it("is another with a resource less, a resource more, another id, another output", () => {
    assert.deepEqual(differences([bucket], []), [`${bucket.urn} is missing`]);
    assert.deepEqual(differences([], [bucket]), [`${bucket.urn} is too much`]);
    for (const other of [{ id: "a-2" }, { outputs: { arn: "x" } }, { inputs: { bucket: "a-1" } }])
      assert.deepEqual(differences([bucket], [{ ...bucket, ...other }]), [`${bucket.urn} is another`]);
  });

  it("is read from an export; only what a provider makes can fail", () => {
    const stack = { urn: "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s", type: "pulumi:pulumi:Stack" };
    const text = JSON.stringify({ version: 3, deployment: { resources: [stack, provider, bucket, bucket] } });
    assert.deepEqual(typesOf(exportedResources(text)), ["aws:s3/bucket:Bucket"]);
  });
});
