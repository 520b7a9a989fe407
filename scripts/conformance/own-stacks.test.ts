import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkOwnStack } from "./own-stacks.ts";
import { sandbox } from "./sandbox-cli.ts";

describe("the project's own stacks, from nothing to nothing", function () {
  this.timeout(240_000);
  const state = mkdtempSync(join(tmpdir(), "own-stacks-"));
  after(() => rmSync(state, { recursive: true, force: true }));

  for (const stack of ["staging", "production"])
    it(`${stack}: preview tells the truth, a second up changes nothing, destroy leaves nothing`, async () => {
      for (const { what, differences } of await checkOwnStack(stack, state)) assert.deepEqual(differences, [], what);
    });

  it("two previews of the same are the same to the byte, durations aside", async () => {
    const place = ["--stack", "staging", "--state-dir", state, "--json"];
    const [first, second] = [await sandbox("preview", ...place), await sandbox("preview", ...place)];
    const timeless = (text: string): string => text.replace(/"seconds": [\d.]+/, '"seconds": 0');
    assert.equal(timeless(first.stdout), timeless(second.stdout));
    assert.match(first.stdout, /"create": \d+/);
  });

  it("no file of the state directory holds a secret in clear", async () => {
    const place = ["--stack", "staging", "--state-dir", state];
    const up = await sandbox("up", "--skip-preview", "--no-policy", ...place);
    assert.equal(up.code, 0, up.stdout + up.stderr);
    const { stdout } = await sandbox("export", "--show-secrets", ...place);
    const secrets = [...stdout.matchAll(/"plaintext": ("(?:[^"\\]|\\.)*")/g)]
      .map(([, text = '""']) => JSON.parse(JSON.parse(text) as string) as unknown)
      .filter((value) => typeof value === "string" && value.length >= 8);
    assert.ok(secrets.length > 0, "the stack has no generated secret");
    const files = readdirSync(state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const file of files) {
      const content = readFileSync(join(file.parentPath, file.name), "latin1");
      for (const secret of secrets) assert.ok(!content.includes(secret as string), `${file.name} holds a secret`);
    }
    for (const secret of secrets) assert.ok(!up.stdout.includes(secret as string), "the output shows a secret");
  });
});
