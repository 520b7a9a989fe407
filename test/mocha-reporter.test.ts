import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

describe("the test reporter", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "reporter-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  function run(spec: string): { status: number | null; last: string | undefined; output: string } {
    const file = join(folder, "spec.cjs");
    writeFileSync(file, spec);
    const reporter = join(ROOT, "scripts/mocha-reporter.mjs");
    const mocha = join(ROOT, "node_modules/mocha/bin/mocha.js");
    const { status, stdout } = spawnSync(process.execPath, [mocha, "--no-config", "--reporter", reporter, file], {
      cwd: folder,
      encoding: "utf8",
    });
    return { status, last: stdout.trimEnd().split("\n").at(-1), output: stdout };
  }

  it("ends with the totals of a clean run", () => {
    const { status, last } = run("it('a', () => {}); it('b', () => {});");
    assert.equal(status, 0);
    assert.equal(last, "2 passed, 0 failed");
  });

  it("shows a failure, and ends with the totals all the same", () => {
    const { status, last, output } = run("it('a', () => {}); it('b', () => { throw new Error('broken'); });");
    assert.equal(status, 1);
    assert.match(output, /Error: broken/);
    assert.equal(last, "1 passed, 1 failed");
  });
});
