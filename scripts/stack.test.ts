import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const script = join(import.meta.dirname, "stack.ts");

function stack(args: readonly string[], cwd: string = import.meta.dirname) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd, encoding: "utf8" });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}

describe("npm run stack", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "stack-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const [branch, expected] of [
    ["main", "production"],
    ["develop", "staging"],
    ["fix-login", "preview-fix-login"],
  ] as const) {
    it(`prints ${expected} for ${branch}, and nothing else`, () => {
      assert.deepEqual(stack(["--branch", branch]), { status: 0, stdout: expected, stderr: "" });
    });
  }

  it("takes the branch that is checked out", () => {
    execFileSync("git", ["init", "--quiet", "--initial-branch=develop", folder]);
    assert.equal(stack([], folder).stdout, "staging");
  });

  it("says in one line what to do where there is no branch", () => {
    const empty = mkdtempSync(join(tmpdir(), "no-repository-"));
    const { status, stderr } = stack([], empty);
    rmSync(empty, { recursive: true });
    assert.equal(status, 1);
    assert.match(stderr, /^stack: [^\n]*--branch NAME$/);
  });

  for (const [args, says] of [
    [["--brnch", "x"], 'there is no option --brnch: did you mean "branch"?'],
    [["main"], "Unexpected argument 'main'; --help shows what is possible"],
    [["--branch"], "Option '--branch <value>' argument missing; --help shows what is possible"],
    [["--branch", ""], "--branch needs a name; --help shows what is possible"],
    [["--branch="], "--branch needs a name; --help shows what is possible"],
  ] as const) {
    it(`refuses ${JSON.stringify(args)} in one line, with exit code 2`, () => {
      const { status, stdout, stderr } = stack(args);
      assert.equal(status, 2);
      assert.equal(stdout, "");
      assert.equal(stderr, `stack: ${says}`);
    });
  }

  it("says with --verbose and --json where it goes", () => {
    const { stdout } = stack(["--branch", "fix-login", "--json"]);
    assert.deepEqual(JSON.parse(stdout), {
      project: "groundwork",
      stack: "preview-fix-login",
      environment: "preview",
      slug: "fix-login",
      accountId: "111122223333",
      region: "us-east-1",
      domain: "example.org",
      apiUrl: "https://api-fix-login.example.org",
    });
    const [name, ...facts] = stack(["--branch", "main", "-v"]).stdout.split("\n");
    assert.equal(name, "production");
    assert.ok(facts.some((line) => /account +444455556666/.test(line)));
  });

  it("explains itself", () => {
    assert.match(stack(["--help"]).stdout, /main is production, develop is staging/);
  });
});
