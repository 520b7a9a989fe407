import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { branchFolder, isRevision, nearestBranch } from "./difference-worktree.ts";

describe("a branch's folder", () => {
  let root = "";
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], {
      cwd: root,
      encoding: "utf8",
    });
  before(() => {
    root = mkdtempSync(join(tmpdir(), "cost-branch-"));
    git("init", "--quiet", "--initial-branch", "main", ".");
    mkdirSync(join(root, "api"));
    mkdirSync(join(root, "node_modules"));
    mkdirSync(join(root, "api/node_modules"));
    writeFileSync(join(root, ".gitignore"), "node_modules\n");
    writeFileSync(join(root, "node_modules/installed"), "");
    writeFileSync(join(root, "package.json"), '{ "workspaces": ["api"] }');
    writeFileSync(join(root, "api/index.ts"), "before");
    git("add", ".");
    git("commit", "--quiet", "--message", "First");
    writeFileSync(join(root, "api/index.ts"), "after");
  });
  after(() => {
    rmSync(root, { recursive: true });
  });
  const trees = (): string[] => git("worktree", "list").trim().split("\n");

  it("holds the branch's files and shares what is installed, and is gone afterwards", async () => {
    const seen = await branchFolder(root, "main", (folder) => {
      assert.equal(readFileSync(join(folder, "api/index.ts"), "utf8"), "before");
      assert.deepEqual(readdirSync(join(folder, "node_modules")), ["installed"]);
      assert.ok(existsSync(join(folder, "api/node_modules")));
      return Promise.resolve(folder);
    });
    assert.equal(existsSync(seen), false);
    assert.ok(existsSync(join(root, "node_modules/installed")));
    assert.equal(trees().length, 1);
  });

  it("is gone when the work fails, too", async () => {
    const listeners = process.listenerCount("SIGTERM");
    await assert.rejects(
      branchFolder(root, "main", () => Promise.reject(new Error("cannot be previewed"))),
      /cannot be previewed/,
    );
    assert.equal(trees().length, 1);
    assert.equal(process.listenerCount("SIGTERM"), listeners);
  });

  it("is of a revision that is there; another is told the nearest", async () => {
    assert.deepEqual(await Promise.all(["main", "HEAD", "mian", "--all"].map((name) => isRevision(root, name))), [
      true,
      true,
      false,
      false,
    ]);
    assert.equal(await nearestBranch(root, "mian"), 'did you mean "main"?');
    assert.match(await nearestBranch(tmpdir(), "mian"), /no git repository/);
  });
});
