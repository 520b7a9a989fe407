import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { ImageSource } from "../settings/api-image.ts";
import { sourceHash } from "./source-hash.ts";

describe("the hash of an image's source", () => {
  let folder: string;
  let source: ImageSource;
  const write = (path: string, text: string): void => {
    writeFileSync(join(folder, path), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "source-"));
    const context = relative(join(import.meta.dirname, ".."), folder);
    mkdirSync(join(folder, "src/other"), { recursive: true });
    write("Dockerfile", "FROM scratch\n");
    write("package.json", "{}");
    write("src/main.ts", "1");
    write("src/main.test.ts", "1");
    write("src/other/a.ts", "1");
    source = {
      context,
      dockerfile: join(context, "Dockerfile"),
      included: ["package.json", "src"],
      excluded: ["src/other", "**/*.test.ts"],
    };
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("is a tag, and the same for the same files", () => {
    assert.match(sourceHash(source), /^[0-9a-f]{20}$/);
    assert.equal(sourceHash(source), sourceHash({ ...source, included: ["src", "package.json"] }));
  });

  const changes: readonly [what: string, path: string, changes: boolean][] = [
    ["a file", "src/main.ts", true],
    ["another file", "package.json", true],
    ["the Dockerfile", "Dockerfile", true],
    ["a new file", "src/new.ts", true],
    ["a test", "src/main.test.ts", false],
    ["an excluded folder", "src/other/a.ts", false],
    ["a file beside the source", "README.md", false],
  ];
  for (const [what, path, changed] of changes)
    it(`${changed ? "changes" : "does not change"} with ${what}`, () => {
      const before = sourceHash(source);
      write(path, "2");
      assert.equal(sourceHash(source) !== before, changed);
    });

  it("names the file that is missing", () => {
    assert.throws(() => sourceHash({ ...source, included: ["none"] }), /ENOENT.*none/);
  });
});
