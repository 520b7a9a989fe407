import assert from "node:assert/strict";
import { namesOf, resource } from "../../test/resource.ts";
import { stackFrom } from "../stack.ts";
import { bucketsWithout, lacking, whereGiven } from "./buckets.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const part = { types: [VERSIONING], inline: ["versioning"] };

const media = resource(BUCKET, "media", { id: "media-1" });
const inline = resource(BUCKET, "inline", { versioning: { enabled: true } }, { versioning: [] });
const returned = resource("aws:s3/bucketV2:BucketV2", "returned", { id: "returned-1", versionings: [{}] });
const versioning = resource(VERSIONING, "of-media", { bucket: "media-1" });

describe("a part of a bucket", () => {
  const stack = stackFrom([media, inline, returned, versioning]);

  it("stands in a resource of its own, or in an input that the program sets", () => {
    assert.deepEqual(namesOf(bucketsWithout(stack, part)), ["returned"]);
  });

  it("is missed by name", () => {
    assert.deepEqual(lacking(part, "versions", "add one")(stack), [
      { urn: returned.urn, property: "bucket", wrong: 'nothing versions "returned"', fix: "add one" },
    ]);
  });
});

describe("whereGiven", () => {
  it("asks only where the input is there", () => {
    const finding = { property: "versioning", wrong: "it is off", fix: "switch it on" };
    const find = whereGiven("versioning", () => [finding]);
    assert.deepEqual(find(media, {}), []);
    assert.deepEqual(find(inline, {}), [finding]);
  });
});
