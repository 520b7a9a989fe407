import assert from "node:assert/strict";
import { contentTagOf, namesTag } from "./content-tag.ts";

describe("the tag of a content", () => {
  const tag = contentTagOf("content");

  it("is the same for the same bytes alone, and a tag as RFC 9110 writes it", () => {
    assert.equal(contentTagOf(Buffer.from("content")), tag);
    assert.notEqual(contentTagOf("contents"), tag);
    assert.match(tag, /^"[\w-]{22}"$/);
  });

  for (const [header, named] of [
    [tag, true],
    [`W/${tag}`, true],
    [`"other", W/${tag} , "more"`, true],
    ["*", true],
    [" * ", true],
    [undefined, false],
    ["", false],
    ['"other"', false],
    [tag.slice(1, -1), false],
    [`"${tag}`, false],
    [`W/W/${tag}`, false],
  ] as const) {
    it(`is ${named ? "" : "not "}named by ${String(header)}`, () => {
      assert.equal(namesTag(header, tag), named);
    });
  }
});
