import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../engines/engine.ts";
import { sandboxEngine } from "../engines/sandbox-engine.ts";
import { PROJECT, STACK } from "../sandbox/end-to-end/workshop.ts";
import { UserError } from "../sandbox/user-error.ts";
import type { SecretsService } from "./commands.ts";
import { sandboxSecrets } from "./sandbox-service.ts";

const VALUE = "key-that-nobody-sees";

/** Every byte of a folder's files, as text. */
const textIn = (directory: string): string =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("");

describe("Secrets Manager of the sandbox", () => {
  let stateDirectory = "";
  let engine: Engine;
  let service: SecretsService;
  before(() => {
    stateDirectory = mkdtempSync(join(tmpdir(), "secrets-"));
    engine = sandboxEngine({ root: PROJECT, stateDirectory });
    service = sandboxSecrets({ cwd: PROJECT, stateDir: stateDirectory });
  });
  after(() => rmSync(stateDirectory, { recursive: true, force: true }));

  const only = async () => {
    const [secret, ...others] = await service.list("secret-");
    assert.deepEqual(others, []);
    assert.ok(secret);
    return secret;
  };

  it("has no secret before there is a stack, and the stack's afterwards", async () => {
    assert.deepEqual(await service.list("secret-"), []);
    assert.deepEqual((await engine.up(STACK, { skipPreview: true })).errors, []);
    const { name, arn, hasValue, rotates, changed } = await only();
    assert.match(name, /^secret-[0-9a-f]{7}$/);
    assert.match(arn, /^arn:aws:secretsmanager:/);
    assert.deepEqual({ hasValue, rotates, changed }, { hasValue: true, rotates: false, changed: undefined });
    assert.deepEqual(await service.list("other-"), []);
  });

  it("knows from then on that somebody put a value in, and keeps none", async () => {
    const { arn } = await only();
    for (const value of ["first", "second", VALUE]) await service.put(arn, value);
    const { hasValue, changed } = await only();
    assert.equal(hasValue, true);
    assert.ok(Math.abs(Date.now() - (changed?.getTime() ?? 0)) < 60_000);
    assert.ok(!textIn(stateDirectory).includes(VALUE));
    await assert.rejects(service.put(`${arn}x`, VALUE), UserError);
  });

  it("runs no function", async () => {
    const { arn } = await only();
    await assert.rejects(
      service.rotate(arn),
      (error) => error instanceof UserError && error.message.includes("no functions"),
    );
  });

  it("is no drift to Pulumi, and goes with the stack", async () => {
    assert.deepEqual((await engine.previewRefresh(STACK)).steps, []);
    assert.deepEqual((await engine.destroy(STACK)).errors, []);
    assert.deepEqual(await service.list(""), []);
    assert.deepEqual((await engine.up(STACK, { skipPreview: true })).errors, []);
    assert.equal((await only()).changed, undefined);
  });
});
