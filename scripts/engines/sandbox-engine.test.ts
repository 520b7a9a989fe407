import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine, EngineRun } from "./engine.ts";
import { sandboxEngine } from "./sandbox-engine.ts";
import { setDrift } from "../sandbox/cli/commands/drift.ts";
import { PROJECT, STACK } from "../sandbox/end-to-end/workshop.ts";
import { UserError } from "../sandbox/user-error.ts";

const ops = ({ steps }: EngineRun): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { op } of steps) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
};

describe("the sandbox as an engine", function () {
  this.timeout(60_000);
  let stateDirectory: string;
  let engine: Engine;
  before(() => {
    stateDirectory = mkdtempSync(join(tmpdir(), "engine-"));
    engine = sandboxEngine({ root: PROJECT, stateDirectory });
  });
  after(() => rmSync(stateDirectory, { recursive: true, force: true }));

  it("knows no stack at first", async () => {
    assert.deepEqual(await engine.stacks(), []);
    assert.equal(await engine.outputs(STACK), undefined);
    await assert.rejects(engine.destroy(STACK), UserError);
    await assert.rejects(engine.remove(STACK), /there is no stack dev/);
  });

  it("does what the preview said, and says so line by line", async () => {
    const previewed = await engine.preview(STACK);
    assert.equal(previewed.result, "succeeded");
    assert.deepEqual(await engine.stacks(), []);
    const lines: string[] = [];
    const run = await engine.up(STACK, { skipPreview: true, onLine: (line) => lines.push(line) });
    assert.deepEqual(run.errors, []);
    assert.deepEqual(ops(run), ops(previewed));
    assert.ok(lines.some((line) => line.startsWith("+ ")));
    const [summary, ...others] = await engine.stacks();
    assert.deepEqual(others, []);
    assert.equal(summary?.name, STACK);
    assert.ok(Math.abs(Date.now() - (summary.updatedAt?.getTime() ?? 0)) < 60_000);
    assert.deepEqual(Object.keys((await engine.outputs(STACK)) ?? {}), ["groupId", "vpcId"]);
  });

  it("names what changes, and what replaces", async () => {
    const run = await engine.preview(STACK, { config: { step: "2" } });
    assert.equal(run.result, "succeeded");
    assert.ok(run.steps.some(({ op, changed }) => op === "update" && changed.length > 0));
    assert.ok(
      run.steps.some(({ op, replaces }) => op === "replace" && replaces.length > 0),
      JSON.stringify(ops(run)),
    );
  });

  it("has nothing to refresh until the cloud changes, and leaves state and cloud alone", async () => {
    assert.deepEqual((await engine.previewRefresh(STACK)).steps, []);
    const { steps } = await engine.previewDestroy(STACK);
    const bucket = steps.find(({ type }) => type === "aws:s3/bucket:Bucket");
    assert.ok(bucket);
    await setDrift({ cwd: PROJECT, stateDir: stateDirectory }, bucket.urn, "tags.Step", "by hand");
    for (let count = 0; count < 2; count++) {
      const { steps: drifted } = await engine.previewRefresh(STACK);
      assert.deepEqual(
        drifted.map(({ op, urn, changed }) => ({ op, urn, changed })),
        [{ op: "update", urn: bucket.urn, changed: ["tags.Step"] }],
      );
    }
  });

  it("says in one line each what is wrong, and throws where it cannot begin", async () => {
    const { result, errors } = await engine.preview(STACK, { config: { step: "no number" } });
    assert.equal(result, "failed");
    assert.ok(errors.length > 0 && errors.every((line) => !line.includes("\n")));
    await assert.rejects(engine.previewRefresh("dve"), /dve/);
  });

  it("destroys, and then forgets", async () => {
    await assert.rejects(engine.remove(STACK), /still has \d+ resources/);
    const planned = await engine.previewDestroy(STACK);
    const run = await engine.destroy(STACK);
    assert.deepEqual(run.errors, []);
    assert.deepEqual(ops(run), ops(planned));
    assert.deepEqual(Object.keys(ops(run)), ["delete"]);
    await engine.remove(STACK);
    assert.deepEqual(await engine.stacks(), []);
  });
});
