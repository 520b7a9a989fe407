import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SmallProject, smallProject } from "../branch/small-project.ts";
import { readArtifact } from "./artifact.ts";
import { reportCommand } from "./command.ts";
import type { StackReport } from "./schema.ts";

describe("npm run report -- build", () => {
  let project: SmallProject;
  let out: string;
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], {
      cwd: project.root,
      encoding: "utf8",
    });
  before(() => {
    project = smallProject();
    out = mkdtempSync(join(tmpdir(), "report-build-"));
    writeFileSync(join(project.root, ".gitignore"), "node_modules\n.sandbox\n");
    git("init", "--quiet", "--initial-branch", "main", ".");
    git("add", ".");
    git("commit", "--quiet", "--message", "First");
  });
  after(() => {
    project.remove();
    rmSync(out, { recursive: true });
  });

  const build = async (...more: readonly string[]): Promise<{ code: number; stack: StackReport; printed: string }> => {
    const printed: string[] = [];
    const code = await reportCommand(
      ["build", "--base", "main", "--out", out, "--stack", "staging", "--summary", join(out, "summary.md"), ...more],
      // No variable at all: what it does needs no credential.
      { root: project.root, env: {}, print: (text) => printed.push(text), say: () => undefined },
    );
    const [stack] = readArtifact(out)?.stacks ?? [];
    assert.ok(stack !== undefined);
    return { code, stack, printed: printed.join("\n") };
  };

  it("stops where data would be replaced, and says what it costs", async () => {
    project.change({ bucket: "two", media: true });
    const { code, stack, printed } = await build();
    assert.equal(code, 1);
    assert.deepEqual(
      stack.steps.map(({ op, replaces }) => [op, replaces]),
      [["replace", ["bucket"]]],
    );
    assert.deepEqual(
      stack.losses.map(({ op, allowed }) => [op, allowed]),
      [["replace", false]],
    );
    assert.notEqual(stack.losses[0]?.backup, "");
    assert.match(stack.cost?.after ?? "", /^\d/);
    assert.ok(stack.checked.rules > 10);
    assert.match(printed, /staging: 1 resource with data would be lost/);
    assert.match(readFileSync(join(out, "summary.md"), "utf8"), /### Stopped[^]*data that would be lost/);
    assert.equal(git("worktree", "list").trim().split("\n").length, 1);
  });

  it("reports a program that cannot be previewed", async () => {
    writeFileSync(join(project.root, "name.json"), "{");
    const { code, stack } = await build("--allow-losses");
    assert.deepEqual([code, stack.result, stack.cost], [1, "failed", null]);
    assert.ok(stack.errors.length > 0);
    assert.doesNotMatch(JSON.stringify(stack), /\.sandbox|node_modules/);
  });

  it("reports a base that does not come up, and compares with nothing", async () => {
    writeFileSync(join(project.root, "name.json"), "{");
    git("commit", "--quiet", "--all", "--message", "Broken");
    project.change({ bucket: "one", media: true });
    const { stack } = await build();
    assert.deepEqual([...new Set(stack.steps.map(({ op }) => op))], ["create"]);
    assert.match(readArtifact(out)?.baseFailed ?? "", /staging/);
  });
});
