import assert from "node:assert/strict";
import { environments } from "../github/settings/wanted.ts";
import { files, read } from "./repository.ts";
import { codeIn, tableWith } from "./tables.ts";

const text = read("docs/accounts.md");
const pipelines = files
  .filter((file) => /^\.github\/(workflows|actions)\/.*\.ya?ml$/.test(file))
  .map(read)
  .join("\n");

describe("docs/accounts.md", () => {
  it("has each variable of GitHub's environments, and where it is set", () => {
    const { rows } = tableWith(text, "variable", "environments", "value");
    const names = environments.map(({ name }) => name);
    const written = rows.map(([variable = "", where = ""]) => [
      codeIn(variable)[0],
      where === "all" ? names : names.filter((name) => codeIn(where).includes(name)),
    ]);
    const variables = new Set(environments.flatMap(({ variables: those }) => those));
    const wanted = [...variables].map((variable) => [
      variable,
      environments.filter(({ variables: those }) => those.includes(variable)).map(({ name }) => name),
    ]);
    assert.deepEqual(Object.fromEntries(written), Object.fromEntries(wanted));
  });

  for (const kind of ["vars", "secrets"])
    it(`has each of the pipelines' ${kind}`, () => {
      const used = new Set(
        [...pipelines.matchAll(new RegExp(`\\b${kind}\\.([A-Z_]+)`, "g"))].map(([, name = ""]) => name),
      );
      assert.ok(used.size > 0);
      assert.deepEqual(
        [...used].filter((name) => !new RegExp(`\\b${name}\\b`).test(text)),
        [],
      );
    });
});
