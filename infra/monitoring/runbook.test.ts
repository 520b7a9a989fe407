import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runbookSections } from "./runbook.ts";

const text = readFileSync(join(import.meta.dirname, "..", "..", "docs", "runbook.md"), "utf8");

/** Sections of the third level by their heading, which is their anchor. */
const sections = new Map(
  text
    .split(/^### /m)
    .slice(1)
    .map((part): [string, string] => {
      const [heading = "", ...lines] = part.split("\n");
      return [heading, lines.join("\n").split(/^## /m)[0] ?? ""];
    }),
);

describe("docs/runbook.md", () => {
  it("has a section for everything that tells, and no other", () => {
    assert.deepEqual([...sections.keys()].sort(), [...runbookSections.keys()].sort());
  });

  for (const [key, sources] of runbookSections) {
    const section = sections.get(key) ?? "";

    it(`${key} names what tells`, () => {
      assert.ok(section.includes(`\nTold by: ${sources.join(", ")}.\n`), sources.join(", "));
    });

    it(`${key} says what it means, where to look, what to do, and when to call for help`, () => {
      const points = [...section.matchAll(/^- \*\*([\w ]+):\*\* (.+)$/gm)];
      assert.deepEqual(
        points.map(([, point]) => point),
        ["Means", "First look", "Do", "Escalate"],
      );
      for (const [, point, words = ""] of points) assert.match(words, /^.{8,}[.?]$/, point);
    });
  }

  it("links only to sections that it has", () => {
    for (const [, anchor = ""] of text.matchAll(/\]\(#([^)]+)\)/g)) assert.ok(sections.has(anchor), anchor);
  });
});
