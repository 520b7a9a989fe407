import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The command without any credentials, and with a key in its pipe. */
function secrets(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "secrets.ts"), ...args], {
    encoding: "utf8",
    input: "key-that-nobody-sees",
    env: { PATH: process.env["PATH"], HOME: tmpdir(), AWS_EC2_METADATA_DISABLED: "true" },
  });
  assert.ok(!`${stdout}${stderr}`.includes("key-that-nobody-sees"));
  return { status, stdout, stderr };
}

describe("npm run secrets", () => {
  it("shows its usage", () => {
    const { status, stdout } = secrets("--help");
    assert.equal(status, 0);
    assert.match(stdout, /npm run secrets -- set NAME/);
  });

  const wrong: readonly [args: readonly string[], status: number, says: RegExp][] = [
    [["set", "mail-api-key", "hunter2"], 2, /never stands in an argument.*revoke it/],
    [["set", "mail-api-key", "--value", "hunter2"], 2, /there is no option --value: choose one of/],
    [["set", "mail-api-key"], 1, /no AWS credentials/],
  ];
  for (const [args, status, says] of wrong)
    it(`says in one line what is wrong with ${JSON.stringify(args.join(" "))}`, () => {
      const result = secrets(...args);
      assert.equal(result.status, status, result.stderr);
      assert.match(result.stderr, says);
      assert.match(result.stderr, /^secrets: [^\n]+\n$/);
      assert.ok(!result.stderr.includes("hunter2"), "it repeats what may be a value");
    });
});
