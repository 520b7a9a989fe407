import assert from "node:assert/strict";
import {
  cloudDifferences,
  differences,
  exportedResources,
  faultLine,
  typesOf,
  type ExportedResource,
} from "./compare.ts";

const bucket: ExportedResource = {
  urn: "urn:pulumi:s::p::aws:s3/bucket:Bucket::a",
  type: "aws:s3/bucket:Bucket",
  custom: true,
  id: "a-1",
  inputs: { bucket: "a-1", tags: { a: 1, b: 2 } },
  outputs: { grants: [{ id: "x" }] },
  dependencies: ["urn:x", "urn:y"],
  provider: "urn:pulumi:s::p::pulumi:providers:aws::aws::5d0f",
  modified: "2026-01-01T00:00:00Z",
};
const provider: ExportedResource = {
  urn: "urn:pulumi:s::p::pulumi:providers:aws::aws",
  type: "pulumi:providers:aws",
  custom: true,
  id: "5d0f",
};

describe("what a failed and resumed run leaves", () => {
  it("is the same where only the order of keys, a provider's random id, and the time differ", () => {
    const found = [
      { ...provider, id: "77aa" },
      {
        ...bucket,
        inputs: { tags: { b: 2, a: 1 }, bucket: "a-1" },
        dependencies: ["urn:y", "urn:x"],
        provider: "urn:pulumi:s::p::pulumi:providers:aws::aws::77aa",
        modified: "2026-01-01T00:00:09Z",
      },
    ];
    assert.deepEqual(differences([bucket, provider], found), []);
  });

  it("is another with a resource less, a resource more, or one that is still to be deleted", () => {
    assert.deepEqual(differences([bucket], []), [`${bucket.urn} is missing`]);
    assert.deepEqual(differences([], [bucket]), [`${bucket.urn} is too much`]);
    assert.deepEqual(differences([bucket], [bucket, { ...bucket, delete: true }]), [
      `${bucket.urn} (to be deleted) is too much`,
    ]);
  });

  it("is another where a resource differs, and says in which property", () => {
    const found: readonly (readonly [Partial<ExportedResource>, string])[] = [
      [{ id: "a-2" }, "id"],
      [{ outputs: { grants: [{ id: "y" }] } }, "outputs.grants[0].id"],
      [{ outputs: { grants: [] } }, "outputs.grants[0]"],
      [{ inputs: { bucket: "a-1" } }, "inputs.tags"],
      [{ dependencies: ["urn:x"] }, "dependencies[1]"],
      [{ protect: true }, "protect"],
    ];
    for (const [other, path] of found)
      assert.deepEqual(differences([bucket], [{ ...bucket, ...other }]), [`${bucket.urn} is another: ${path}`]);
  });

  it("names no value: a secret may be one", () => {
    const [line = ""] = differences([bucket], [{ ...bucket, inputs: { bucket: "hunter2", tags: "hunter3" } }]);
    assert.equal(line, `${bucket.urn} is another: inputs.bucket, inputs.tags`);
  });

  it("is another where the cloud holds what the state does not know", () => {
    assert.deepEqual(cloudDifferences({ [bucket.urn]: 1 }, { [bucket.urn]: 1 }), []);
    assert.deepEqual(cloudDifferences({ [bucket.urn]: 1, b: 1 }, { [bucket.urn]: 2 }), [
      `the cloud holds 0 of b instead of 1`,
      `the cloud holds 2 of ${bucket.urn} instead of 1`,
    ]);
  });

  it("is shown on one screen, however much differs", () => {
    const problems = Array.from({ length: 13 }, (_, index) => `problem ${index + 1}`);
    const lines = faultLine({ type: bucket.type, problems }).split("\n");
    assert.deepEqual([lines[0], lines.length, lines.at(-1)], [`broken  ${bucket.type}`, 12, "  and 3 more"]);
    assert.equal(faultLine({ type: bucket.type, problems: problems.slice(0, 10) }).split("\n").length, 11);
    assert.equal(faultLine({ type: bucket.type, problems: [] }), `ok      ${bucket.type}`);
  });

  it("is read from an export; only what a provider makes can fail", () => {
    const stack = { urn: "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s", type: "pulumi:pulumi:Stack" };
    const text = JSON.stringify({ version: 3, deployment: { resources: [stack, provider, bucket, bucket] } });
    assert.deepEqual(typesOf(exportedResources(text)), ["aws:s3/bucket:Bucket"]);
  });
});
