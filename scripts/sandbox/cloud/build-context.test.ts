import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildContext, contextHash, isIgnored, missingPart, parseIgnoreFile } from "./build-context.ts";

const ALLOW_LIST = "# all but\n*\n!package.json\n!/api/src/\n**/*.test.ts\n";

describe("an ignore file", () => {
  const rows: readonly [file: string, path: string, ignored: boolean][] = [
    ["", "a", false],
    ["node_modules", "node_modules/x/y.js", true],
    ["node_modules", "api/node_modules/y.js", false],
    ["**/node_modules", "api/node_modules/y.js", true],
    ["**/node_modules", "node_modules/y.js", true],
    ["*.md", "README.md", true],
    ["*.md", "docs/README.md", false],
    ["a?c", "abc", true],
    ["a.c", "abc", false],
    ["docs/**", "docs/a/b.md", true],
    ["*\n!keep", "keep/file", false],
    ["!keep\n*", "keep/file", true],
    [ALLOW_LIST, "package.json", false],
    [ALLOW_LIST, "infra/index.ts", true],
    [ALLOW_LIST, "api/src/main.ts", false],
    [ALLOW_LIST, "api/src/main.test.ts", true],
    [ALLOW_LIST, "api/package.json", true],
  ];
  for (const [file, path, ignored] of rows)
    it(`${JSON.stringify(file)} ${ignored ? "ignores" : "keeps"} ${path}`, () => {
      assert.equal(isIgnored(path, parseIgnoreFile(file)), ignored);
    });
});

describe("a build context", () => {
  let folder: string;
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const hash = (): string => contextHash(buildContext(folder, ".", "api/Dockerfile"));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "context-"));
    write("api/Dockerfile", "FROM scratch\n");
    write("api/src/main.ts", "1");
    write("README.md", "1");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("hashes the same files to the same value", () => {
    assert.match(hash(), /^[0-9a-f]{64}$/);
    assert.equal(hash(), hash());
  });

  it("hashes every change, of content, name, and instructions", () => {
    const values = [hash()];
    write("api/src/main.ts", "2");
    values.push(hash());
    write("api/src/other.ts", "2");
    values.push(hash());
    write("api/Dockerfile", "FROM scratch\nUSER 1\n");
    values.push(hash());
    assert.equal(new Set(values).size, 4);
  });

  it("leaves out what is ignored, but never the instructions", () => {
    write("api/Dockerfile.dockerignore", "*\n!api/src\n");
    const before = hash();
    write("README.md", "2");
    assert.equal(hash(), before);
    write("api/Dockerfile", "FROM other\n");
    assert.notEqual(hash(), before);
  });

  it("prefers the ignore file beside the instructions", () => {
    write(".dockerignore", "*");
    const before = hash();
    write("api/src/main.ts", "2");
    assert.equal(hash(), before);
    write("api/Dockerfile.dockerignore", "README.md\n");
    assert.notEqual(hash(), before);
  });

  it("stands links that lead nowhere", () => {
    symlinkSync("nowhere", join(folder, "link"));
    assert.match(hash(), /^[0-9a-f]{64}$/);
  });

  it("says what is missing", () => {
    assert.equal(missingPart(buildContext(folder, "none", undefined)), "context");
    assert.equal(missingPart(buildContext(folder, "README.md", undefined)), "context");
    assert.equal(missingPart(buildContext(folder, ".", undefined)), "dockerfile");
    assert.equal(missingPart(buildContext(folder, "api", undefined)), undefined);
    assert.equal(missingPart(buildContext("/", folder, join(folder, "api/Dockerfile"))), undefined);
  });
});
