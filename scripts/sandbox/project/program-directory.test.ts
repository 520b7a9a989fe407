import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programDirectory } from "./program-directory.ts";

describe("where a program works", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "program-"));
    writeFileSync(join(folder, "index.ts"), "");
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  it("is its folder, or the folder of its file", () => {
    assert.equal(programDirectory({ main: folder }), folder);
    assert.equal(programDirectory({ main: join(folder, "index.ts") }), folder);
  });
});
