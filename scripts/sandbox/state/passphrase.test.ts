import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { passphraseOf } from "./passphrase.ts";

describe("the passphrase", () => {
  let directory = "";
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "passphrase-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("comes from PULUMI_CONFIG_PASSPHRASE, even when empty", async () => {
    assert.equal(await passphraseOf({ PULUMI_CONFIG_PASSPHRASE: "x" }, directory), "x");
    assert.equal(await passphraseOf({ PULUMI_CONFIG_PASSPHRASE: "" }, directory), "");
  });

  it("comes from PULUMI_CONFIG_PASSPHRASE_FILE, trimmed", async () => {
    const file = join(directory, "given");
    await writeFile(file, "from file\n");
    assert.equal(await passphraseOf({ PULUMI_CONFIG_PASSPHRASE_FILE: file }, directory), "from file");
  });

  it("names a file that cannot be read", async () => {
    await assert.rejects(passphraseOf({ PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere/at/all" }, directory), {
      name: "UserError",
      message: /\/nowhere\/at\/all/,
    });
  });

  it("is made once, the same for all who ask at the same time, and private", async () => {
    const state = join(directory, "state");
    const all = await Promise.all(Array.from({ length: 8 }, () => passphraseOf({}, state)));
    assert.equal(new Set(all).size, 1);
    assert.ok((all[0] ?? "").length >= 32);
    assert.equal((await stat(join(state, "passphrase"))).mode & 0o777, 0o600);
    assert.equal(await passphraseOf({}, state), all[0]);
  });
});
