import assert from "node:assert/strict";
import { companions, sets } from "./companions.ts";
import type { StackResource } from "./rule.ts";
import { stackFrom } from "./stack.ts";
import { Unknown, type PlainMap } from "./unknown.ts";

const unknown = new Unknown(new Error("not known yet"));

const resource = (
  type: string,
  name: string,
  props: PlainMap,
  references: Record<string, readonly string[]> = {},
): StackResource => ({
  type,
  name,
  urn: `urn:${name}`,
  props,
  protect: false,
  provider: undefined,
  parent: "",
  dependencies: new Set(),
  references: new Map(
    Object.entries(references).map(([key, names]) => [key, new Set(names.map((other) => `urn:${other}`))]),
  ),
});

const companionsIn = (...resources: readonly StackResource[]): readonly string[] => {
  const stack = stackFrom(resources);
  const find = companions(stack.ofType(["bucket"]), stack.ofType(["versioning"]), "bucket");
  return stack.ofType(["bucket"]).map(
    (bucket) =>
      `${bucket.name}: ${find(bucket)
        .map(({ name }) => name)
        .join()}`,
  );
};

describe("companions", () => {
  it("are found by any name that is known", () => {
    assert.deepEqual(
      companionsIn(
        resource("bucket", "media", { bucket: "media-1", arn: "arn:aws:s3:::media-1" }),
        resource("bucket", "logs", { bucket: "logs-1" }),
        resource("versioning", "of-media", { bucket: "media-1" }),
        resource("versioning", "of-nothing", { bucket: "other-1" }),
        resource("policy", "of-logs", { bucket: "logs-1" }),
      ),
      ["media: of-media", "logs: "],
    );
  });

  it("are found by where their value comes from while it is not known", () => {
    assert.deepEqual(
      companionsIn(
        resource("bucket", "media", { bucket: unknown }),
        resource("bucket", "logs", { bucket: unknown }),
        resource("versioning", "of-media", { bucket: unknown }, { bucket: ["media"] }),
      ),
      ["media: of-media", "logs: "],
    );
  });

  it("are not those whose known name is another's, wherever it comes from", () => {
    assert.deepEqual(
      companionsIn(
        resource("bucket", "media", { id: "media-1", bucket: "media-1" }),
        resource("versioning", "of-other", { bucket: "other-1" }, { bucket: ["media"] }),
      ),
      ["media: "],
    );
  });
});

describe("sets", () => {
  it("is about what the program gives, not about what the provider returns", () => {
    const bucket = resource("bucket", "media", { versioning: { enabled: true }, tags: {} }, { tags: [] });
    assert.equal(sets(bucket, "tags"), true);
    assert.equal(sets(bucket, "versioning"), false);
  });
});
