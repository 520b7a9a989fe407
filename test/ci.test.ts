import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

/** Stands in for npm: notes what it was asked, and fails where the test says so. */
const FAKE_NPM = `#!/usr/bin/env bash
echo "npm $*" >> "$CALLS"
case "npm $*" in
  "$FAIL_AT"*) [ "$1" = test ] && echo "3 passed, 1 failed"; exit 1 ;;
  "npm test"*) echo "4 passed, 0 failed" ;;
esac
`;

const STEPS: readonly (readonly [command: string, name: string])[] = [
  ["npm ci", "clean install"],
  ["npm exec --no -- tsc --noEmit", "types"],
  ["npm exec --no -- eslint .", "lint"],
  ["npm exec --no -- prettier --check .", "format"],
  ["npm test", "tests"],
  ["npm start", "start from an empty state"],
  ["npm run faults", "every type fails once"],
];

describe(".ci/run", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ci-"));
    mkdirSync(join(folder, "bin"));
    cpSync(join(ROOT, ".ci"), join(folder, ".ci"), { recursive: true });
    writeFileSync(join(folder, "bin/npm"), FAKE_NPM, { mode: 0o755 });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function run(failAt: string): { status: number | null; lines: string[]; calls: string[] } {
    const calls = join(folder, "calls");
    const { status, stdout } = spawnSync("bash", [join(folder, ".ci/run")], {
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter),
        CALLS: calls,
        FAIL_AT: failAt,
      },
    });
    return { status, lines: stdout.trimEnd().split("\n"), calls: readFileSync(calls, "utf8").trimEnd().split("\n") };
  }

  it("takes every step in order and ends with the tests' totals", () => {
    const { status, lines, calls } = run("nothing");
    assert.equal(status, 0);
    assert.deepEqual(
      calls.map((call) => STEPS.find(([command]) => call.startsWith(command))?.[0]),
      STEPS.map(([command]) => command),
    );
    assert.equal(lines.at(-1), "4 passed, 0 failed");
  });

  STEPS.forEach(([command, name], index) => {
    it(`stops where ${name} fails, and says so`, () => {
      const { status, lines, calls } = run(command);
      assert.equal(status, 1);
      assert.equal(calls.length, index + 1);
      assert.ok(lines.includes(`failed: ${name}`), lines.join("\n"));
    });
  });

  it("ends with the totals also where tests fail", () => {
    assert.equal(run("npm test").lines.at(-1), "3 passed, 1 failed");
  });

  it("checks what `npm run check` checks", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const checks = STEPS.flatMap(([command]) => (command.startsWith("npm exec --no -- ") ? [command.slice(17)] : []));
    assert.deepEqual(scripts["check"]?.split(" && "), checks);
  });
});
