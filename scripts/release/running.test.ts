import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toldEngine } from "../branch/told-engine.ts";
import { targetOf } from "../target.ts";
import { sandboxObjects } from "./places.ts";
import { practiceName, practiceRecord } from "./practice-records.ts";
import { runningRelease } from "./running.ts";
import { releaseStore } from "./store.ts";

const root = join(import.meta.dirname, "../..");

describe("what an environment runs", () => {
  const stateDirectory = mkdtempSync(join(tmpdir(), "running-"));
  after(() => rmSync(stateDirectory, { recursive: true, force: true }));
  const sandbox = toldEngine({ kind: "sandbox" }).engine;
  const inSandbox = (stack: string) => runningRelease(sandbox, targetOf(stack), { root, stateDirectory });

  it("is the newest release that came as far as its up, and nothing before the first", async () => {
    assert.equal(await inSandbox("staging"), undefined);
    const store = releaseStore(sandboxObjects(root, stateDirectory));
    await store.add(practiceRecord("1.0.0"));
    await store.add(practiceRecord("1.1.0", { result: "failed", failure: { step: "migrate", reason: "no" } }));
    assert.deepEqual(await inSandbox("staging"), practiceName("1.0.0"));
    assert.equal(await inSandbox("production"), undefined);
  });

  it("is its branch for a preview", async () => {
    assert.equal(await inSandbox("preview-login"), undefined);
  });

  it("is not known before the stack has a bucket for records", async () => {
    const { engine } = toldEngine({ outputs: { staging: {} } });
    assert.equal(await runningRelease(engine, targetOf("staging"), { root, stateDirectory: undefined }), undefined);
  });
});
