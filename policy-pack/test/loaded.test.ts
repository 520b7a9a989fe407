import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = join(import.meta.dirname, "../..");

describe("the policy pack's rules", () => {
  it("load no cloud SDK, so that the pack starts fast", () => {
    const rules = pathToFileURL(join(ROOT, "policy-pack/policies/all.ts")).href;
    const register = pathToFileURL(join(ROOT, "policy-pack/support/register.ts")).href;
    const script = `
      await import(${JSON.stringify(rules)});
      await import(${JSON.stringify(register)});
      const { createRequire } = await import("node:module");
      const loaded = Object.keys(createRequire(import.meta.url).cache);
      console.log(JSON.stringify(loaded.filter((file) => /node_modules\\/@pulumi\\//.test(file))));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: ROOT,
      encoding: "utf8",
    });
    assert.equal(stdout.trim(), "[]", stderr);
  });
});
