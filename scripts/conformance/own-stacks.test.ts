import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkOwnStacks } from "./own-stacks.ts";
import { sandbox } from "./sandbox-cli.ts";
import { stacksUp } from "./stacks-up.ts";

describe("the project's own stacks, from nothing to nothing", function () {
  this.timeout(240_000);
  const work = mkdtempSync(join(tmpdir(), "own-stacks-"));
  const up = join(work, "up");
  const empty = join(work, "empty");
  let printed: string;
  before(async () => {
    const made = await stacksUp();
    printed = made.printed;
    cpSync(made.state, up, { recursive: true });
  });
  after(() => rmSync(work, { recursive: true, force: true }));

  it("no file of the state directory holds a secret in clear", async () => {
    const { stdout } = await sandbox("export", "--show-secrets", "--stack", "staging", "--state-dir", up);
    const secrets = [...stdout.matchAll(/"plaintext": ("(?:[^"\\]|\\.)*")/g)]
      .map(([, text = '""']) => JSON.parse(JSON.parse(text) as string) as unknown)
      .filter((value) => typeof value === "string" && value.length >= 8);
    assert.ok(secrets.length > 0, "the stack has no generated secret");
    const files = readdirSync(up, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const file of files) {
      const content = readFileSync(join(file.parentPath, file.name), "latin1");
      for (const secret of secrets) assert.ok(!content.includes(secret as string), `${file.name} holds a secret`);
    }
    for (const secret of secrets) assert.ok(!printed.includes(secret as string), "the output shows a secret");
  });

  it("preview tells the truth, a second up changes nothing, destroy leaves nothing", async () => {
    const rows = await checkOwnStacks(["staging", "production"], { up, empty });
    for (const { what, differences } of rows) assert.deepEqual(differences, [], what);
    assert.equal(rows.length % 3, 0);
  });

  it("two previews of the same are the same to the byte, durations aside", async () => {
    const preview = () => sandbox("preview", "--stack", "staging", "--state-dir", empty, "--json");
    const [first, second] = [await preview(), await preview()];
    const timeless = (text: string): string => text.replace(/"seconds": [\d.]+/, '"seconds": 0');
    assert.equal(timeless(first.stdout), timeless(second.stdout));
    assert.match(first.stdout, /"create": \d+/);
  });
});
