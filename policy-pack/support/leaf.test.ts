import assert from "node:assert/strict";
import { unknown } from "../test/resource.ts";
import { leavesOf } from "./leaf.ts";

describe("leaves", () => {
  it("are texts and unknown values, at every depth, each with its place", () => {
    assert.deepEqual(
      leavesOf({ name: "a", size: 3, flag: true, none: null, tags: { "aws:x": "b" }, list: [unknown, "c"] }),
      [
        { property: "name", value: "a" },
        { property: "tags.aws_x", value: "b" },
        { property: "list[0]", value: unknown },
        { property: "list[1]", value: "c" },
      ],
    );
  });
});
