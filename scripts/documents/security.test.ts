import assert from "node:assert/strict";
import { posix } from "node:path";
import { type SecretEntry, secretEntries } from "../../infra/settings/secrets.ts";
import { parseMarkdown } from "./markdown.ts";
import { files, read } from "./repository.ts";
import { codeIn, tableWith } from "./tables.ts";

const text = read("docs/security.md");
const infra = files.filter((file) => /^infra\/.*\.ts$/.test(file) && !/\.(test|cases)\.ts$/.test(file));

describe("docs/security.md", () => {
  it("has each secret, who makes it, whose it is, and who reads it", () => {
    const { rows } = tableWith(text, "secret", "made by", "owner");
    const written = rows.map(([name = "", origin = "", owner = "", reader = ""]) => [
      codeIn(name)[0],
      codeIn(origin)[0],
      owner,
      codeIn(reader)[0],
    ]);
    const known = Object.entries<SecretEntry>(secretEntries).map(([name, { origin, owner, reader }]) => [
      name,
      origin,
      owner,
      reader,
    ]);
    assert.deepEqual(written, known);
  });

  it("has each role that the program makes, and names the file that says what it may do", () => {
    const { rows } = tableWith(text, "role", "who takes it");
    const roles = rows.map(([name = ""]) => codeIn(name)[0] ?? "");
    const made = infra.flatMap((file) =>
      [...read(file).matchAll(/"aws:iam\/role:Role",\s*[^,]+,\s*"([\w-]+)"/g)].map(([, purpose = ""]) => purpose),
    );
    assert.deepEqual(
      made.filter((purpose) => !roles.includes(purpose)),
      [],
    );
    const code = infra.map(read).join("\n");
    // `image-${direction}` is put together.
    const gone = roles.filter((role) => !code.includes(`"${role.replace(/^image-/, "")}"`));
    assert.deepEqual(gone, []);
  });

  it("says of each threat what stops it, and where that stands", () => {
    for (const table of ["From outside", "From inside", "On the way there"]) {
      const [, section = ""] = text.split(`### ${table}\n`);
      const { rows } = tableWith(section, "what goes wrong", "what stops it", "where");
      assert.ok(rows.length > 5, table);
      for (const [threat = "", stops = "", where = ""] of rows) {
        assert.ok(stops.length > 20, threat);
        assert.ok(parseMarkdown(where).links.length > 0, threat);
      }
    }
  });

  it("links to policies under their own names", () => {
    const wrong = [...text.matchAll(/\[([\w-]+)\]\(policies\.md#([\w-]+)\)/g)].filter(
      ([, name, anchor]) => name !== anchor,
    );
    assert.deepEqual(wrong, []);
  });

  it("links to files under their own names", () => {
    const wrong = [...text.matchAll(/\[([\w./-]+\.ts)\]\(([^)#]+)\)/g)].filter(
      ([, name = "", target = ""]) => !posix.normalize(target).endsWith(`/${name}`),
    );
    assert.deepEqual(wrong, []);
  });
});
