import assert from "node:assert/strict";
import { parse } from "yaml";
import { stackOfBranch } from "../../infra/settings/stacks.ts";
import { files, read } from "./repository.ts";
import { codeIn, tableWith } from "./tables.ts";

const text = read("docs/releases.md");
const workflows = files.filter((file) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(file));

/** The names of the events that start a workflow. */
function triggersOf(file: string): string[] {
  const { on } = parse(read(file)) as { readonly on: string | readonly string[] | Readonly<Record<string, unknown>> };
  return typeof on === "string" ? [on] : Array.isArray(on) ? [...(on as readonly string[])] : Object.keys(on);
}

describe("docs/releases.md", () => {
  it("sends a branch where the program does", () => {
    const { rows } = tableWith(text, "branch", "environment");
    for (const [branch = "", environment = ""] of rows) {
      const [name] = codeIn(branch);
      if (name === undefined)
        assert.ok(stackOfBranch("any-other").startsWith("preview-") && environment.includes("preview-"));
      else assert.ok(environment.startsWith(stackOfBranch(name)), name);
    }
    assert.equal(rows.length, 3);
  });

  it("has every workflow with what starts it, and no other", () => {
    const { rows } = tableWith(text, "workflow", "starts with");
    const written = rows.map(([name = "", starts = ""]) => [codeIn(name)[0] ?? "", codeIn(starts).sort()]);
    const known = workflows.map((file) => [file.split("/").at(-1) ?? "", triggersOf(file).sort()]);
    assert.deepEqual(written.sort(), known.sort());
  });

  it("has a template for each word that people wait for", () => {
    const [, words = ""] = text.split("## What to write\n");
    const heads = [...words.matchAll(/^### (.*)$/gm)].map(([, head]) => head);
    assert.equal(heads.length, 5);
    assert.equal([...words.matchAll(/```text\n[^`]+```/g)].length, heads.length);
  });
});
