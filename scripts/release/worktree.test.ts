import assert from "node:assert/strict";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { noteFile, type PracticeRepository, practiceRepository } from "./practice-repository.ts";
import { sourceOf } from "./source.ts";
import { inWorktree } from "./worktree.ts";

describe("the worktree of a commit", () => {
  let practice: PracticeRepository;
  before(() => {
    practice = practiceRepository();
  });
  after(() => practice.remove());

  it("has the commit's files and the packages that are installed here, and is gone afterwards", async () => {
    const { root } = practice;
    const { commit: first, tree, version, changed } = await sourceOf(root);
    assert.deepEqual([version, changed], [`1.0.0+${first.slice(0, 12)}`, false]);
    practice.commit({ "note.ts": noteFile("second") });
    assert.notEqual((await sourceOf(root)).tree, tree);
    const folder = await inWorktree(root, first, (directory) => {
      assert.match(readFileSync(join(directory, "note.ts"), "utf8"), /"first"/);
      const modules = [root, directory].map((one) => realpathSync(join(one, "node_modules")));
      assert.equal(modules[0], modules[1]);
      return Promise.resolve(directory);
    });
    assert.equal(existsSync(folder), false);
    assert.ok(existsSync(join(root, "node_modules/@pulumi/pulumi/package.json")));
  });

  it("is given packages of its own where the commit pins others, and nothing here is lost", async () => {
    const { root } = practice;
    const lock = (name: string): string =>
      JSON.stringify({
        name,
        version: "1.0.0",
        lockfileVersion: 3,
        requires: true,
        packages: { "": { name, version: "1.0.0" } },
      });
    const old = practice.commit({ "package-lock.json": lock("groundwork") });
    practice.commit({ "package-lock.json": `${lock("groundwork")}\n` });
    await inWorktree(root, old, (directory) => {
      assert.equal(existsSync(join(directory, "node_modules/@pulumi")), false);
      return Promise.resolve();
    });
    assert.ok(existsSync(join(root, "node_modules/@pulumi/pulumi/package.json")));
  });

  it("is refused for a commit that is not here", async () => {
    await assert.rejects(
      inWorktree(practice.root, "0".repeat(40), () => Promise.resolve()),
      /^UserError: branch 0{40} cannot be looked at/,
    );
  });
});
